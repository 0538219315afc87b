/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.media;

import java.nio.file.Path;

/**
 * A finished rendering.
 *
 * @param video an MP4, index first
 * @param cover its first frame, a JPEG
 * @param width in pixels
 * @param height in pixels
 * @param seconds length
 * @param videoHash SHA-256 of the file, 16 digits
 * @param coverHash the same of the cover
 */
public record Rendered(
        Path video, Path cover, int width, int height, int seconds, String videoHash, String coverHash) {}
