/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Directives.Outcome;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.media.Results.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A task: waiting, processing, and then one of three ends, as the clock and its rendering allow. Thread-safe. */
final class MediaioTask {
    /** How long a task waits, at most. */
    private static final Duration MAX_WAITING = Duration.ofSeconds(5);
    /** How many polls of a completed task show no URL under {@code [[no-url]]}. */
    private static final int POLLS_WITHOUT_URL = 3;

    private enum State {
        WAITING("waiting", "pending", "PENDING"),
        PROCESSING("processing", "processing", "PROCESSING"),
        COMPLETED("completed", "succeeded", "SUCCEEDED"),
        FAILED("failed", "failed", "FAILED"),
        TIMEOUT("timeout", "timeout", "FAILED");

        private final String usual;
        private final String synonym;
        private final String booked;

        State(String usual, String synonym, String booked) {
            this.usual = usual;
            this.synonym = synonym;
            this.booked = booked;
        }

        boolean isEnd() {
            return this != WAITING && this != PROCESSING;
        }
    }

    private final String id;
    private final String account;
    private final Generation generation;
    private final Directives directives;
    private final Instant createdAt;
    private final Instant processingAt;
    private final @Nullable Instant dueAt;
    private final List<String> mediaIds;

    private @Nullable Result result;
    private @Nullable Instant renderedAt;
    private @Nullable String renderError;
    private int polls;
    private int pollsAfterEnd;

    MediaioTask(
            String id,
            String account,
            Generation generation,
            Directives directives,
            Instant createdAt,
            Duration takes,
            List<String> mediaIds) {
        this.id = id;
        this.account = account;
        this.generation = generation;
        this.directives = directives;
        this.createdAt = createdAt;
        this.mediaIds = List.copyOf(mediaIds);
        Duration tenth = takes.dividedBy(10);
        this.processingAt = createdAt.plus(tenth.compareTo(MAX_WAITING) < 0 ? tenth : MAX_WAITING);
        this.dueAt = directives.outcome() == Outcome.STUCK ? null : createdAt.plus(takes);
    }

    String account() {
        return account;
    }

    List<String> mediaIds() {
        return mediaIds;
    }

    boolean needsMedia() {
        return directives.outcome().needsMedia() && !directives.has("timeout");
    }

    synchronized void rendered(Result what, Instant at) {
        result = what;
        renderedAt = at;
    }

    synchronized void renderFailed(String why, Instant at) {
        renderError = why;
        renderedAt = at;
    }

    private State state(Instant now) {
        boolean ready = !needsMedia() || renderedAt != null;
        if (dueAt != null && !now.isBefore(dueAt) && ready) {
            return end();
        }
        return now.isBefore(processingAt) ? State.WAITING : State.PROCESSING;
    }

    private State end() {
        if (directives.has("timeout")) {
            return State.TIMEOUT;
        }
        return needsMedia() && renderError == null && !allFail() ? State.COMPLETED : State.FAILED;
    }

    /** With one result, {@code [[fail-one]]} is the failure of all. */
    private boolean allFail() {
        return directives.outcome() == Outcome.FAIL_ONE && mediaIds.size() == 1;
    }

    private String spelled(State state) {
        if (!state.isEnd() && directives.outcome() == Outcome.EMPTY_STATUS) {
            return "";
        }
        String text = directives.oldStatus() ? state.synonym : state.usual;
        return directives.has("upper-case") ? text.toUpperCase(Locale.ROOT) : text;
    }

    private String failure() {
        if (renderError != null) {
            return renderError;
        }
        return directives.message().isEmpty() ? "generate failed" : directives.message();
    }

    /** {@code data} of the answer to a poll (docs/contracts/mediaio.md section 3). */
    synchronized ObjectNode poll(Instant now, String origin) {
        polls++;
        State state = state(now);
        if (state.isEnd()) {
            pollsAfterEnd++;
        }
        ObjectNode data = Json.MAPPER.createObjectNode().put("task_id", id).put("status", spelled(state));
        data.put(
                "reason",
                switch (state) {
                    case COMPLETED -> "success";
                    case FAILED -> failure();
                    case TIMEOUT -> "generate timeout";
                    default -> "";
                });
        if (state == State.COMPLETED) {
            ArrayNode items = items(origin);
            if (directives.argument("result").equals("object")) {
                data.set("result", items.get(0));
            } else {
                data.set("result", items);
            }
        } else if (directives.argument("result").equals("null")) {
            data.putNull("result");
        } else if (directives.argument("result").equals("empty")) {
            data.putArray("result");
        }
        return data;
    }

    private ArrayNode items(String origin) {
        ArrayNode items = Json.MAPPER.createArrayNode();
        Result r = result;
        boolean withoutUrl = directives.outcome() == Outcome.NO_URL && pollsAfterEnd <= POLLS_WITHOUT_URL;
        for (int i = 0; r != null && i < mediaIds.size(); i++) {
            boolean failed = directives.outcome() == Outcome.FAIL_ONE && i == mediaIds.size() - 1;
            String path = r.path(mediaIds.get(i));
            items.addObject()
                    .put("val", failed ? "" : "aicloudtmp/sandbox" + path)
                    .put("preview", failed || withoutUrl ? "" : origin + path)
                    .put("status", spelled(failed ? State.FAILED : State.COMPLETED));
        }
        return items;
    }

    /** Whether polls have shown its end already. */
    synchronized boolean isSeenEnded() {
        return pollsAfterEnd > (directives.outcome() == Outcome.NO_URL ? POLLS_WITHOUT_URL : 0);
    }

    /** What the ledger shows. */
    synchronized Ledger.TaskView view(Instant now) {
        State state = state(now);
        Instant ready = dueAt;
        if (ready != null && renderedAt != null && renderedAt.isAfter(ready)) {
            ready = renderedAt;
        }
        Result r = result;
        return new Ledger.TaskView(
                MediaioService.NAME,
                account,
                id,
                generation.operation().model(),
                state.booked,
                createdAt,
                dueAt,
                state.isEnd() ? ready : null,
                polls,
                state == State.COMPLETED && r != null
                        ? mediaIds.stream().map(r::path).toList()
                        : List.of(),
                generation.credits(),
                generation.inputs().stream()
                        .flatMap(url -> MediaStore.pathOf(url).stream())
                        .toList(),
                Ledger.TaskView.progressOf(createdAt, dueAt, now),
                state == State.TIMEOUT ? "timeout" : state == State.FAILED ? failure() : "");
    }
}
