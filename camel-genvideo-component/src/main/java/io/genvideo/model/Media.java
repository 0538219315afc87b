/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One medium of a result.
 *
 * @param url where the service offers it; how long it stays there is up to the service
 * @param mimeType as the service returns it, else by the extension of the URL
 * @param cover a still picture of it
 * @param duration in seconds
 * @param width in pixels
 * @param height in pixels
 * @param size in bytes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Media(
        URI url,
        MediaKind kind,
        @Nullable String mimeType,
        @Nullable URI cover,
        @Nullable Double duration,
        @Nullable Integer width,
        @Nullable Integer height,
        @Nullable Long size) {}
