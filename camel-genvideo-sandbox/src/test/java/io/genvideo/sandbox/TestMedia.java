/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/** Tiny media for uploads; the sandbox refuses bytes that are none. */
public final class TestMedia {
    private TestMedia() {}

    /** A black picture. */
    public static byte[] png(int width, int height) {
        return picture("png", width, height);
    }

    /** A black picture. */
    public static byte[] jpeg(int width, int height) {
        return picture("jpeg", width, height);
    }

    private static byte[] picture(String format, int width, int height) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A tenth of a second of silence. */
    public static byte[] wav() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AudioFormat format = new AudioFormat(8000, 8, 1, true, false);
        try (AudioInputStream in = new AudioInputStream(new ByteArrayInputStream(new byte[800]), format, 800)) {
            AudioSystem.write(in, AudioFileFormat.Type.WAVE, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** An MP4 file without a track. */
    public static byte[] mp4() {
        return HexFormat.of()
                .parseHex("00000014" + "66747970" + "6d703432" + "00000000" + "6d703432" // ftyp
                        + "00000008" + "6d646174"); // mdat
    }

    /** No picture, video or audio. */
    public static byte[] page() {
        return "<html><body>Not Found</body></html>".getBytes(StandardCharsets.US_ASCII);
    }
}
