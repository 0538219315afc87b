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
     * Uploads one medium. May be called again for the same medium after a failure.
     *
     * @return its public http or https URL; fails with {@link io.genvideo.model.GenvideoException}
     */
    CompletionStage<URI> upload(MediaInput input);
}
