/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.TaskIds;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.LostSubmission;
import io.genvideo.spi.RecoveryOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds the task of a Run whose answer was lost (docs/contracts/wiro.md section 5, docs/design.md section 4.9): the only one among
 * the account's newest tasks that has the same model, the same value in every parameter that was sent, and a creation time in the
 * window of the call. Several are none: nobody can tell which is whose. A call with files is not looked for, since what the service
 * repeats of a file tells nothing about its content. That nothing is found does not prove that nothing was created.
 *
 * <p>The parameters are journalled as keyed hashes, because a prompt must not be.
 */
final class RunRecovery {
    /** The service's clock may differ from ours, and a call may wait in its queue. */
    private static final Duration BEFORE = Duration.ofMinutes(1);

    private static final Duration AFTER = Duration.ofMinutes(5);

    /**
     * A task may be listed a moment after its Run was handled, and until then an equal task of another call would be the only
     * one. So none is taken earlier: by then the other call has its answer in the journal, or there are two.
     */
    private static final Duration LISTED_WITHIN = Duration.ofMinutes(1);

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final WiroRequests requests;
    private final ServiceCalls calls;
    private final InstantSource clock;
    private final String key;

    /** @param key of the hashes */
    RunRecovery(WiroRequests requests, ServiceCalls calls, InstantSource clock, String key) {
        this.requests = requests;
        this.calls = calls;
        this.clock = clock;
        this.key = key;
    }

    /** What to journal before the call; {@code null} for a call that cannot be recognised. */
    @Nullable
    String state(RequestBody body) {
        if (!body.request().files().isEmpty() || body.request().fields().isEmpty()) {
            return null;
        }
        ObjectNode state = Json.NODES.objectNode().put("model", body.model().id());
        ObjectNode fields = state.putObject("fields");
        body.values().forEach((name, value) -> fields.put(name, hash(name, value)));
        return Json.write(state);
    }

    CompletableFuture<RecoveryOutcome> recover(LostSubmission lost, CallOptions options) {
        JsonNode state = Optional.ofNullable(lost.providerState())
                .flatMap(Json::read)
                .filter(JsonNode::isObject)
                .orElse(null);
        if (state == null) {
            return CompletableFuture.completedFuture(
                    unclear("a call with files cannot be told from others of its kind"));
        }
        return calls.once(
                requests.newestTasks(),
                options,
                answer -> outcome(answer, state, lost.submittingAt()),
                failure -> new RecoveryOutcome.Later(WiroErrors.ERRORS.noAnswer("listing the tasks", failure), null));
    }

    private RecoveryOutcome outcome(GatewayResponse answer, JsonNode state, Instant submittingAt) {
        JsonNode root = WiroEnvelope.success(answer).orElse(null);
        if (root == null) {
            return new RecoveryOutcome.Later(
                    WiroErrors.unusable("listing the tasks", answer, requests.text())
                            .getError(),
                    null);
        }
        List<WiroTask> tasks = WiroTask.all(root);
        List<WiroTask> same =
                tasks.stream().filter(t -> isSame(t, state, submittingAt)).toList();
        if (same.size() > 1) {
            return unclear(same.size() + " tasks of the account have the same input and were created at that time");
        }
        if (clock.instant().isBefore(submittingAt.plus(LISTED_WITHIN))) {
            return new RecoveryOutcome.Later(error("its task may not be listed yet"), PAUSE);
        }
        if (!isWhole(tasks, submittingAt)) {
            return unclear("the account has created too many tasks since then to be searched");
        }
        return same.size() == 1
                ? found(same.get(0))
                : unclear("no task of the account has the same input and was created at that time");
    }

    /** Whether the list reaches back before the call: else another task with the same input may be behind its end. */
    private static boolean isWhole(List<WiroTask> tasks, Instant submittingAt) {
        return tasks.size() < WiroRequests.PAGE
                || tasks.stream()
                        .flatMap(t -> t.createdAt().stream())
                        .anyMatch(t -> t.isBefore(submittingAt.minus(BEFORE)));
    }

    private RecoveryOutcome found(WiroTask task) {
        String id = task.id();
        if (id == null || !TaskIds.isStorable(id)) {
            return unclear("the task that has the same input has no id that can be kept");
        }
        TaskStatus status = task.taskStatus() == TaskStatus.QUEUED ? TaskStatus.QUEUED : TaskStatus.RUNNING;
        return new RecoveryOutcome.Found(id, status, null, task.raw(requests.text()));
    }

    private boolean isSame(WiroTask task, JsonNode state, Instant submittingAt) {
        boolean inWindow = task.createdAt()
                .filter(t -> !t.isBefore(submittingAt.minus(BEFORE)) && !t.isAfter(submittingAt.plus(AFTER)))
                .isPresent();
        JsonNode parameters = task.parameters();
        return inWindow
                && task.slug().equalsIgnoreCase(state.path("model").asText())
                && Json.fields(state.path("fields")).entrySet().stream()
                        .allMatch(f -> f.getValue()
                                .asText()
                                .equals(hash(f.getKey(), RequestBody.valueOf(parameters.path(f.getKey())))));
    }

    private String hash(String name, String value) {
        return RequestSignature.of(key, name, "=" + value);
    }

    private static RecoveryOutcome unclear(String why) {
        return new RecoveryOutcome.Unclear(error(why));
    }

    private static GenerationError error(String why) {
        return GenerationError.of(
                        ErrorCategory.UNCERTAIN_SUBMISSION,
                        WiroErrors.NAME,
                        "the answer to the paid call was lost, and the service's list of tasks does not tell: " + why)
                .withPaid(Paid.UNKNOWN);
    }
}
