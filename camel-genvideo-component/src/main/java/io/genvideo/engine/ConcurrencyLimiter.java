/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Lets an account's tasks through to the service: so many in flight, none while the service asks to slow down. */
final class ConcurrencyLimiter {
    private final EventLoop loop;
    private final ArrayDeque<Candidate> waiting = new ArrayDeque<>();
    private int inFlight;
    private Instant slowUntil = Instant.MIN;
    private Backoff slower = Backoff.between(Duration.ofSeconds(2), Duration.ofMinutes(1));
    private EventLoop.@Nullable Timer release;

    ConcurrencyLimiter(EventLoop loop) {
        this.loop = loop;
    }

    /** Something that wants to be sent. */
    interface Candidate {
        int maxInFlight();

        /** Whether it still wants to. */
        boolean isWanted();

        /** It has a place now and must give it back with {@link ConcurrencyLimiter#leave}. */
        void admitted();
    }

    int inFlight() {
        return inFlight;
    }

    int waiting() {
        return waiting.size();
    }

    void enter(Candidate candidate) {
        waiting.addLast(candidate);
        admit();
    }

    /** For one that had its turn and was sent back by the service: it keeps its place in the queue. */
    void enterFirst(Candidate candidate) {
        waiting.addFirst(candidate);
        admit();
    }

    /** Takes a place for a task that the service already has, whatever the limit. */
    void occupy() {
        inFlight++;
    }

    void leave() {
        inFlight--;
        admit();
    }

    /** The service accepted something: it is not overloaded. */
    void relax() {
        slower = slower.reset();
    }

    /**
     * The service asked to slow down.
     *
     * @param retryAfter as it said, or {@code null}
     */
    void slowDown(@Nullable Duration retryAfter) {
        if (release != null && retryAfter == null) {
            // calls that were under way together are refused together; that is one reason to slow down, not many
            return;
        }
        Duration pause = retryAfter == null ? slower.delay() : retryAfter;
        if (retryAfter == null) {
            slower = slower.next();
        }
        Instant until = loop.now().plus(pause);
        if (release == null || until.isAfter(slowUntil)) {
            slowUntil = until;
            if (release != null) {
                release.cancel();
            }
            release = loop.schedule(pause, () -> {
                release = null;
                admit();
            });
        }
    }

    private void admit() {
        while (true) {
            Candidate next = waiting.peekFirst();
            if (next == null) {
                return;
            }
            if (!next.isWanted()) {
                waiting.removeFirst();
            } else if (inFlight >= next.maxInFlight() || release != null) {
                return;
            } else {
                waiting.removeFirst();
                inFlight++;
                next.admitted();
            }
        }
    }
}
