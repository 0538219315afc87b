/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A create that keeps to the contract.
 *
 * @param input the body as it is shown in answers; where a file was sent, the URL at which it is now
 * @param inputs URLs of all media in it, the last frame behind the others
 */
record CreateRequest(Model model, ObjectNode input, List<String> inputs) {
    /** Most results of one task. */
    static final int MAX_COUNT = 10;

    /** Longest result. No schema has one near it; it keeps prices of models without a schema finite. */
    static final int MAX_SECONDS = 3600;

    private static final int CREDITS_PER_IMAGE = 4;
    private static final int CREDITS_PER_TWO_SECONDS = 5;

    String prompt() {
        return input.path("prompt").asText();
    }

    int count() {
        return Math.max(1, Math.min(MAX_COUNT, input.path("n").asInt(1)));
    }

    /** Length in seconds; 0 for a picture. */
    int seconds() {
        if (model.image()) {
            return 0;
        }
        for (String name : List.of("duration", "seconds")) {
            int seconds = input.path(name).asInt(model.defaultOf(name, 0));
            if (seconds > 0) {
                return seconds;
            }
        }
        return 5;
    }

    /** What it costs; the real prices are not known. */
    long credits() {
        long one = model.image() ? CREDITS_PER_IMAGE : (long) CREDITS_PER_TWO_SECONDS * ((seconds() + 1) / 2);
        return one * count();
    }

    /** Shorter side in pixels. */
    int shortSide() {
        JsonNode resolution = input.path("resolution");
        String digits = resolution
                .asText(model.field("resolution").path("default").asText())
                .replaceAll("\\D", "");
        if (digits.length() == 1) {
            return Integer.parseInt(digits) * 1024;
        } else if (!digits.isEmpty() && digits.length() < 5) {
            return Integer.parseInt(digits);
        }
        return model.image() ? 1024 : input.path("quality").asText().equals("pro") ? 1080 : 720;
    }

    /** Width to height, as asked for or by default; empty: as the first picture. */
    String aspect() {
        String byDefault =
                inputs.isEmpty() ? model.field("aspect_ratio").path("default").asText() : "";
        return input.path("aspect_ratio").asText(byDefault);
    }
}
