/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Directives.Outcome;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.media.Rendered;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task. Its state follows from the time and from its rendering; nothing runs for it. The polls are counted, as some
 * answers come only once.
 */
final class ImaTask {
    /** How long the service shows a task as waiting, at most. */
    private static final Duration MAX_PENDING = Duration.ofSeconds(5);
    /** The service's own limit is longer than any task; only the field matters here. */
    private static final Duration TIMEOUT = Duration.ofMinutes(40);
    /** How many polls of a finished task show no URL under {@code [[no-url]]}. */
    private static final int POLLS_WITHOUT_URL = 3;

    private enum Phase {
        PENDING,
        PROCESSING,
        ENDED
    }

    private final String id;
    private final String bizId;
    private final String account;
    private final CreateRequest create;
    private final Directives directives;
    private final Instant createdAt;
    private final Instant pendingUntil;
    private final @Nullable Instant dueAt;
    private final boolean transitional;
    private final List<String> mediaIds;

    private @Nullable Rendered rendered;
    private @Nullable Instant renderedAt;
    private @Nullable String renderError;
    private int polls;
    private int pollsAfterEnd;

    /** @param transitional whether the first poll after its end shows no URL yet */
    ImaTask(
            String id,
            String bizId,
            String account,
            CreateRequest create,
            Directives directives,
            Instant createdAt,
            Duration takes,
            boolean transitional,
            List<String> mediaIds) {
        this.id = id;
        this.bizId = bizId;
        this.account = account;
        this.create = create;
        this.directives = directives;
        this.createdAt = createdAt;
        this.transitional = transitional;
        this.mediaIds = List.copyOf(mediaIds);
        this.dueAt = directives.outcome() == Outcome.STUCK ? null : createdAt.plus(takes);
        Duration waits = takes.dividedBy(10);
        this.pendingUntil = createdAt.plus(waits.compareTo(MAX_PENDING) < 0 ? waits : MAX_PENDING);
    }

    String id() {
        return id;
    }

    String account() {
        return account;
    }

    List<String> mediaIds() {
        return mediaIds;
    }

    synchronized void rendered(Rendered result, Instant at) {
        rendered = result;
        renderedAt = at;
    }

    synchronized void renderFailed(String why, Instant at) {
        renderError = why;
        renderedAt = at;
    }

    /** The answer to its creation. */
    ObjectNode created() {
        ObjectNode data = Json.MAPPER.createObjectNode().put("id", id).put("biz_id", bizId);
        data.put("task_type", create.leaf().taskType());
        data.putArray("medias");
        return times(data);
    }

    private ObjectNode times(ObjectNode data) {
        return data.put("generate_count", create.count())
                .put("created_at", createdAt.toEpochMilli())
                .put("timeout_at", createdAt.plus(TIMEOUT).toEpochMilli());
    }

    /**
     * The answer to a poll (docs/contracts/ima.md section 7).
     *
     * @param origin put before the paths of media
     */
    synchronized ObjectNode poll(Instant now, String origin) {
        polls++;
        Phase phase = phase(now);
        ObjectNode data = Json.MAPPER.createObjectNode().put("id", id).put("biz_id", bizId);
        data.put("task_type", create.leaf().taskType()).put("prompt", create.prompt());
        Outcome outcome = outcome();
        boolean first = phase == Phase.ENDED && pollsAfterEnd++ == 0;
        boolean between = first && transitional && outcome == Outcome.SUCCEED;
        data.put(
                "status",
                switch (phase) {
                    case PENDING -> "pending";
                    case PROCESSING -> "processing";
                    case ENDED -> between ? "processing" : outcome.needsMedia() ? succeeded(outcome) : "failed";
                });
        ArrayNode medias = data.putArray("medias");
        if (phase != Phase.PENDING || polls > 1) {
            mediaIds.forEach(m -> medias.add(medium(phase, outcome, between, m, origin)));
        }
        return times(data);
    }

    private static String succeeded(Outcome outcome) {
        return outcome == Outcome.COMPLETED ? "completed" : "success";
    }

    private Phase phase(Instant now) {
        if (dueAt != null && !now.isBefore(dueAt) && (!outcome().needsMedia() || rendered != null)) {
            return Phase.ENDED;
        }
        return now.isBefore(pendingUntil) ? Phase.PENDING : Phase.PROCESSING;
    }

    private Outcome outcome() {
        return renderError != null ? Outcome.FAIL : directives.outcome();
    }

    private ObjectNode medium(Phase phase, Outcome outcome, boolean between, String mediaId, String origin) {
        ObjectNode m = Json.MAPPER.createObjectNode();
        for (String empty : List.of("url", "watermark_url", "preview_url", "cover", "cover_url")) {
            m.putNull(empty);
        }
        m.put("format", "mp4").put("duration_str", create.seconds() + "s");
        m.put("model_id", create.leaf().modelId())
                .put("mode_name", create.leaf().name());
        m.put("error_msg", "").put("remark", "");
        if (rendered != null) {
            m.put("width", rendered.width()).put("height", rendered.height());
        }
        if (phase == Phase.PENDING) {
            return m.put("resource_status", 0).put("status", "pending");
        } else if (phase == Phase.PROCESSING) {
            return (outcome == Outcome.EMPTY_STATUS ? m.put("resource_status", "") : unfinished(m))
                    .put("status", "processing");
        } else if (between) {
            return m.put("resource_status", 1).put("status", "processing");
        }
        return ended(m, outcome, mediaId, origin);
    }

    /** Not finished is 0 in some answers and null in others. */
    private ObjectNode unfinished(ObjectNode m) {
        return polls % 2 == 0 ? m.putNull("resource_status") : m.put("resource_status", 0);
    }

    private ObjectNode ended(ObjectNode m, Outcome asked, String mediaId, String origin) {
        String message = renderError != null ? renderError : directives.message();
        boolean last = mediaIds.indexOf(mediaId) == mediaIds.size() - 1;
        Outcome outcome = asked == Outcome.FAIL_ONE && last ? Outcome.FAIL : asked;
        switch (outcome) {
            case FAIL ->
                m.put("resource_status", 2)
                        .put("status", "failed")
                        .put("error_msg", message.isEmpty() ? "Generation failed" : message);
            // the contract has no status for it: resource_status alone tells
            case DELETED, CANCELED -> m.put("resource_status", 3).put("status", "processing");
            case FAILED_STATUS -> unfinished(m).put("status", "failed").put("remark", message);
            case FAILED_AFTER ->
                m.put("resource_status", 1).put("status", "failed").put("error_msg", message);
            default -> {
                m.put("resource_status", 1).put("status", succeeded(outcome));
                String video = origin + "/media/out/" + mediaId + ".mp4";
                String cover = origin + "/media/out/" + mediaId + ".jpg";
                boolean withoutUrl = outcome == Outcome.NO_URL && pollsAfterEnd <= POLLS_WITHOUT_URL;
                if (!withoutUrl) {
                    m.put("watermark_url", video).put("cover", cover).put("cover_url", cover);
                    if (outcome != Outcome.WATERMARK_ONLY) {
                        m.put("url", video);
                    }
                }
            }
        }
        return m;
    }

    /** Whether a poll has shown its end already. */
    synchronized boolean isSeenEnded() {
        Outcome outcome = outcome();
        int early = outcome == Outcome.NO_URL ? POLLS_WITHOUT_URL : outcome == Outcome.SUCCEED && transitional ? 1 : 0;
        return pollsAfterEnd > early;
    }

    /** What the ledger shows. */
    synchronized Ledger.TaskView view(Instant now) {
        Phase phase = phase(now);
        Outcome outcome = outcome();
        String state = switch (phase) {
            case PENDING -> "PENDING";
            case PROCESSING -> "PROCESSING";
            case ENDED ->
                outcome == Outcome.DELETED || outcome == Outcome.CANCELED
                        ? "DELETED"
                        : outcome.needsMedia() ? "SUCCEEDED" : "FAILED";
        };
        boolean done = phase == Phase.ENDED;
        Instant ready = dueAt;
        if (ready != null && renderedAt != null && renderedAt.isAfter(ready)) {
            ready = renderedAt;
        }
        return new Ledger.TaskView(
                ImaService.NAME,
                account,
                id,
                create.leaf().id(),
                state,
                createdAt,
                dueAt,
                done ? ready : null,
                polls,
                done && outcome.needsMedia()
                        ? mediaIds.stream().map(m -> "/media/out/" + m + ".mp4").toList()
                        : List.of(),
                create.total(),
                create.inputs().stream()
                        .flatMap(u -> MediaStore.pathOf(u).stream())
                        .toList(),
                Ledger.TaskView.progressOf(createdAt, dueAt, now),
                !done || outcome.needsMedia()
                        ? ""
                        : renderError != null
                                ? renderError
                                : directives.message().isEmpty() ? outcome.name() : directives.message());
    }

    boolean isBizId(String anId) {
        return bizId.equals(anId);
    }
}
