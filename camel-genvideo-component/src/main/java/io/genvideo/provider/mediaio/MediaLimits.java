/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import io.genvideo.model.MediaKind;
import io.genvideo.model.MimeTypes;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.PictureSize;
import io.genvideo.provider.support.VideoTrack;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a picture or video of one field may be (docs/contracts/mediaio.md section 6). Of a local file everything is checked, by
 * its header; of a URL only what its name tells.
 *
 * @param formats extensions, lower case
 * @param maxMegabytes in units of 1,048,576 bytes: which megabyte the service means is not known, and this refuses less
 * @param pixels of the width and of the height
 * @param ratio of the width to the height; {@code null} for no limit
 * @param frameRate in frames per second, rounded; {@code null} for no limit
 * @param seconds of a video, to a tenth; {@code null} for no limit
 */
record MediaLimits(
        MediaKind kind,
        List<String> formats,
        int maxMegabytes,
        Range pixels,
        @Nullable Range ratio,
        @Nullable Range frameRate,
        @Nullable Range seconds) {

    MediaLimits {
        formats = List.copyOf(formats);
    }

    /**
     * @param text both ends as the definition has them: {@code 300 to 2000}, {@code 1:2 to 2:1}
     */
    record Range(double least, double most, String text) {
        /** Ends are numbers, or ratios as {@code 2:1}. */
        static Range of(String least, String most) {
            return new Range(number(least), number(most), least + " to " + most);
        }

        private static double number(String text) {
            int colon = text.indexOf(':');
            return colon < 0
                    ? Double.parseDouble(text)
                    : Double.parseDouble(text.substring(0, colon)) / Double.parseDouble(text.substring(colon + 1));
        }

        boolean contains(double value) {
            return value >= least && value <= most;
        }
    }

    /**
     * Fails with an {@code INVALID_REQUEST} error that names the medium, what it is and what is allowed.
     *
     * @param model its name, for the message
     */
    void check(Medium medium, String model) {
        String type = medium.mimeType();
        // A URL without a telling name may be anything; the service will see.
        if (type != null && !types().contains(type)) {
            throw refused(medium, model, type, String.join(", ", types()));
        }
        if (medium.url() != null) {
            return;
        }
        if (medium.size() > (long) maxMegabytes << 20) {
            throw refused(medium, model, medium.size() + " bytes large", "at most " + maxMegabytes + " MB");
        }
        try {
            if (kind == MediaKind.IMAGE) {
                PictureSize size = PictureSize.of(medium).orElseThrow(() -> damaged(medium));
                checkSize(medium, model, size.width(), size.height());
            } else {
                checkTrack(medium, model, VideoTrack.of(medium).orElseThrow(() -> damaged(medium)));
            }
        } catch (IOException e) {
            throw MediaioErrors.ERRORS.invalid("input " + medium.displayName() + " cannot be read", e);
        }
    }

    private void checkSize(Medium medium, String model, int width, int height) {
        String size = width + "x" + height + " pixels large";
        if (!pixels.contains(width) || !pixels.contains(height)) {
            throw refused(medium, model, size, "a width and a height of " + pixels.text());
        }
        if (ratio != null && !ratio.contains((double) width / height)) {
            throw refused(medium, model, size, "width to height as " + ratio.text());
        }
    }

    private void checkTrack(Medium medium, String model, VideoTrack track) {
        checkSize(medium, model, track.width(), track.height());
        Double rate = track.frameRate();
        if (frameRate != null && rate != null && !frameRate.contains(Math.round(rate))) {
            throw refused(medium, model, tenths(rate) + " frames per second", frameRate.text());
        }
        Double length = track.seconds();
        if (seconds != null && length != null && !seconds.contains(Math.round(length * 10) / 10.0)) {
            throw refused(medium, model, tenths(length) + " seconds long", seconds.text());
        }
    }

    private static RuntimeException refused(Medium medium, String model, String is, String allowed) {
        return MediaioErrors.ERRORS.invalid(
                "input " + medium.displayName() + " is " + is + "; allowed for " + model + ": " + allowed);
    }

    private static RuntimeException damaged(Medium medium) {
        return MediaioErrors.ERRORS.invalid("input " + medium.displayName() + " is " + medium.mimeType()
                + " whose header does not give its width and height; is the file complete?");
    }

    private static String tenths(double number) {
        return BigDecimal.valueOf(Math.round(number * 10), 1)
                .stripTrailingZeros()
                .toPlainString();
    }

    private TreeSet<String> types() {
        return formats.stream()
                .map(f -> MimeTypes.ofName("x." + f))
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** For descriptions. */
    String text() {
        return "a public URL of " + (kind == MediaKind.IMAGE ? "a picture" : "a video") + ": "
                + String.join(", ", formats).toUpperCase(Locale.ROOT) + "; at most " + maxMegabytes
                + " MB; width and height " + pixels.text() + " pixels"
                + (ratio == null ? "" : "; width to height " + ratio.text())
                + (frameRate == null ? "" : "; " + frameRate.text() + " frames per second")
                + (seconds == null ? "" : "; " + seconds.text() + " seconds");
    }
}
