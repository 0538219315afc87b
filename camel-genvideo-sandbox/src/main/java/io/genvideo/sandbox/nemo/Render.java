/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Directives.Outcome;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.media.Results.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An export of a draft: pending, processing, and then one of three ends (docs/contracts/nemo.md section 8). Thread-safe. */
final class Render {
    /** How many polls of a completed export show no URL under {@code [[no-url]]}. */
    private static final int POLLS_WITHOUT_URL = 3;

    private static final double PENDING_SHARE = 0.1;

    private final String id;
    private final Session session;
    private final Message after;
    private final Draft draft;
    private final Directives directives;
    private final boolean fails;
    private final boolean inData;
    private final Instant createdAt;
    private final Duration takes;
    private final String mediaId = UUID.randomUUID().toString();
    private @Nullable Result result;
    private @Nullable Instant renderedAt;
    private boolean cancelled;
    private int pollsAfterEnd;

    /**
     * @param after the message that made the draft last
     * @param inData whether its state is shown in {@code data}
     */
    Render(
            String id,
            Session session,
            Message after,
            Draft draft,
            boolean fails,
            boolean inData,
            Instant createdAt,
            Duration takes) {
        this.id = id;
        this.session = session;
        this.after = after;
        this.draft = draft;
        this.directives = after.directives();
        this.fails = fails;
        this.inData = inData;
        this.createdAt = createdAt;
        this.takes = takes;
    }

    String id() {
        return id;
    }

    Session session() {
        return session;
    }

    Message after() {
        return after;
    }

    Draft draft() {
        return draft;
    }

    String mediaId() {
        return mediaId;
    }

    synchronized void rendered(@Nullable Result what, Instant at) {
        result = what;
        renderedAt = at;
    }

    private Instant dueAt() {
        return createdAt.plus(takes);
    }

    private boolean hasEnded(Instant now) {
        boolean stuck = directives.has("render-stuck");
        return cancelled || (!stuck && !now.isBefore(dueAt()) && renderedAt != null);
    }

    private String status(Instant now) {
        if (cancelled) {
            return "cancelled";
        } else if (hasEnded(now)) {
            return fails || result == null ? "failed" : "completed";
        }
        Duration pending = Duration.ofMillis(Math.round(takes.toMillis() * PENDING_SHARE));
        return now.isBefore(createdAt.plus(pending)) ? "pending" : "processing";
    }

    /** The response to its creation, which has one shape only. */
    Answered created() {
        return new Answered(
                true,
                Json.MAPPER
                        .createObjectNode()
                        .put("id", id)
                        .put("status", "pending")
                        .put("progress", 5));
    }

    /**
     * What is answered.
     *
     * @param inData whether it stands in {@code data}
     */
    record Answered(boolean inData, ObjectNode fields) {}

    synchronized Answered poll(Instant now, String origin) {
        String status = status(now);
        if (hasEnded(now)) {
            pollsAfterEnd++;
        }
        ObjectNode fields = Json.MAPPER.createObjectNode().put(inData ? "id" : "taskId", id);
        fields.put("status", status).put("progress", progress(now, status));
        if (status.equals("failed")) {
            fields.put(inData ? "message" : "error", "The render failed");
        }
        Result r = result;
        boolean withheld = directives.outcome() == Outcome.NO_URL && pollsAfterEnd <= POLLS_WITHOUT_URL;
        if (status.equals("completed") && r != null && !withheld) {
            String gone = directives.has("url-gone") ? "gone-" : "";
            String url = origin + r.path(gone + mediaId);
            if (inData) {
                fields.put("outputUrl", url).put("createdAt", createdAt.toEpochMilli());
                fields.put("completedAt", dueAt().toEpochMilli());
            } else {
                ObjectNode output = fields.putObject("output").put("url", url);
                output.put("duration", (double) draft.result().seconds()).put("size", r.bytes());
            }
        }
        return new Answered(inData, fields);
    }

    private int progress(Instant now, String status) {
        if (status.equals("completed")) {
            return 100;
        }
        double share = (double) Duration.between(createdAt, now).toMillis() / Math.max(1, takes.toMillis());
        return (int) Math.max(5, Math.min(95, Math.round(share * 100)));
    }

    /** Whether polls have shown its end already. */
    synchronized boolean isSeenEnded() {
        return pollsAfterEnd > (directives.outcome() == Outcome.NO_URL ? POLLS_WITHOUT_URL : 0);
    }

    /** Cancels it unless it has ended. */
    synchronized boolean cancel(Instant now) {
        if (hasEnded(now)) {
            return false;
        }
        cancelled = true;
        return true;
    }

    /** Path of its video on this server; empty unless it is completed. */
    synchronized Optional<String> path(Instant now) {
        Result r = result;
        return r != null && status(now).equals("completed") ? Optional.of(r.path(mediaId)) : Optional.empty();
    }
}
