/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A create that keeps to the contract.
 *
 * @param leaf the model
 * @param params the inner parameters
 * @param prompt as it was sent
 * @param count how many media, at least 1
 * @param points price of one
 * @param inputs URLs of all inputs, in order
 */
record CreateRequest(Leaf leaf, JsonNode params, String prompt, int count, int points, List<String> inputs) {

    /** The contract names no bound; this one keeps a typing error from filling the disk. */
    static final int MAX_COUNT = 64;

    long total() {
        return (long) points * count;
    }

    /** Length in seconds; some models have it as a string. */
    int seconds() {
        int seconds = params.path("duration").asInt(0);
        return seconds > 0 ? seconds : 5;
    }

    /** Resolution: shorter side in pixels. Kling O1 and 2.6 say {@code mode} instead. */
    int shortSide() {
        String digits = params.path("resolution").asText("").replaceAll("\\D", "");
        if (!digits.isEmpty() && digits.length() < 5) {
            return Integer.parseInt(digits);
        }
        return params.path("mode").asText().equals("pro") ? 1080 : 720;
    }
}
