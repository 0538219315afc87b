/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.SandboxConfig;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Queries of tasks, and what stops them (docs/contracts/wiro.md section 5). */
final class TaskEndpoints {
    /** {@code taskid} is documented for all; the vendor's clients send the others too. */
    private static final List<String> IDENTIFIERS = List.of("taskid", "tasktoken", "socketaccesstoken");

    private final SandboxConfig config;
    private final Ledger ledger;
    private final WiroTasks tasks;

    TaskEndpoints(SandboxConfig config, Ledger ledger, WiroTasks tasks) {
        this.config = config;
        this.ledger = ledger;
        this.tasks = tasks;
    }

    /** Calls the function with the task that the body names, if it is one of the account. */
    private Answer withTask(String route, ObjectNode body, String account, Function<WiroTask, Answer> function) {
        List<String> values = IDENTIFIERS.stream()
                .filter(body::has)
                .map(name -> body.path(name).asText())
                .toList();
        if (values.isEmpty()) {
            ledger.violation(WiroService.NAME, route, "no taskid, tasktoken or socketaccesstoken");
            return Responses.error(0, "taskid or socketaccesstoken is required");
        }
        Optional<WiroTask> task = values.stream()
                .flatMap(v -> Stream.concat(tasks.byId(v).stream(), tasks.byToken(v).stream()))
                .findFirst();
        Optional<WiroTask> own = task.filter(t -> t.identity().account().equals(account));
        if (own.isEmpty()) {
            ledger.violation(
                    WiroService.NAME,
                    route,
                    task.isPresent() ? "a task of another account" : "a task that was never issued");
            return Responses.error(1, Responses.UNKNOWN_TASK);
        }
        return function.apply(own.get());
    }

    private Instant now() {
        return config.clock().instant();
    }

    private static Answer shown(WiroTask task, ObjectNode json) {
        ObjectNode answer = Responses.success().put("total", "1");
        answer.putArray("tasklist").add(json);
        return Responses.ok(answer).about(task.identity().id());
    }

    Answer detail(ObjectNode body, String account, String origin) {
        return withTask("detail", body, account, task -> {
            tasks.pollRules().polled(WiroService.NAME, task.identity().id(), now(), task.isSeenEnded());
            return shown(task, task.query(now(), origin));
        });
    }

    Answer cancel(ObjectNode body, String account, String origin) {
        return withTask(
                "cancel",
                body,
                account,
                task -> task.cancel(now())
                        ? shown(task, task.json(origin))
                        : Responses.error(1, "Task is not in a cancellable state."));
    }

    Answer kill(ObjectNode body, String account, String origin) {
        return withTask("kill", body, account, task -> {
            Optional<String> refusal = task.kill(now());
            return refusal.isPresent()
                    ? Responses.error(1, "Task could not be killed: " + refusal.get())
                    : shown(task, task.json(origin));
        });
    }

    /** Deletes what a finished task holds; repeating it changes nothing. */
    Answer delete(ObjectNode body, String account) {
        return withTask("output-delete", body, account, task -> {
            if (task.deleteOutputs()) {
                return Responses.ok(Responses.success());
            }
            ledger.violation(WiroService.NAME, "output-delete", "the task has not ended");
            return Responses.invalid();
        });
    }

    Answer list(ObjectNode body, String account, String origin) {
        String start = body.path("start").asText("0");
        String limit = body.path("limit").asText("20");
        if (!start.matches("\\d{1,6}") || !limit.matches("[1-9]\\d{0,2}")) {
            ledger.violation(WiroService.NAME, "task-list", "start and limit must be whole numbers");
            return Responses.invalid();
        }
        String model = body.path("modelName").asText("");
        List<WiroTask> found = tasks.of(account).stream()
                .filter(t -> model.isEmpty() || t.run().model().name().equalsIgnoreCase(model))
                .toList();
        ObjectNode answer = Responses.success().put("total", Integer.toString(found.size()));
        ArrayNode list = answer.putArray("tasklist");
        found.stream()
                .skip(Long.parseLong(start))
                .limit(Long.parseLong(limit))
                .peek(t -> t.advance(now()))
                .forEach(t -> list.add(t.json(origin)));
        return Responses.ok(answer);
    }
}
