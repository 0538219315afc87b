/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.media;

import java.nio.file.Path;

/**
 * A finished picture.
 *
 * @param file a PNG
 * @param width in pixels
 * @param height in pixels
 * @param hash SHA-256 of the file, 16 digits
 */
public record Still(Path file, int width, int height, String hash) {}
