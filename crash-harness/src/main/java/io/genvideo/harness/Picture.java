/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.sandbox.Ledger;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * A picture with a prompt of its own. No two have the same bytes, so each charge of the ledger belongs to exactly one.
 *
 * @param name of its files, without their extensions
 */
record Picture(String name, String prompt, byte[] bytes) {
    /** In pixels; Media.io refuses what is smaller than 300. */
    private static final int WIDTH = 480;

    private static final int HEIGHT = 320;
    private static final int BITS = 12;

    /** @param outcome a directive to the sandbox, or nothing */
    static Picture of(int number, String outcome) {
        String name = String.format(Locale.ROOT, "picture-%03d", number);
        return new Picture(name, name + " slowly" + outcome, draw(number));
    }

    String fileName() {
        return name + ".jpg";
    }

    /** The value of {@link Ledger.Charge#sourceHash} for a charge of this picture. */
    String sourceHash() {
        return Ledger.hash(HexFormat.of().formatHex(Ledger.sha256().digest(bytes), 0, 8));
    }

    /** Writes the prompt first and moves the picture, because the route takes a picture as soon as it exists. */
    void dropInto(Path inbox) {
        try {
            Files.createDirectories(inbox);
            Files.writeString(inbox.resolve(name + ".txt"), prompt);
            Path part = Files.write(inbox.resolve(name + ".part"), bytes);
            Files.move(part, inbox.resolve(fileName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Draws the number as black and white bits, on a colour that differs from its neighbours. */
    private static byte[] draw(int number) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D paint = image.createGraphics();
        paint.setColor(Color.getHSBColor(number * 0.618f, 0.6f, 0.8f));
        paint.fillRect(0, 0, WIDTH, HEIGHT);
        for (int bit = 0; bit < BITS; bit++) {
            paint.setColor((number >> bit & 1) == 1 ? Color.WHITE : Color.BLACK);
            paint.fillRect(bit * WIDTH / BITS, HEIGHT / 4, WIDTH / BITS, HEIGHT / 2);
        }
        paint.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "jpg", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Override
    public String toString() {
        return name;
    }
}
