/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

/** A record was written by somebody else since it was read. */
public class StaleRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StaleRecordException(String recordId, long version) {
        super("record " + recordId + " is no longer at version " + version);
    }
}
