/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.media;

import java.awt.image.BufferedImage;
import java.io.IOException;

/** Turns frames into an MP4. */
interface FrameEncoder extends AutoCloseable {
    /** Takes the next frame: {@link BufferedImage#TYPE_3BYTE_BGR}, of the announced size. */
    void add(BufferedImage frame) throws IOException;

    /** Writes what is left; the file is complete afterwards. */
    void finish() throws IOException;

    /** Frees what is held, after {@link #finish} or a failure. */
    @Override
    void close() throws IOException;
}
