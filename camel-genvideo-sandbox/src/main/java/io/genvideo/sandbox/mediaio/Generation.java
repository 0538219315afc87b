/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import java.util.List;
import java.util.Map;

/**
 * A request to generate that keeps to the contract.
 *
 * @param values the texts that were sent, by field; inputs are not among them
 * @param inputs URLs of all inputs, in the order of the definition
 */
record Generation(Operation operation, Map<String, String> values, List<String> inputs) {
    private static final int CREDITS_PER_IMAGE = 4;
    private static final int CREDITS_PER_SECOND = 6;
    private static final int SECONDS_WITHOUT_DURATION = 5;

    String prompt() {
        return value("prompt");
    }

    /** What was sent, else the default of the definition; empty without one. */
    String value(String field) {
        String sent = values.get(field);
        return sent != null
                ? sent
                : operation.field(field).map(Field::byDefault).orElse("");
    }

    int count() {
        String counts = value("counts");
        return counts.isEmpty() ? 1 : Integer.parseInt(counts);
    }

    /** Length in seconds; 0 for a picture. */
    int seconds() {
        if (operation.image()) {
            return 0;
        }
        String digits = value("duration").replaceAll("\\D", "");
        return digits.isEmpty() ? SECONDS_WITHOUT_DURATION : Integer.parseInt(digits);
    }

    /** What it costs; the real prices are not published (docs/contracts/mediaio.md section 4). */
    long credits() {
        return (operation.image() ? CREDITS_PER_IMAGE : (long) CREDITS_PER_SECOND * seconds()) * count();
    }

    /** Shorter side in pixels. */
    int shortSide() {
        String resolution = value("resolution");
        String digits = resolution.replaceAll("\\D", "");
        if (digits.isEmpty()) {
            return operation.image() ? 1024 : 720;
        }
        return Integer.parseInt(digits) * (resolution.endsWith("K") ? 1024 : 1);
    }

    /** Width to height; empty: as the first input. */
    String aspect() {
        for (String field : List.of("ratio", "aspect_ratio", "size")) {
            if (!value(field).isEmpty()) {
                return value(field);
            }
        }
        return "";
    }
}
