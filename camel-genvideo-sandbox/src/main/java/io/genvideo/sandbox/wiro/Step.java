/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a task goes through before its end, in the documented order (docs/contracts/wiro.md section 5).
 *
 * @param at when it comes
 * @param status as in Task/Detail and as the type of a frame
 * @param message of the frame
 * @param shown whether Task/Detail shows it; an error line is seen on the socket only
 */
record Step(Instant at, String status, Supplier<JsonNode> message, boolean shown) {
    static final String QUEUE = "task_queue";
    static final String END = "task_postprocess_end";
    static final String CANCEL = "task_cancel";
    static final String ERROR = "task_error";

    /** How long a task is queued, at most. */
    private static final Duration MAX_QUEUED = Duration.ofSeconds(5);

    private static final int OUTPUTS = 5;

    static List<Step> of(Instant createdAt, Duration takes, Directives directives) {
        Duration tenth = takes.dividedBy(10);
        Instant started = createdAt.plus(tenth.compareTo(MAX_QUEUED) < 0 ? tenth : MAX_QUEUED);
        List<Step> steps = new ArrayList<>();
        steps.add(quiet(createdAt, QUEUE));
        if (directives.has("queued")) {
            return steps;
        }
        for (String status :
                List.of("task_accept", "task_preprocess_start", "task_preprocess_end", "task_assign", "task_start")) {
            steps.add(quiet(started, status));
        }
        if (directives.has("error-line")) {
            steps.add(new Step(started, ERROR, () -> new TextNode(directives.argument("error-line")), false));
        }
        Duration part = Duration.between(started, createdAt.plus(takes)).dividedBy(OUTPUTS + 1);
        for (int i = 1; i <= OUTPUTS; i++) {
            int step = i;
            steps.add(new Step(started.plus(part.multipliedBy(i)), "task_output", () -> progress(step, part), true));
        }
        if (directives.outcome() == Directives.Outcome.STUCK) {
            return steps;
        }
        Instant published = createdAt.plus(takes);
        steps.add(new Step(
                published,
                "task_output_full",
                () -> Json.MAPPER.createObjectNode().put("raw", ""),
                true));
        steps.add(quiet(published, "task_end"));
        steps.add(quiet(published, "task_postprocess_start"));
        return steps;
    }

    private static Step quiet(Instant at, String status) {
        return new Step(at, status, NullNode::getInstance, true);
    }

    private static JsonNode progress(int step, Duration part) {
        return Json.MAPPER
                .createObjectNode()
                .put("type", "progressGenerate")
                .put("task", "Generate")
                .put("percentage", Integer.toString(100 * step / OUTPUTS))
                .put("stepCurrent", Integer.toString(step))
                .put("stepTotal", Integer.toString(OUTPUTS))
                .put("speed", "1.2")
                .put("speedType", "it/s")
                .put("elapsedTime", part.multipliedBy(step).toSeconds() + "s")
                .put("remainingTime", part.multipliedBy(OUTPUTS + 1L - step).toSeconds() + "s");
    }
}
