/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Json;

/**
 * Credits, by the bucket they come from.
 *
 * @param subscription monthly ones, which are used first
 * @param permanent bought ones
 */
record Usage(long subscription, long permanent) {
    static final Usage NONE = new Usage(0, 0);

    ObjectNode json() {
        return Json.MAPPER
                .createObjectNode()
                .put("total", subscription + permanent)
                .put("subscription", subscription)
                .put("permanent", permanent);
    }
}
