/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A run that keeps to the contract.
 *
 * @param parameters what was sent; a file is represented by its URL here
 * @param inputs URLs of all inputs
 */
record Run(Model model, ObjectNode parameters, List<String> inputs) {
    private static final Pattern DIGITS = Pattern.compile("\\d{1,4}");
    private static final long POINTS_PER_SECOND = 100;
    private static final long POINTS_PER_IMAGE = 40;
    private static final long POINTS_PER_TEXT = 10;
    private static final int DEFAULT_SECONDS = 5;
    private static final int MAX_COUNT = 10;

    String prompt() {
        return parameters.path("prompt").asText("");
    }

    String callbackUrl() {
        return parameters.path("callbackUrl").asText("");
    }

    private String value(List<String> names) {
        for (String name : names) {
            String value = parameters
                    .path(name)
                    .asText(model.property(name).path("default").asText(""));
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    private int number(List<String> names, int otherwise) {
        Matcher digits = DIGITS.matcher(value(names));
        return digits.find() ? Integer.parseInt(digits.group()) : otherwise;
    }

    /** Length in seconds; 0 for a picture. */
    int seconds() {
        return model.kind() == Model.Kind.VIDEO
                ? Math.max(1, number(List.of("duration", "seconds", "durationSeconds"), DEFAULT_SECONDS))
                : 0;
    }

    int count() {
        return Math.max(1, Math.min(MAX_COUNT, number(List.of("samples", "maxImages"), 1)));
    }

    /** Shorter side in pixels. */
    int shortSide() {
        int width = number(List.of("width"), 0);
        int height = number(List.of("height"), 0);
        if (width > 0 && height > 0) {
            return Math.min(width, height);
        }
        int resolution = number(List.of("resolution"), 0);
        return resolution == 0 ? 720 : resolution < 10 ? resolution * 1024 : resolution;
    }

    /** Width to height; empty: as the first input. */
    String aspect() {
        String ratio = value(List.of("ratio", "aspectRatio"));
        if (ratio.matches("\\d+(\\.\\d+)?:\\d+(\\.\\d+)?")) {
            return ratio;
        }
        int width = number(List.of("width"), 0);
        int height = number(List.of("height"), 0);
        return width > 0 && height > 0 ? width + ":" + height : "";
    }

    /** What it costs in thousandths of a dollar; the real prices differ by model. */
    long points() {
        return switch (model.kind()) {
            case VIDEO -> POINTS_PER_SECOND * seconds();
            case IMAGE -> POINTS_PER_IMAGE * count();
            case TEXT -> POINTS_PER_TEXT;
        };
    }
}
