/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Directives.Outcome;
import io.genvideo.sandbox.EventSource;
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
    /** Heartbeats that are sent at once at most, when the clock has jumped. */
    private static final int MAX_BEATS = 20;

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
    private final MessageKind kind;
    private final Directives directives;
    private final String promptHash;
    private final Brief brief;
    private final Plan plan;
    private final MessageStream stream;
    private final MessageReport report;
    private final String mediaId = UUID.randomUUID().toString();
    private final List<Step> steps = new ArrayList<>();
    private int done;
    private Instant nextBeat;
    private @Nullable Result result;
    private @Nullable Instant renderedAt;
    private @Nullable String failure;
    private @Nullable Instant endedAt;

    Message(
            Session session,
            int number,
            MessageKind kind,
            Directives directives,
            String promptHash,
            Brief brief,
            Plan plan) {
        this.session = session;
        this.number = number;
        this.kind = kind;
        this.directives = directives;
        this.promptHash = promptHash;
        this.brief = brief;
        this.plan = plan;
        this.stream = new MessageStream(directives);
        this.report = new MessageReport(stream, plan.shape(), directives, kind, plan.silent());
        this.nextBeat = plan.createdAt();
        plan();
    }

    private void plan() {
        boolean fails = !directives.outcome().needsMedia() && directives.outcome() != Outcome.STUCK;
        at(0, report::opening);
        if (kind != MessageKind.TALK) {
            at(0.05, () -> report.toolCall(brief));
        }
        if (directives.outcome() == Outcome.STUCK) {
            return;
        }
        if (fails) {
            at(1, () -> fail(directives.message().isEmpty() ? "The generation failed." : directives.message()));
        } else if (!needsMedia()) {
            at(1, () -> finish(kind.tool));
        } else if (kind == MessageKind.GENERATE) {
            steps.add(new Step(time(0.8), true, this::firstStage));
            steps.add(new Step(time(1), true, () -> finish(MessageKind.EDIT.tool)));
        } else {
            steps.add(new Step(time(1), true, () -> finish(MessageKind.EDIT.tool)));
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
        return directives.has("late-stage") && kind == MessageKind.GENERATE && needsMedia();
    }

    private void firstStage() {
        session.change(this, false);
        report.firstStage(!isLate());
    }

    private void fail(String why) {
        failure = why;
        end();
        report.error(why);
    }

    /** @param tool the one whose result comes last; empty without one */
    private void finish(String tool) {
        if (needsMedia() && !isLate()) {
            session.change(this, true);
        }
        end();
        report.closing(isLate() ? "" : tool);
    }

    private void end() {
        Instant due = plan.createdAt().plus(plan.takes());
        endedAt = renderedAt != null && renderedAt.isAfter(due) ? renderedAt : due;
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
        return kind != MessageKind.TALK && directives.outcome().needsMedia() && !directives.has("unchanged");
    }

    void rendered(Result what, Instant at) {
        synchronized (session) {
            result = what;
            renderedAt = at;
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

    MessageKind kind() {
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

    /** Whether its stream is over before its end. */
    boolean isBroken() {
        return stream.isBroken();
    }

    /** Whether its stream was received to the end. */
    boolean isReceived() {
        return stream.isCompleted();
    }
}
