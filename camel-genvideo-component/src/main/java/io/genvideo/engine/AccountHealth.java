/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.PollOutcome.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether an account's service answers. Five failures in a row over at least three tasks mean that it is down: then its
 * tasks are not asked about any more, only one of them at a time as a probe, at most every half second, until there is an
 * answer. Credentials that are refused pause the account the same way, with rare probes.
 */
final class AccountHealth {
    private static final int FAILURES = 5;
    private static final int TASKS = 3;
    private static final Duration PROBE_LEAST = Duration.ofMillis(500);
    private static final Duration PROBE_MOST = Duration.ofSeconds(5);
    private static final Duration PAUSED_PROBE = Duration.ofSeconds(30);
    private static final Duration PROBE_PATIENCE = Duration.ofMinutes(2);
    private static final Duration SLOW_LEAST = Duration.ofSeconds(2);
    private static final Duration SLOW_MOST = Duration.ofMinutes(1);

    private enum State {
        UP,
        SLOWED,
        DOWN,
        PAUSED
    }

    private final String account;
    private final EventLoop loop;
    private final RandomGenerator random;
    private final Duration spread;
    private final TaskObserver observer;

    private final ArrayDeque<Patient> parked = new ArrayDeque<>();
    private final Set<String> failing = new HashSet<>();
    private int failures;
    private State state = State.UP;
    private Duration probeNext = PROBE_LEAST;
    private Duration slowNext = SLOW_LEAST;
    private boolean probing;
    private @Nullable Patient probe;
    private EventLoop.@Nullable Timer slow;
    private Instant slowUntil = Instant.MIN;

    /** @param spread over which parked tasks are asked about once the service is back */
    AccountHealth(String account, EventLoop loop, RandomGenerator random, Duration spread, TaskObserver observer) {
        this.account = account;
        this.loop = loop;
        this.random = random;
        this.spread = spread;
        this.observer = observer;
    }

    /** A task that is asked about. */
    interface Patient {
        String recordId();

        boolean isOver();

        /** Asks now. */
        void ask();
    }

    /** Whether a task may be asked about now; if not, it will be {@linkplain Patient#ask asked} when it may. */
    boolean admits(Patient patient) {
        if (state == State.UP) {
            return true;
        }
        parked.addLast(patient);
        return false;
    }

    /** The service gave an answer about a task. */
    void answered(Patient patient) {
        if (probe == patient) {
            probe = null;
        }
        failures = 0;
        failing.clear();
        slowNext = SLOW_LEAST;
        if (state == State.DOWN || state == State.PAUSED) {
            observer.warning(account + " answers again, " + parked.size() + " tasks are asked about");
            up();
        }
    }

    /**
     * The service gave no answer about a task.
     *
     * @return whether the task is parked here and will be asked about again; else its own schedule goes on
     */
    boolean failed(Patient patient, Trouble.Kind kind, @Nullable Duration retryAfter, String what) {
        if (probe == patient) {
            probe = null;
        }
        switch (kind) {
            case RATE_LIMITED -> slow(retryAfter);
            case UNAUTHORISED -> down(State.PAUSED, what);
            case UNAVAILABLE -> countFailure(patient, what);
            case UNKNOWN_TASK -> answered(patient);
        }
        if (state == State.UP) {
            return false;
        }
        parked.addLast(patient);
        return true;
    }

    private void countFailure(Patient patient, String what) {
        if (state == State.DOWN || state == State.PAUSED) {
            scheduleProbe();
            return;
        }
        failures++;
        failing.add(patient.recordId());
        if (state == State.UP && failures >= FAILURES && failing.size() >= TASKS) {
            down(State.DOWN, what);
        }
    }

    private void down(State why, String what) {
        if (state != why) {
            endSlow();
            state = why;
            probeNext = why == State.PAUSED ? PAUSED_PROBE : PROBE_LEAST;
            observer.warning(
                    why == State.PAUSED
                            ? account + " does not accept the credentials (" + what + "): its tasks wait, none is lost"
                            : account + " does not answer (" + what + "): its tasks wait, none is lost");
        }
        scheduleProbe();
    }

    /** One probe at a time: the failures of looks that were under way when the service went down start no other. */
    private void scheduleProbe() {
        if (probing || probe != null) {
            return;
        }
        probing = true;
        Duration delay = probeNext;
        if (state == State.DOWN) {
            Duration doubled = probeNext.multipliedBy(2);
            probeNext = doubled.compareTo(PROBE_MOST) < 0 ? doubled : PROBE_MOST;
        }
        loop.schedule(delay, this::sendProbe);
    }

    private void sendProbe() {
        probing = false;
        if (state != State.DOWN && state != State.PAUSED) {
            return;
        }
        Patient next = parked.pollFirst();
        while (next != null && next.isOver()) {
            next = parked.pollFirst();
        }
        if (next == null) {
            up();
        } else {
            Patient sent = next;
            probe = sent;
            loop.schedule(PROBE_PATIENCE, () -> giveUpProbe(sent));
            sent.ask();
        }
    }

    /** A provider that never ends its call must not keep the whole account waiting. */
    private void giveUpProbe(Patient sent) {
        if (probe == sent) {
            probe = null;
            if (state == State.DOWN || state == State.PAUSED) {
                scheduleProbe();
            }
        }
    }

    private void slow(@Nullable Duration retryAfter) {
        if (state == State.DOWN || state == State.PAUSED) {
            scheduleProbe();
            return;
        }
        if (state == State.SLOWED && retryAfter == null) {
            return;
        }
        Duration pause = retryAfter == null ? slowNext : retryAfter;
        Instant until = loop.now().plus(pause);
        if (state == State.SLOWED && !until.isAfter(slowUntil)) {
            return;
        }
        if (retryAfter == null) {
            Duration doubled = slowNext.multipliedBy(2);
            slowNext = doubled.compareTo(SLOW_MOST) < 0 ? doubled : SLOW_MOST;
        }
        state = State.SLOWED;
        slowUntil = until;
        observer.warning(account + " asks for fewer requests: none for " + pause.toMillis() + " ms");
        endSlow();
        slow = loop.schedule(pause, () -> {
            slow = null;
            if (state == State.SLOWED) {
                up();
            }
        });
    }

    private void endSlow() {
        if (slow != null) {
            slow.cancel();
            slow = null;
        }
    }

    private void up() {
        state = State.UP;
        failures = 0;
        failing.clear();
        ArrayDeque<Patient> released = new ArrayDeque<>(parked);
        parked.clear();
        long window = Math.min(spread.toMillis(), 20L * released.size());
        for (Patient patient : released) {
            Duration delay = Duration.ofMillis(window <= 0 ? 0 : random.nextLong(window));
            loop.schedule(delay, () -> {
                if (!patient.isOver() && admits(patient)) {
                    patient.ask();
                }
            });
        }
    }
}
