/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import io.genvideo.sandbox.media.MediaFormat;
import io.genvideo.sandbox.media.MediaStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an input may be, as the description of its field has it (docs/contracts/mediaio.md section 6). Only inputs that are
 * kept here can be held against it; pixels only where Java reads the format.
 */
final class InputLimits {
    private static final Logger LOG = LoggerFactory.getLogger(InputLimits.class);
    private static final Pattern FORMATS = Pattern.compile("Supported formats include ([^.]*)\\.");
    private static final Pattern MEGABYTES = Pattern.compile("and (\\d+(?:\\.\\d+)?) MB");
    private static final Pattern PIXELS =
            Pattern.compile("Image resolution must be between (\\d+)x\\d+ and (\\d+)x\\d+");
    private static final Pattern RATIO =
            Pattern.compile("Aspect ratio must be between ([\\d.]+):([\\d.]+) and ([\\d.]+):([\\d.]+)");
    private static final Pattern COUNT = Pattern.compile("Maximum (\\d+) file");

    private final String description;

    InputLimits(Field field) {
        this.description = field.description();
    }

    /** Most inputs of the field. */
    int maxCount() {
        Matcher count = COUNT.matcher(description);
        return count.find() ? Integer.parseInt(count.group(1)) : 1;
    }

    /** Returns why an input is refused; empty if it is accepted. */
    Optional<String> complaint(MediaStore.Media input) throws IOException {
        String format = format(input);
        Matcher formats = FORMATS.matcher(description);
        if (formats.find() && !formats.group(1).contains(format)) {
            return Optional.of("is " + format + ", not " + formats.group(1));
        }
        Matcher megabytes = MEGABYTES.matcher(description);
        if (megabytes.find() && Files.size(input.file()) > Double.parseDouble(megabytes.group(1)) * 1024 * 1024) {
            return Optional.of("is larger than " + megabytes.group(1) + " MB");
        }
        return pixels(input);
    }

    private Optional<String> pixels(MediaStore.Media input) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(input.file().toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                return Optional.empty();
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                return pixels(reader.getWidth(0), reader.getHeight(0));
            } catch (IOException | RuntimeException e) {
                // a damaged picture makes the readers throw nearly anything
                LOG.debug("an input cannot be read", e);
                return Optional.of("is damaged");
            } finally {
                reader.dispose();
            }
        }
    }

    private Optional<String> pixels(int width, int height) {
        Matcher pixels = PIXELS.matcher(description);
        if (pixels.find()) {
            int least = Integer.parseInt(pixels.group(1));
            int most = Integer.parseInt(pixels.group(2));
            if (Math.min(width, height) < least || Math.max(width, height) > most) {
                return Optional.of("has " + width + "x" + height + " pixels, not " + least + " to " + most + " a side");
            }
        }
        Matcher ratio = RATIO.matcher(description);
        if (ratio.find()) {
            double actual = (double) width / height;
            if (actual < number(ratio, 1) / number(ratio, 2) || actual > number(ratio, 3) / number(ratio, 4)) {
                return Optional.of("has an aspect ratio of " + String.format(Locale.ROOT, "%.2f", actual)
                        + " beyond the limits " + ratio.group(1) + ":" + ratio.group(2) + " to " + ratio.group(3)
                        + ":" + ratio.group(4));
            }
        }
        return Optional.empty();
    }

    private static double number(Matcher matcher, int group) {
        return Double.parseDouble(matcher.group(group));
    }

    /** The name of a format as the definition spells it. */
    private static String format(MediaStore.Media input) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(input.file())) {
            head = in.readNBytes(MediaFormat.HEAD_BYTES);
        }
        return MediaFormat.contentType(head)
                .map(type -> type.equals("video/quicktime")
                        ? "MOV"
                        : type.substring(type.indexOf('/') + 1).toUpperCase(Locale.ROOT))
                .orElse("of an unknown format");
    }
}
