/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.media;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The prompt and a small label, drawn once per video. */
final class Caption {
    private static final Logger LOG = LoggerFactory.getLogger(Caption.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();
    private static final int MAX_LINES = 4;

    private Caption() {}

    /** Returns a transparent layer of the given size; null where Java has no font to draw with. */
    static @Nullable BufferedImage draw(String prompt, String label, int width, int height) {
        try {
            return drawText(prompt, label, width, height);
        } catch (LinkageError | InternalError | RuntimeException e) {
            // A headless JRE without fontconfig or fonts fails in any of these ways; a video without text is still one.
            if (WARNED.compareAndSet(false, true)) {
                LOG.warn("no fonts on this machine, videos come without text: {}", e.toString());
            }
            return null;
        }
    }

    private static BufferedImage drawText(String prompt, String label, int width, int height) {
        BufferedImage layer = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D g = layer.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            int size = Math.max(11, Math.min(width, height) / 14);
            int pad = size / 2;
            g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, Math.max(10, size * 2 / 3)));
            FontMetrics small = g.getFontMetrics();
            int labelHeight = small.getHeight() + pad / 2;
            String corner = fit(label, small, width - 2 * pad);
            g.setColor(new Color(0, 0, 0, 120));
            g.fillRect(0, 0, small.stringWidth(corner) + 2 * pad, labelHeight);
            g.setColor(Color.WHITE);
            g.drawString(corner, pad, small.getAscent() + pad / 4);
            g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, size));
            FontMetrics metrics = g.getFontMetrics();
            int room = Math.max(1, Math.min(MAX_LINES, (height / 2) / metrics.getHeight()));
            List<String> lines = wrap(prompt, metrics, width - 2 * pad, room);
            if (!lines.isEmpty()) {
                int band = lines.size() * metrics.getHeight() + pad;
                int top = height - band - Math.max(4, pad);
                g.setColor(new Color(0, 0, 0, 140));
                g.fillRect(0, top, width, band);
                g.setColor(Color.WHITE);
                int y = top + pad / 2 + metrics.getAscent();
                for (String line : lines) {
                    g.drawString(line, pad, y);
                    y += metrics.getHeight();
                }
            }
            return layer;
        } finally {
            g.dispose();
        }
    }

    /** Breaks at spaces, and within words that are longer than a line (or written without spaces). */
    static List<String> wrap(String text, FontMetrics metrics, int width, int maxLines) {
        List<String> lines = new ArrayList<>();
        String rest = text.strip().replaceAll("\\s+", " ");
        while (!rest.isEmpty() && lines.size() < maxLines) {
            int end = prefix(rest, metrics, width);
            if (end < rest.length()) {
                if (lines.size() == maxLines - 1) {
                    lines.add(fit(rest, metrics, width));
                    break;
                }
                int space = rest.lastIndexOf(' ', end);
                end = space > 0 ? space : end;
            }
            lines.add(rest.substring(0, end));
            rest = rest.substring(end).stripLeading();
        }
        return lines;
    }

    private static int prefix(String text, FontMetrics metrics, int width) {
        int end = 0;
        while (end < text.length()) {
            int next = text.offsetByCodePoints(end, 1);
            if (end > 0 && metrics.stringWidth(text.substring(0, next)) > width) {
                break;
            }
            end = next;
        }
        return end;
    }

    private static String fit(String text, FontMetrics metrics, int width) {
        if (metrics.stringWidth(text) <= width) {
            return text;
        }
        int end = prefix(text, metrics, width - metrics.stringWidth("\u2026"));
        return text.substring(0, end) + "\u2026";
    }
}
