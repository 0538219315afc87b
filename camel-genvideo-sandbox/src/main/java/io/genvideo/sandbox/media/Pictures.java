/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.media;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads inputs, whatever they are, into pictures of a bounded size. */
final class Pictures {
    private static final Logger LOG = LoggerFactory.getLogger(Pictures.class);
    /** Largest side that is decoded at all: a small file can claim a huge picture. */
    private static final int MAX_SIDE = 20_000;

    private Pictures() {}

    /** The picture, its longest side not much above {@code side}; a stand-in with its name if it cannot be read. */
    static BufferedImage read(RenderRequest.Picture picture, int side) {
        BufferedImage image = null;
        if (picture.file() != null) {
            try (ImageInputStream in =
                    ImageIO.createImageInputStream(picture.file().toFile())) {
                image = in == null ? null : decode(in, side);
            } catch (IOException | RuntimeException e) {
                // Broken and exotic pictures make the decoders throw nearly anything; the task must still end.
                LOG.debug("an input cannot be decoded, a stand-in is drawn", e);
            }
        }
        return image == null ? standIn(picture.name()) : image;
    }

    private static @Nullable BufferedImage decode(ImageInputStream in, int side) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
        if (!readers.hasNext()) {
            return null;
        }
        ImageReader reader = readers.next();
        try {
            reader.setInput(in, true, true);
            int longest = Math.max(reader.getWidth(0), reader.getHeight(0));
            if (longest > MAX_SIDE) {
                return null;
            }
            ImageReadParam param = reader.getDefaultReadParam();
            int step = Math.max(1, longest / side);
            param.setSourceSubsampling(step, step, 0, 0);
            return reader.read(0, param);
        } finally {
            reader.dispose();
        }
    }

    private static BufferedImage standIn(String name) {
        BufferedImage image = new BufferedImage(640, 360, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        float hue = (name.hashCode() & 0xff) / 255f;
        g.setPaint(new GradientPaint(
                0, 0, Color.getHSBColor(hue, 0.5f, 0.35f), 640, 360, Color.getHSBColor(hue + 0.1f, 0.5f, 0.7f)));
        g.fillRect(0, 0, 640, 360);
        g.setColor(new Color(255, 255, 255, 60));
        for (int x = -360; x < 640; x += 48) {
            g.drawLine(x, 360, x + 360, 0);
        }
        g.dispose();
        BufferedImage text = Caption.draw("", name, 640, 360);
        if (text != null) {
            Graphics2D t = image.createGraphics();
            t.drawImage(text, 240, 170, null);
            t.dispose();
        }
        return image;
    }

    /** Scales so that the picture fills the size, cutting what stands over. */
    static BufferedImage cover(BufferedImage source, int width, int height) {
        BufferedImage fitted = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        double scale = Math.max(width / (double) source.getWidth(), height / (double) source.getHeight());
        int w = (int) Math.ceil(source.getWidth() * scale);
        int h = (int) Math.ceil(source.getHeight() * scale);
        Graphics2D g = fitted.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.drawImage(source, (width - w) / 2, (height - h) / 2, w, h, null);
        g.dispose();
        return fitted;
    }
}
