/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets an account's tasks through to the service in their turn: so many in flight, none while the service asks to slow down,
 * and one at a time once the service had no capacity for another one.
 */
final class ConcurrencyLimiter {
    private static final Duration CAPACITY_WITHIN = Duration.ofSeconds(30);

    private final EventLoop loop;
    private final LimitShare share;
    /** By turn. */
    private final TreeMap<Long, Candidate> waiting = new TreeMap<>();

    private long turns;
    private int inFlight;
    private Duration slowUntil = Duration.ZERO;
    private Duration ownUntil = Duration.ZERO;
    private Backoff slower = Backoff.between(Duration.ofSeconds(2), Duration.ofMinutes(1));
    private EventLoop.@Nullable Timer slow;
    /** Whether the service had no capacity for one of the last tasks, so that they are tried one at a time. */
    private boolean full;

    private EventLoop.@Nullable Timer capacity;
    private @Nullable Candidate tried;

    /** @param share of the limit, which holds over all nodes */
    ConcurrencyLimiter(EventLoop loop, LimitShare share) {
        this.loop = loop;
        this.share = share.usedBy(() -> inFlight, () -> inFlight + waiting.size(), this::admit);
    }

    /** Something that wants to be sent. */
    interface Candidate {
        int maxInFlight();

        /** Whether it can be sent now; one that was sent back is not before the journal says so, and keeps its turn. */
        boolean isReady();

        /** It has a permit now and must give it back with {@link ConcurrencyLimiter#leave}. */
        void admitted();
    }

    int inFlight() {
        return inFlight;
    }

    int waiting() {
        return waiting.size();
    }

    /** The next turn: the earlier one goes first. */
    long newTurn() {
        return turns++;
    }

    /** Queues a candidate by its turn; one that was sent back by the service comes again with the turn it had. */
    void enter(long turn, Candidate candidate) {
        waiting.put(turn, candidate);
        admit();
    }

    /** A queued candidate has become ready. */
    void ready() {
        admit();
    }

    /** The candidate does not want to be sent any more; without effect if it is not queued. */
    void withdraw(long turn) {
        waiting.remove(turn);
    }

    /** Takes a permit for a task that the service already has, whatever the limit. */
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

    /** The create call of a candidate was answered, or will not be sent. */
    void answered(Candidate candidate) {
        if (tried == candidate) {
            tried = null;
            full = full && !waiting.isEmpty();
            admit();
        }
    }

    /**
     * The service has as many tasks of the account as it takes. Nothing is sent before one of them has ended, or the time is
     * over; then one is tried.
     *
     * @param atMost as the service asked, or {@code null}
     */
    void noCapacity(@Nullable Duration atMost) {
        full = true;
        if (capacity == null) {
            capacity = loop.schedule(atMost == null ? CAPACITY_WITHIN : atMost, this::tryCapacity);
        }
    }

    /** A task of the account has ended at the service. */
    void taskEnded() {
        if (capacity != null) {
            capacity.cancel();
            tryCapacity();
        }
    }

    private void tryCapacity() {
        capacity = null;
        admit();
    }

    /**
     * The service asked to slow down.
     *
     * @param retryAfter as it said, or {@code null}
     */
    void slowDown(@Nullable Duration retryAfter) {
        if (slow != null && retryAfter == null) {
            // calls that were under way together are refused together; that is one reason to slow down, not many
            return;
        }
        Duration pause = retryAfter == null ? slower.delay() : retryAfter;
        if (retryAfter == null) {
            slower = slower.next();
        }
        pauseFor(pause);
        ownUntil = slowUntil;
        share.publish();
    }

    /** Until when the service has asked this node to slow down; none if that was another one. */
    Duration pause() {
        return ownUntil.minus(loop.elapsed());
    }

    /** The service has asked another node to slow down. */
    void pauseLikeOthers(Duration pause) {
        pauseFor(pause);
    }

    private void pauseFor(Duration pause) {
        Duration until = loop.elapsed().plus(pause);
        if (slow == null || until.compareTo(slowUntil) > 0) {
            slowUntil = until;
            if (slow != null) {
                slow.cancel();
            }
            slow = loop.schedule(pause, () -> {
                slow = null;
                admit();
            });
        }
    }

    private boolean isClosed() {
        return slow != null || capacity != null || full && tried != null;
    }

    private void admit() {
        while (!waiting.isEmpty() && !isClosed()) {
            Map.Entry<Long, Candidate> first = waiting.firstEntry();
            Candidate next = first.getValue();
            if (!next.isReady() || !share.allows(inFlight, next.maxInFlight())) {
                return;
            }
            waiting.remove(first.getKey());
            inFlight++;
            if (full) {
                tried = next;
            }
            next.admitted();
        }
    }
}
