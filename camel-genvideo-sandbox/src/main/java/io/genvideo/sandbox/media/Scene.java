/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.media;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Paints the frames of one video: pictures that pan and zoom, or a generated scene, under the prompt. */
final class Scene {
    /** How much larger than the frame a picture is kept: the room for its zoom. */
    private static final double ZOOM = 0.18;
    /** Share of a picture's time in which it fades into the next one. */
    private static final double FADE = 0.35;

    private final int width;
    private final int height;
    private final List<BufferedImage> pictures;
    private final @Nullable BufferedImage caption;
    private final float hue;
    private final double[][] bubbles;

    private Scene(int width, int height, List<BufferedImage> pictures, @Nullable BufferedImage caption, long seed) {
        this.width = width;
        this.height = height;
        this.pictures = pictures;
        this.caption = caption;
        Random random = new Random(seed);
        this.hue = random.nextFloat();
        this.bubbles = new double[5][];
        for (int i = 0; i < bubbles.length; i++) {
            bubbles[i] = new double[] {
                random.nextDouble(),
                random.nextDouble(),
                random.nextDouble() - 0.5,
                random.nextDouble() - 0.5,
                0.1 + random.nextDouble() / 6
            };
        }
    }

    static Scene of(RenderRequest request, int maxDimension) {
        List<BufferedImage> raw = request.pictures().stream()
                .map(p -> Pictures.read(p, maxDimension * 2))
                .toList();
        double ratio = ratio(request, raw);
        double wide = ratio >= 1 ? request.shortSide() * ratio : request.shortSide();
        double high = ratio >= 1 ? request.shortSide() : request.shortSide() / ratio;
        double scale = Math.min(1, maxDimension / Math.max(wide, high));
        int w = even(wide * scale);
        int h = even(high * scale);
        List<BufferedImage> fitted = raw.stream()
                .map(p -> Pictures.cover(p, even(w * (1 + ZOOM)), even(h * (1 + ZOOM))))
                .toList();
        String length = request.seconds() == 0 ? "" : " \u00b7 " + request.seconds() + " s";
        String corner = "sandbox \u00b7 " + request.label() + length;
        return new Scene(
                w,
                h,
                fitted,
                Caption.draw(request.prompt(), corner, w, h),
                request.key().hashCode());
    }

    private static double ratio(RenderRequest request, List<BufferedImage> raw) {
        String aspect = request.aspect();
        if (aspect != null && aspect.matches("[1-9]\\d{0,3}:[1-9]\\d{0,3}")) {
            String[] sides = aspect.split(":", 2);
            return clamp(Integer.parseInt(sides[0]) / (double) Integer.parseInt(sides[1]));
        }
        return raw.isEmpty()
                ? 16 / 9d
                : clamp(raw.get(0).getWidth() / (double) raw.get(0).getHeight());
    }

    private static double clamp(double ratio) {
        return Math.max(0.25, Math.min(4, ratio));
    }

    /** The encoders take even sides only. */
    private static int even(double side) {
        return Math.max(16, (int) Math.round(side / 2) * 2);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    BufferedImage newFrame() {
        return new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    }

    /** @param t 0 at the first frame, 1 at the last */
    void paint(BufferedImage frame, double t) {
        Graphics2D g = frame.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            if (pictures.isEmpty()) {
                generated(g, t);
            } else {
                moving(g, t);
            }
            if (caption != null) {
                g.setComposite(AlphaComposite.SrcOver);
                g.drawImage(caption, 0, 0, null);
            }
            g.setComposite(AlphaComposite.SrcOver);
            g.setColor(new Color(255, 255, 255, 190));
            g.fillRect(0, height - 3, (int) Math.round(width * t), 3);
        } finally {
            g.dispose();
        }
    }

    private void moving(Graphics2D g, double t) {
        double place = Math.min(t * pictures.size(), pictures.size() - 1e-9);
        int index = (int) place;
        double within = place - index;
        g.setComposite(AlphaComposite.Src);
        drawMoved(g, pictures.get(index), t, index);
        if (index + 1 < pictures.size() && within > 1 - FADE) {
            float alpha = (float) ((within - 1 + FADE) / FADE);
            g.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, Math.min(1, alpha)));
            drawMoved(g, pictures.get(index + 1), t, index + 1);
        }
    }

    private void drawMoved(Graphics2D g, BufferedImage picture, double t, int index) {
        double near = index % 2 == 0 ? t : 1 - t;
        double scale = 1 / (1 + ZOOM) + near * (1 - 1 / (1 + ZOOM));
        double roomX = picture.getWidth() * scale - width;
        double roomY = picture.getHeight() * scale - height;
        AffineTransform at = AffineTransform.getTranslateInstance(-roomX * (0.3 + 0.4 * t), -roomY * 0.5);
        at.scale(scale, scale);
        g.drawImage(picture, at, null);
    }

    private void generated(Graphics2D g, double t) {
        g.setComposite(AlphaComposite.Src);
        float shift = (float) (t * 0.15);
        g.setPaint(new GradientPaint(
                (float) (width * t * 0.4),
                0,
                Color.getHSBColor(hue + shift, 0.65f, 0.45f),
                width,
                height,
                Color.getHSBColor(hue + 0.25f + shift, 0.6f, 0.85f)));
        g.fillRect(0, 0, width, height);
        g.setComposite(AlphaComposite.SrcOver);
        for (int i = 0; i < bubbles.length; i++) {
            double[] b = bubbles[i];
            double size = b[4] * Math.min(width, height) * 2;
            double x = (b[0] + b[2] * t) * width - size / 2;
            double y = (b[1] + b[3] * t) * height - size / 2;
            Color base = Color.getHSBColor(hue + 0.1f * i, 0.35f, 1f);
            g.setColor(new Color(base.getRed(), base.getGreen(), base.getBlue(), 110));
            g.fill(new Ellipse2D.Double(x, y, size, size));
        }
    }
}
