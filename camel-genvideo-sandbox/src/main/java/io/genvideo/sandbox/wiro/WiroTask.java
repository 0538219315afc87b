/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Directives.Outcome;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.media.Results.Result;
import io.genvideo.sandbox.wiro.Subscribers.Subscriber;
import java.time.Duration;
import java.time.Instant;
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

    /** Receives the end of each task, once. */
    @FunctionalInterface
    interface EndListener {
        void ended(WiroTask task, TaskEnd end);
    }

    private final TaskIdentity identity;
    private final Run run;
    private final Directives directives;
    private final Instant createdAt;
    private final @Nullable Instant dueAt;
    private final List<Step> steps;
    private final List<String> mediaIds;
    private final EndListener endListener;
    private final Subscribers subscribers;

    private int done;
    private @Nullable Result result;
    private @Nullable Instant renderedAt;
    private @Nullable String renderError;
    private @Nullable TaskEnd end;
    private @Nullable Instant endedAt;
    private boolean outputsDeleted;
    private int queries;
    private int queriesAfterEnd;

    WiroTask(
            TaskIdentity identity,
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
        this.subscribers = new Subscribers(identity, directives.has("socket-replay"));
    }

    TaskIdentity identity() {
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
        while (end == null && done < steps.size() && !steps.get(done).at().isAfter(now)) {
            Step step = steps.get(done);
            if (step.status().equals("task_accept") && directives.has("task-error")) {
                finish(TaskEnd.ERROR, now);
                return;
            }
            done++;
            subscribers.publish(step.status(), step.message());
        }
        boolean ready = !needsMedia() || renderedAt != null;
        if (end == null && done == steps.size() && dueAt != null && !now.isBefore(dueAt) && ready) {
            boolean succeeds = renderError == null && directives.outcome().needsMedia();
            finish(
                    directives.outcome() == Outcome.CANCELED
                            ? TaskEnd.CANCELED
                            : succeeds ? TaskEnd.SUCCEEDED : TaskEnd.FAILED,
                    now);
        }
    }

    /** When to call {@link #advance} again; empty if only the end of the rendering can bring it further, or nothing. */
    synchronized Optional<Instant> next(Instant now) {
        if (end != null) {
            return Optional.empty();
        }
        Instant at = done < steps.size() ? steps.get(done).at() : dueAt;
        return Optional.ofNullable(at).filter(t -> t.isAfter(now));
    }

    private void finish(TaskEnd how, Instant now) {
        end = how;
        endedAt = now;
        subscribers.publish(how.status(), () -> switch (how) {
            case CANCELED -> NullNode.getInstance();
            case ERROR -> new TextNode(failure());
            default -> outputs("");
        });
        subscribers.end();
        endListener.ended(this, how);
    }

    /** Registers for the frames from now on; with {@code [[socket-replay]]} the earlier ones come first. */
    synchronized void subscribe(Subscriber subscriber, Instant now) {
        advance(now);
        subscribers.add(subscriber, end == null);
    }

    /** Whether nobody has registered yet. */
    synchronized boolean isFirstSubscription() {
        return !subscribers.isUsed();
    }

    synchronized void unsubscribe(Subscriber subscriber) {
        subscribers.remove(subscriber);
    }

    /** Status as Task/Detail has it. */
    synchronized String status() {
        if (end != null) {
            return end.status();
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
        finish(TaskEnd.CANCELED, now);
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
            finish(TaskEnd.CANCELED, now);
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
        if (end != TaskEnd.SUCCEEDED || outputsDeleted || withheld) {
            return all;
        }
        if (run.model().kind() == Model.Kind.TEXT) {
            return TaskJson.answer(run.prompt(), directives.text());
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
        String open = status().equals(Step.QUEUE) ? "PENDING" : "PROCESSING";
        Instant ready = dueAt;
        if (end == TaskEnd.CANCELED || ready == null || (renderedAt != null && renderedAt.isAfter(ready))) {
            ready = endedAt;
        }
        return new Ledger.TaskView(
                WiroService.NAME,
                identity.account(),
                identity.id(),
                run.model().name(),
                end == null ? open : end.booked(),
                createdAt,
                dueAt,
                end == null ? null : ready,
                queries,
                end == TaskEnd.SUCCEEDED && r != null
                        ? mediaIds.stream().map(r::path).toList()
                        : List.of(),
                run.points(),
                run.inputs().stream()
                        .flatMap(url -> MediaStore.pathOf(url).stream())
                        .toList(),
                Ledger.TaskView.progressOf(createdAt, dueAt, now),
                end != null && end.isFailure() ? failure() : end == TaskEnd.CANCELED ? "canceled" : "");
    }
}
