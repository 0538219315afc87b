/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

/**
 * A record exists, but this version can't understand it, as a rule because a newer version has written it. It is left
 * unchanged. It must not be treated as missing: its task may have been paid.
 */
public class UnreadableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param reason without content of the record */
    public UnreadableRecordException(String recordId, String reason) {
        super("record " + recordId + " can't be read by this version (" + reason
                + "); a newer version has written it, or it is damaged. It is left unchanged");
    }
}
