/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Directives.Outcome;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.media.Results.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task. It goes through its steps as the clock and its rendering allow, and reports each to its subscribers; it goes on whether
 * there are any or not. Thread-safe.
 */
final class WiroTask {
    /** How many queries of a finished task show no outputs under {@code [[no-url]]}. */
    private static final int QUERIES_WITHOUT_OUTPUT = 3;

    /** How a task ended. */
    enum End {
        SUCCEEDED,
        /** With an exit code. */
        FAILED,
        /** Before it was executed: {@code task_error} is its status. */
        ERROR,
        CANCELED
    }

    /** Receives each frame from the time of its registration. */
    @FunctionalInterface
    interface Subscriber {
        void frame(ObjectNode frame, boolean last);
    }

    /** Receives the end of each task, once. */
    @FunctionalInterface
    interface EndListener {
        void ended(WiroTask task, End end);
    }

    /**
     * What identifies a task.
     *
     * @param id decimal
     * @param token 30 letters and digits, by which it is queried
     * @param account hash of the key
     */
    record Identity(String id, String token, String account) {}

    private final Identity identity;
    private final Run run;
    private final Directives directives;
    private final Instant createdAt;
    private final @Nullable Instant dueAt;
    private final List<Step> steps;
    private final List<String> mediaIds;
    private final EndListener endListener;
    private final List<ObjectNode> frames = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();

    private int done;
    private @Nullable Result result;
    private @Nullable Instant renderedAt;
    private @Nullable String renderError;
    private @Nullable End end;
    private @Nullable Instant endedAt;
    private boolean outputsDeleted;
    private int queries;
    private int queriesAfterEnd;
    private int subscriptions;

    WiroTask(
            Identity identity,
            Run run,
            Directives directives,
            Instant createdAt,
            Duration takes,
            List<String> mediaIds,
            EndListener endListener) {
        this.identity = identity;
        this.run = run;
        this.directives = directives;
        this.createdAt = createdAt;
        this.mediaIds = List.copyOf(mediaIds);
        this.endListener = endListener;
        boolean endless = directives.outcome() == Outcome.STUCK || directives.has("queued");
        this.dueAt = endless ? null : createdAt.plus(takes);
        this.steps = Step.of(createdAt, takes, directives);
    }

    Identity identity() {
        return identity;
    }

    Run run() {
        return run;
    }

    Directives directives() {
        return directives;
    }

    List<String> mediaIds() {
        return mediaIds;
    }

    Instant createdAt() {
        return createdAt;
    }

    boolean needsMedia() {
        return directives.outcome().needsMedia()
                && !directives.has("task-error")
                && !directives.has("queued")
                && run.model().kind() != Model.Kind.TEXT;
    }

    synchronized void rendered(Result what, Instant at) {
        result = what;
        renderedAt = at;
        advance(at);
    }

    synchronized void renderFailed(String why, Instant at) {
        renderError = why;
        renderedAt = at;
        advance(at);
    }

    /** Takes every step whose time has come. */
    synchronized void advance(Instant now) {
        boolean endless = dueAt == null;
        while (end == null && done < steps.size() && !steps.get(done).at().isAfter(now)) {
            Step step = steps.get(done);
            if (endless && isLastPart(step)) {
                return;
            }
            if (step.status().equals("task_accept") && directives.has("task-error")) {
                finish(End.ERROR, now);
                return;
            }
            done++;
            publish(frame(step.status(), step.message()), false);
        }
        boolean ready = !needsMedia() || renderedAt != null;
        if (end == null && done == steps.size() && dueAt != null && !now.isBefore(dueAt) && ready) {
            boolean succeeds = renderError == null && directives.outcome().needsMedia();
            finish(
                    directives.outcome() == Outcome.CANCELED ? End.CANCELED : succeeds ? End.SUCCEEDED : End.FAILED,
                    now);
        }
    }

    /** A task that never ends still runs. */
    private static boolean isLastPart(Step step) {
        return step.status().equals("task_output_full")
                || step.status().equals("task_end")
                || step.status().equals("task_postprocess_start");
    }

    /** When to call {@link #advance} again; empty if only the end of the rendering can bring it further, or nothing. */
    synchronized Optional<Instant> next(Instant now) {
        if (end != null) {
            return Optional.empty();
        }
        Instant at = done < steps.size() ? steps.get(done).at() : dueAt;
        return Optional.ofNullable(at).filter(t -> t.isAfter(now));
    }

    private void finish(End how, Instant now) {
        end = how;
        endedAt = now;
        JsonNode message = how == End.CANCELED ? NullNode.getInstance() : outputs("");
        publish(frame(status(), how == End.ERROR ? Json.MAPPER.valueToTree(failure()) : message), true);
        subscribers.clear();
        endListener.ended(this, how);
    }

    private ObjectNode frame(String type, JsonNode message) {
        ObjectNode frame = Json.MAPPER.createObjectNode().put("type", type).put("id", identity.id());
        frame.put("tasktoken", identity.token());
        frame.set("message", message);
        return frame.put("result", true);
    }

    private void publish(ObjectNode frame, boolean last) {
        frames.add(frame);
        List.copyOf(subscribers).forEach(s -> s.frame(frame, last));
    }

    /** Registers for the frames from now on; with {@code [[socket-replay]]} the earlier ones come first. */
    synchronized void subscribe(Subscriber subscriber, Instant now) {
        advance(now);
        if (directives.has("socket-replay")) {
            for (int i = 0; i < frames.size(); i++) {
                subscriber.frame(frames.get(i), end != null && i == frames.size() - 1);
            }
        }
        if (end == null) {
            subscribers.add(subscriber);
        }
        subscriptions++;
    }

    /** Whether nobody has registered yet. */
    synchronized boolean isFirstSubscription() {
        return subscriptions == 0;
    }

    synchronized void unsubscribe(Subscriber subscriber) {
        subscribers.remove(subscriber);
    }

    /** Status as Task/Detail has it. */
    synchronized String status() {
        End how = end;
        if (how != null) {
            return switch (how) {
                case SUCCEEDED, FAILED -> Step.END;
                case ERROR -> Step.ERROR;
                case CANCELED -> Step.CANCEL;
            };
        }
        for (int i = done - 1; i > 0; i--) {
            if (steps.get(i).shown()) {
                return steps.get(i).status();
            }
        }
        return Step.QUEUE;
    }

    synchronized boolean isOpen() {
        return end == null;
    }

    /** Cancels a queued task. */
    synchronized boolean cancel(Instant now) {
        advance(now);
        if (end != null || !status().equals(Step.QUEUE)) {
            return false;
        }
        finish(End.CANCELED, now);
        return true;
    }

    /**
     * Kills a task that has not ended. Under {@code [[kill-lost]]} it is answered as a success, but the task ends by itself.
     *
     * @return why it could not be killed; empty if it was
     */
    synchronized Optional<String> kill(Instant now) {
        advance(now);
        if (end != null) {
            return Optional.of("the task has ended");
        } else if (directives.has("kill-refused")) {
            return Optional.of(directives.argument("kill-refused"));
        } else if (!directives.has("kill-lost")) {
            finish(End.CANCELED, now);
        }
        return Optional.empty();
    }

    /** Forgets its outputs; false while it is open. */
    synchronized boolean deleteOutputs() {
        outputsDeleted = end != null;
        return outputsDeleted;
    }

    String failure() {
        if (renderError != null) {
            return renderError;
        }
        String message = directives.has("task-error") ? directives.argument("task-error") : directives.message();
        return message.isEmpty() ? "the generation failed" : message;
    }

    /** @param origin put before the paths of media; empty: the paths alone */
    private ArrayNode outputs(String origin) {
        ArrayNode all = Json.MAPPER.createArrayNode();
        boolean withheld = directives.outcome() == Outcome.NO_URL && queriesAfterEnd <= QUERIES_WITHOUT_OUTPUT;
        if (end != End.SUCCEEDED || outputsDeleted || withheld) {
            return all;
        }
        if (run.model().kind() == Model.Kind.TEXT) {
            ObjectNode content = all.addObject().put("contenttype", "raw").putObject("content");
            String answer = "An answer of the sandbox to: " + directives.text();
            content.put("prompt", run.prompt()).put("raw", answer);
            content.putArray("thinking");
            content.putArray("answer").add(answer);
            return all;
        }
        return TaskJson.outputs(identity, mediaIds, result, endedAt, origin);
    }

    /** Its entry in the answers of Task/Detail and of others. */
    synchronized ObjectNode json(String origin) {
        return TaskJson.of(this, outputs(origin), times());
    }

    /** The same, counted as a query of its state. */
    synchronized ObjectNode query(Instant now, String origin) {
        advance(now);
        queries++;
        if (end != null) {
            queriesAfterEnd++;
        }
        return json(origin);
    }

    private TaskJson.Times times() {
        return new TaskJson.Times(createdAt, List.copyOf(steps.subList(0, done)), end, endedAt);
    }

    /** Whether queries have shown its end already. */
    synchronized boolean isSeenEnded() {
        return queriesAfterEnd > (directives.outcome() == Outcome.NO_URL ? QUERIES_WITHOUT_OUTPUT : 0);
    }

    /** What the ledger shows. */
    synchronized Ledger.TaskView view(Instant now) {
        advance(now);
        Result r = result;
        String state = end == null
                ? status().equals(Step.QUEUE) ? "PENDING" : "PROCESSING"
                : end == End.ERROR ? "FAILED" : end.name();
        Instant ready = dueAt;
        if (end == End.CANCELED || ready == null || (renderedAt != null && renderedAt.isAfter(ready))) {
            ready = endedAt;
        }
        return new Ledger.TaskView(
                WiroService.NAME,
                identity.account(),
                identity.id(),
                run.model().name(),
                state,
                createdAt,
                dueAt,
                end == null ? null : ready,
                queries,
                end == End.SUCCEEDED && r != null
                        ? mediaIds.stream().map(r::path).toList()
                        : List.of(),
                run.points(),
                run.inputs().stream()
                        .flatMap(url -> MediaStore.pathOf(url).stream())
                        .toList(),
                Ledger.TaskView.progressOf(createdAt, dueAt, now),
                end == End.FAILED || end == End.ERROR ? failure() : end == End.CANCELED ? "canceled" : "");
    }
}
