/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.media.Results.Result;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A task as Task/Detail shows it (docs/contracts/wiro.md section 5): flat, and nearly every number is a text. */
final class TaskJson {
    private static final int COST_DIGITS = 12;
    private static final int POINTS_PER_DOLLAR = 1000;

    /**
     * When what happened.
     *
     * @param steps those that are taken
     */
    record Times(
            Instant createdAt,
            List<Step> steps,
            @Nullable TaskEnd end,
            @Nullable Instant endedAt) {

        /** Unix seconds of a step as a text; 0 if it has not happened. */
        String of(String status) {
            return steps.stream()
                    .filter(step -> step.status().equals(status))
                    .findFirst()
                    .map(step -> seconds(step.at()))
                    .orElse("0");
        }

        String ended() {
            return seconds(endedAt);
        }

        private static String seconds(@Nullable Instant at) {
            return at == null ? "0" : Long.toString(at.getEpochSecond());
        }

        String elapsed() {
            return endedAt == null
                    ? "0.0000"
                    : decimal(Duration.between(createdAt, endedAt).toMillis(), 1000, 4);
        }
    }

    private TaskJson() {}

    private static String decimal(long value, int divisor, int digits) {
        return BigDecimal.valueOf(value)
                .divide(BigDecimal.valueOf(divisor), digits, RoundingMode.HALF_UP)
                .toPlainString();
    }

    static ObjectNode of(WiroTask task, ArrayNode outputs, Times times) {
        boolean older = task.directives().oldStatus();
        boolean succeeded = times.end() == TaskEnd.SUCCEEDED;
        boolean failed = times.end() != null && times.end().isFailure();
        Model model = task.run().model();
        ObjectNode json =
                Json.MAPPER.createObjectNode().put("id", task.identity().id());
        json.put("uuid", uuid(task.identity().account()));
        json.put("socketaccesstoken", task.identity().token());
        if (task.directives().has("text-parameters")) {
            json.put("parameters", task.run().parameters().toString());
        } else {
            json.set("parameters", task.run().parameters());
        }
        json.put("debugoutput", "").put("debugerror", failed ? task.failure() : "");
        json.put("status", task.status());
        boolean exited = succeeded || times.end() == TaskEnd.FAILED;
        if (exited && !older) {
            json.put("pexit", succeeded ? "0" : "1");
        }
        json.put("createtime", Times.seconds(times.createdAt())).put("accepttime", times.of("task_accept"));
        json.put("assigntime", times.of("task_assign"));
        json.put("preprocessstarttime", times.of("task_preprocess_start"));
        json.put("preprocessendtime", times.of("task_preprocess_end"));
        json.put("starttime", times.of("task_start")).put("endtime", times.of("task_end"));
        json.put("postprocessstarttime", times.of("task_postprocess_start"));
        json.put("postprocessendtime", exited ? times.ended() : "0");
        json.put("canceltime", times.end() == TaskEnd.CANCELED ? times.ended() : "0");
        json.put("elapsedseconds", times.elapsed());
        if (!older) {
            json.put("cps", decimal(0, 1, COST_DIGITS));
            json.put("totalcost", succeeded ? decimal(task.run().points(), POINTS_PER_DOLLAR, COST_DIGITS) : "0");
        }
        json.put("size", size(outputs)).put("modelid", model.id());
        json.put("modelslugowner", model.owner()).put("modelslugproject", model.project());
        json.put("modeldescription", "").put("runtype", "model");
        json.put("callbackurl", task.run().callbackUrl()).put("projectid", "0");
        json.set("categories", model.listed().path("categories"));
        json.put("dynamicprice", "[]").put("isapp", false);
        json.set("outputs", outputs);
        return json;
    }

    private static String size(ArrayNode outputs) {
        long sum = 0;
        for (var output : outputs) {
            sum += output.path("size").asLong();
        }
        return Long.toString(sum);
    }

    static String uuid(String account) {
        return UUID.nameUUIDFromBytes(account.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** The output of a language model. */
    static ArrayNode answer(String prompt, String question) {
        ArrayNode all = Json.MAPPER.createArrayNode();
        String text = "An answer of the sandbox to: " + question;
        ObjectNode content = all.addObject().put("contenttype", "raw").putObject("content");
        content.put("prompt", prompt).put("raw", text);
        content.putArray("thinking");
        content.putArray("answer").add(text);
        return all;
    }

    static ArrayNode outputs(
            TaskIdentity identity,
            List<String> mediaIds,
            @Nullable Result result,
            @Nullable Instant at,
            String origin) {
        ArrayNode all = Json.MAPPER.createArrayNode();
        for (int i = 0; result != null && i < mediaIds.size(); i++) {
            String id = Ledger.hash(mediaIds.get(i));
            String time = Times.seconds(at);
            all.addObject()
                    .put("id", id)
                    .put("name", i + result.ending())
                    .put("contenttype", result.contentType())
                    .put("parentid", Ledger.hash(identity.id()))
                    .put("uuid", uuid(identity.account()))
                    .put("size", Long.toString(result.bytes()))
                    .put("addedtime", time)
                    .put("modifiedtime", time)
                    .put("accesskey", Ledger.hash(id))
                    .put("url", origin + result.path(mediaIds.get(i)));
        }
        return all;
    }
}
