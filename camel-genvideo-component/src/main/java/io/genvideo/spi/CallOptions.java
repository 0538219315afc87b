/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the calls of one endpoint are made. An account has one provider, and endpoints with different
 * options share it, so that these travel with each call.
 *
 * @param requestTimeout of each HTTP call; {@code null} for the gateway's default
 * @param uploader brings media to public URLs instead of the provider's own upload; {@code null} for the provider's own
 * @param callbackUrl where a service that can do so announces the end of a task; {@code null} for nowhere
 */
public record CallOptions(
        @Nullable Duration requestTimeout,
        @Nullable MediaUploader uploader,
        @Nullable String callbackUrl) {
    /** The gateway's time-out and the provider's own upload. */
    public static final CallOptions DEFAULT = new CallOptions(null, null, null);

    public static CallOptions timeout(Duration requestTimeout) {
        return new CallOptions(requestTimeout, null, null);
    }

    /** Without a callback. */
    public CallOptions(@Nullable Duration requestTimeout, @Nullable MediaUploader uploader) {
        this(requestTimeout, uploader, null);
    }
}
