/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Directives.Outcome;
import io.genvideo.sandbox.EventSource;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.media.Results.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A chat message and the work that it causes (docs/contracts/nemo.md section 6). The work goes on whether anybody receives the
 * stream or not, and shows in the state of the session. Thread-safe, under the lock of the session.
 */
final class Message {
    static final String GENERATE = "generate_video_with_seedance";
    static final String EDIT = "edit_multitrack";

    /** Heartbeats that are sent at once at most, when the clock has jumped. */
    private static final int MAX_BEATS = 20;

    /** What a message causes, and what it costs (docs/contracts/nemo.md section 8). */
    enum Kind {
        GENERATE(100, Duration.ofSeconds(200)),
        EDIT(50, Duration.ofSeconds(20)),
        TALK(0, Duration.ofSeconds(10));

        final long price;
        final Duration atService;

        Kind(long price, Duration atService) {
            this.price = price;
            this.atService = atService;
        }
    }

    /**
     * When and how it is worked on.
     *
     * @param beat time between two heartbeats
     * @param lateStage time between the end of the stream and that of the second stage
     */
    record Plan(
            Instant createdAt, Duration takes, Duration beat, Duration lateStage, EventShape shape, boolean silent) {}

    private record Step(Instant at, boolean needsMedia, Runnable action) {}

    private final Session session;
    private final int number;
    private final Kind kind;
    private final Directives directives;
    private final String promptHash;
    private final Brief brief;
    private final Plan plan;
    private final MessageStream stream;
    private final String mediaId = UUID.randomUUID().toString();
    private final List<Step> steps = new ArrayList<>();
    private int done;
    private Instant nextBeat;
    private @Nullable Result result;
    private @Nullable String failure;
    private @Nullable Instant endedAt;

    Message(Session session, int number, Kind kind, Directives directives, String promptHash, Brief brief, Plan plan) {
        this.session = session;
        this.number = number;
        this.kind = kind;
        this.directives = directives;
        this.promptHash = promptHash;
        this.brief = brief;
        this.plan = plan;
        this.stream = new MessageStream(directives);
        this.nextBeat = plan.createdAt();
        plan();
    }

    private void plan() {
        boolean fails = !directives.outcome().needsMedia() && directives.outcome() != Outcome.STUCK;
        String tool = kind == Kind.GENERATE ? GENERATE : EDIT;
        at(0, () -> say(List.of("Let me ", "work on that."), false));
        if (kind != Kind.TALK) {
            at(0.05, () -> stream.send(plan.shape().toolCall(tool, args()), false));
        }
        if (directives.outcome() == Outcome.STUCK) {
            return;
        }
        if (fails) {
            at(1, () -> fail(directives.message().isEmpty() ? "The generation failed." : directives.message()));
        } else if (!needsMedia()) {
            at(1, () -> finish(kind == Kind.TALK ? "" : tool));
        } else if (kind == Kind.GENERATE) {
            steps.add(new Step(time(0.8), true, this::firstStage));
            steps.add(new Step(time(1), true, () -> finish(EDIT)));
        } else {
            steps.add(new Step(time(1), true, () -> finish(EDIT)));
        }
        if (isLate()) {
            steps.add(new Step(time(1).plus(plan.lateStage()), true, () -> session.change(this, true)));
        }
    }

    private void at(double share, Runnable action) {
        steps.add(new Step(time(share), false, action));
    }

    private Instant time(double share) {
        return plan.createdAt().plusMillis(Math.round(plan.takes().toMillis() * share));
    }

    private boolean isLate() {
        return directives.has("late-stage") && kind == Kind.GENERATE && needsMedia();
    }

    private JsonNode args() {
        return Json.MAPPER.createObjectNode().put("prompt", brief.text()).put("duration", brief.seconds());
    }

    private static JsonNode ok() {
        return Json.MAPPER.createObjectNode().put("status", "success");
    }

    private void say(List<String> pieces, boolean last) {
        if (plan.silent()) {
            return;
        }
        List<byte[]> events = plan.shape().text(pieces);
        for (int i = 0; i < events.size(); i++) {
            stream.send(events.get(i), last && i == events.size() - 1);
        }
    }

    private void firstStage() {
        session.change(this, false);
        stream.send(plan.shape().toolResult(GENERATE, ok()), false);
        if (!isLate()) {
            stream.send(plan.shape().toolCall(EDIT, Json.MAPPER.createObjectNode()), false);
        }
    }

    private void fail(String why) {
        failure = why;
        end();
        stream.send(EventShape.error(why), true);
    }

    /** @param tool the one whose result comes last; empty without one */
    private void finish(String tool) {
        if (needsMedia() && !isLate()) {
            session.change(this, true);
        }
        end();
        if (!tool.isEmpty() && !isLate()) {
            stream.send(plan.shape().toolResult(tool, ok()), plan.silent());
        } else if (plan.silent()) {
            stream.send(plan.shape().toolCall(EDIT, Json.MAPPER.createObjectNode()), true);
        }
        boolean issue = directives.has("temporary-issue");
        say(closing(), !issue);
        if (issue) {
            say(List.of("I encountered a temporary issue. ", "Please try again later."), true);
        }
    }

    private List<String> closing() {
        if (directives.has("gui")) {
            return List.of(
                    "Your video is ready! Click the \"Export\" button in the top right corner, ", "or 点击右上角的「导出」按钮.");
        }
        return kind == Kind.TALK
                ? List.of("A hook in the first second ", "and one idea for each shot work best.")
                : List.of("Done. ", "The timeline has been updated.");
    }

    private void end() {
        endedAt = plan.createdAt().plus(plan.takes());
        session.ended(this);
    }

    /** Takes every step whose time has come. */
    void advance(Instant now) {
        synchronized (session) {
            int beats = 0;
            boolean due = isStepDue(now);
            while (due || isBeatDue(now, due)) {
                if (isBeatDue(now, due) && beats < MAX_BEATS) {
                    stream.beat();
                    beats++;
                    nextBeat = nextBeat.plus(plan.beat());
                } else if (due) {
                    done++;
                    steps.get(done - 1).action().run();
                } else {
                    break;
                }
                due = isStepDue(now);
            }
            if (!nextBeat.isAfter(now)) {
                nextBeat = now.plus(plan.beat());
            }
        }
    }

    private boolean isStepDue(Instant now) {
        if (done == steps.size()) {
            return false;
        }
        Step step = steps.get(done);
        return !step.at().isAfter(now) && !(step.needsMedia() && isRendering());
    }

    /** Whether a heartbeat comes before the next step, after the work has begun. */
    private boolean isBeatDue(Instant now, boolean stepDue) {
        boolean works = endedAt == null && done > 1;
        return works
                && !nextBeat.isAfter(now)
                && (!stepDue || nextBeat.isBefore(steps.get(done).at()));
    }

    private boolean isRendering() {
        return result == null && failure == null;
    }

    /** When to call {@link #advance} again; empty if only the end of the rendering can bring it further, or nothing. */
    Optional<Instant> next(Instant now) {
        synchronized (session) {
            Instant step = done < steps.size() ? steps.get(done).at() : Instant.MAX;
            boolean beats = stream.isOpen() && endedAt == null;
            Instant next = beats && (nextBeat.isBefore(step) || !step.isAfter(now)) ? nextBeat : step;
            return Optional.of(next).filter(t -> t.isAfter(now) && t.isBefore(Instant.MAX));
        }
    }

    /** Whether a video is to be rendered for it. */
    boolean needsMedia() {
        return kind != Kind.TALK && directives.outcome().needsMedia() && !directives.has("unchanged");
    }

    void rendered(Result what) {
        synchronized (session) {
            result = what;
        }
    }

    void renderFailed(String why) {
        synchronized (session) {
            steps.clear();
            done = 0;
            fail(why);
        }
    }

    /** Opens its stream. */
    Runnable listen(EventSource.Sink sink) {
        synchronized (session) {
            stream.open(sink);
        }
        return () -> {
            synchronized (session) {
                stream.closed();
            }
        };
    }

    /** The id under which it stands in the books. */
    String id() {
        return session.id() + "-" + number;
    }

    Kind kind() {
        return kind;
    }

    Directives directives() {
        return directives;
    }

    String promptHash() {
        return promptHash;
    }

    Brief brief() {
        return brief;
    }

    String mediaId() {
        return mediaId;
    }

    Instant createdAt() {
        return plan.createdAt();
    }

    @Nullable
    Instant dueAt() {
        return directives.outcome() == Outcome.STUCK ? null : plan.createdAt().plus(plan.takes());
    }

    /** When its work ended; null while it goes on. */
    @Nullable
    Instant endedAt() {
        return endedAt;
    }

    /** Why it failed; null unless it did. */
    @Nullable
    String failure() {
        return failure;
    }

    @Nullable
    Result result() {
        return result;
    }

    /** Whether its stream was received to the end. */
    boolean isReceived() {
        return stream.isCompleted();
    }
}
