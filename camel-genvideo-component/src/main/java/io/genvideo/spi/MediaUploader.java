/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.MediaInput;
import java.net.URI;
import java.util.concurrent.CompletionStage;

/** Brings a medium to where a service can fetch it. Thread-safe and non-blocking. */
@FunctionalInterface
public interface MediaUploader {

    /**
     * Uploads one medium. May be called again for the same medium after a failure. A failure that is unpaid and retryable counts as
     * trouble of the service: it is repeated for a while, and other tasks of the account wait for it (docs/design.md section 4.5).
     *
     * @param input not a URL
     * @return its public http or https URL; fails with {@link io.genvideo.model.GenvideoException}
     */
    CompletionStage<URI> upload(MediaInput input);
}
