/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Authenticates what arrives at a webhook, and reads it. Thread-safe; does no I/O. */
public interface WebhookReader {

    /**
     * @param header gives a header of the request by its name, whatever its case; {@code null} if it is not there
     * @param body the bytes that were signed, exactly as they came
     */
    WebhookEvent read(Function<String, @Nullable String> header, byte[] body);
}
