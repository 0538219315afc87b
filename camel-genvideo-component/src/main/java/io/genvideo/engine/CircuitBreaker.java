/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.PollOutcome.Trouble;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one account for one kind of call: polls, or what is sent before a task exists. Closed, it lets all
 * calls through. Enough failures open it: calls queue, and one at a time goes through as a probe, at most every half second
 * (half-open). A response closes it, and the queued calls follow, spread over a short time.
 *
 * <p>Refused credentials open it with rare probes. A rate limit opens it for as long as the service asks, without probes.
 */
final class CircuitBreaker {
    private static final Backoff PROBES = Backoff.between(Duration.ofMillis(500), Duration.ofSeconds(5));
    private static final Backoff UNAUTHORISED_PROBES = Backoff.between(Duration.ofSeconds(30), Duration.ofSeconds(30));
    private static final Backoff RATE_LIMIT = Backoff.between(Duration.ofSeconds(2), Duration.ofMinutes(1));
    private static final Duration PROBE_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration SENDING_SPREAD = Duration.ofSeconds(2);
    private static final Duration CLOCKS_DIFFER = Duration.ofMillis(200);
    private static final long SPREAD_MILLIS_PER_CALL = 20;

    /** The standard states, and whether the open breaker waits for a probe or for the end of a rate limit. */
    enum State {
        CLOSED,
        OPEN,
        OPEN_UNAUTHORISED,
        RATE_LIMITED
    }

    /**
     * When a breaker opens, and when the next probe may follow.
     *
     * @param failures in a row that open it
     * @param tasks that these failures are about, at least
     * @param awaitsProbe whether the next probe waits for the response to the one before; else it only waits for its time,
     *     because a task that is being prepared may never report back
     * @param spread over which queued calls follow a response, at most
     */
    record Rules(int failures, int tasks, boolean awaitsProbe, Duration spread) {
        static Rules ofPolls(Duration pollFloor) {
            return new Rules(5, 3, true, pollFloor);
        }

        static Rules ofSending() {
            return new Rules(1, 1, false, SENDING_SPREAD);
        }
    }

    /** A call of one task, which the breaker may hold back. */
    interface Call {
        String recordId();

        /** Whether it still waits for its turn. */
        boolean isWaiting();

        /** Makes the call now. */
        void proceed();
    }

    private final String account;
    private final Rules rules;
    private final EventLoop loop;
    private final LimitShares nodes;
    private final RandomGenerator random;
    private final TaskObserver observer;

    private final ArrayDeque<Call> queue = new ArrayDeque<>();
    private final Set<String> failing = new HashSet<>();
    private int failures;
    private State state = State.CLOSED;
    private Backoff probes = PROBES;
    private Backoff rateLimit = RATE_LIMIT;
    private Duration limitedUntil = Duration.ZERO;
    private Duration ownUntil = Duration.ZERO;
    /** Until the next probe, or the end of the rate limit. */
    private EventLoop.@Nullable Timer timer;
    /** In flight, half-open. */
    private @Nullable Call probe;

    /** @param nodes which probe the same account, each by itself */
    CircuitBreaker(
            String account,
            Rules rules,
            EventLoop loop,
            LimitShares nodes,
            RandomGenerator random,
            TaskObserver observer) {
        this.account = account;
        this.rules = rules;
        this.loop = loop;
        this.nodes = nodes;
        this.random = random;
        this.observer = observer;
    }

    /** Whether a call may be made now; if not, it is queued and {@linkplain Call#proceed made} in its turn. */
    boolean admits(Call call) {
        if (state == State.CLOSED) {
            return true;
        }
        queue.addLast(call);
        return false;
    }

    /** Whether calls are held back. An open breaker for which no call waits any more closes. */
    boolean isOpen() {
        if (state != State.CLOSED && probe == null) {
            queue.removeIf(c -> !c.isWaiting());
            if (queue.isEmpty() && state != State.RATE_LIMITED) {
                close();
            }
        }
        return state != State.CLOSED;
    }

    /** The service responded, to whatever call: it can be reached. */
    void succeeded() {
        probe = null;
        if (failures > 0) {
            failures = 0;
            failing.clear();
        }
        rateLimit = rateLimit.reset();
        if (state == State.OPEN || state == State.OPEN_UNAUTHORISED) {
            observer.warning(account + " answers again, " + queue.size() + " tasks are asked about");
            close();
        }
    }

    /**
     * The service gave no usable response to a call.
     *
     * @param retryAfter as the service asked, or {@code null}
     * @return whether the call is queued here and will be made again; else its own schedule goes on
     */
    boolean failed(Call call, Trouble.Kind kind, @Nullable Duration retryAfter, String message) {
        if (probe == call) {
            probe = null;
        }
        switch (kind) {
            case RATE_LIMITED -> limit(retryAfter);
            case UNAUTHORISED -> open(State.OPEN_UNAUTHORISED, message);
            case UNAVAILABLE -> count(call, message);
            case UNKNOWN_TASK -> succeeded();
        }
        if (state == State.CLOSED) {
            return false;
        }
        queue.addLast(call);
        return true;
    }

    private boolean isProbing() {
        return state == State.OPEN || state == State.OPEN_UNAUTHORISED;
    }

    private void count(Call call, String message) {
        if (isProbing()) {
            scheduleProbe();
            return;
        }
        failures++;
        failing.add(call.recordId());
        if (state == State.CLOSED && failures >= rules.failures() && failing.size() >= rules.tasks()) {
            open(State.OPEN, message);
        }
    }

    private void open(State why, String message) {
        if (state != why) {
            cancelTimer();
            state = why;
            probes = why == State.OPEN ? PROBES : UNAUTHORISED_PROBES;
            observer.warning(
                    why == State.OPEN
                            ? account + " does not answer (" + message + "): its tasks wait, none is lost"
                            : account + " does not accept the credentials (" + message
                                    + "): its tasks wait, none is lost");
        }
        scheduleProbe();
    }

    /** One probe at a time: failures of calls that were in flight when the breaker opened start no other. */
    private void scheduleProbe() {
        if (timer == null && probe == null) {
            timer = loop.schedule(probes.delay().multipliedBy(nodes.nodes()), this::sendProbe);
            probes = probes.next();
        }
    }

    private void sendProbe() {
        timer = null;
        if (!isOpen() || !isProbing()) {
            return;
        }
        Call next = queue.removeFirst();
        if (rules.awaitsProbe()) {
            probe = next;
            loop.schedule(PROBE_TIMEOUT, () -> abandonProbe(next));
        } else {
            scheduleProbe();
        }
        next.proceed();
    }

    /** A provider that never ends its call must not hold the whole account back. */
    private void abandonProbe(Call sent) {
        if (probe == sent) {
            probe = null;
            if (isProbing()) {
                scheduleProbe();
            }
        }
    }

    private void limit(@Nullable Duration retryAfter) {
        if (isProbing()) {
            scheduleProbe();
            return;
        }
        if (state == State.RATE_LIMITED && retryAfter == null) {
            // calls that were in flight together are refused together
            return;
        }
        Duration pause = retryAfter == null ? rateLimit.delay() : retryAfter;
        if (retryAfter == null && state != State.RATE_LIMITED) {
            rateLimit = rateLimit.next();
        }
        limitFor(pause);
        ownUntil = limitedUntil;
        nodes.changed();
    }

    /** Until when the service has asked this node to slow down; none if that was another one. */
    Duration pause() {
        return ownUntil.minus(loop.elapsed());
    }

    /** The service has asked another node for fewer requests. */
    void pauseLikeOthers(Duration pause) {
        boolean isLonger = state != State.RATE_LIMITED
                || loop.elapsed().plus(pause).minus(limitedUntil).compareTo(CLOCKS_DIFFER) > 0;
        if (!isProbing() && isLonger && pause.compareTo(CLOCKS_DIFFER) > 0) {
            limitFor(pause);
        }
    }

    private void limitFor(Duration pause) {
        Duration until = loop.elapsed().plus(pause);
        if (state == State.RATE_LIMITED && until.compareTo(limitedUntil) <= 0) {
            return;
        }
        state = State.RATE_LIMITED;
        limitedUntil = until;
        observer.warning(account + " asks for fewer requests: none for " + pause.toMillis() + " ms");
        cancelTimer();
        timer = loop.schedule(pause, this::close);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void close() {
        cancelTimer();
        state = State.CLOSED;
        probes = PROBES;
        failures = 0;
        failing.clear();
        List<Call> released = List.copyOf(queue);
        queue.clear();
        long window = Math.min(rules.spread().toMillis(), SPREAD_MILLIS_PER_CALL * released.size());
        for (Call call : released) {
            loop.schedule(Duration.ofMillis(window <= 0 ? 0 : random.nextLong(window)), () -> {
                if (call.isWaiting() && admits(call)) {
                    call.proceed();
                }
            });
        }
    }
}
