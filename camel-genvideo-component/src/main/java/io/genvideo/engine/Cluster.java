/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.engine.ClusterState.Pause;
import io.genvideo.engine.LimitAllotment.Result;
import io.genvideo.spi.SentTasks;
import io.genvideo.spi.SharedState;
import io.genvideo.spi.TaskRepository;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this node and the others tell each other through a journal that they share: the limits of their accounts, the pauses
 * that services ask for, hints, and the time. One reading every two seconds, or every ten while no other node lives, however
 * many tasks there are; a write only if something has changed (docs/design.md section 4.11).
 */
final class Cluster {
    private static final Duration IN_COMPANY = Duration.ofSeconds(2);
    private static final Duration ALONE = Duration.ofSeconds(10);
    private static final Duration COUNT_AGAIN = Duration.ofSeconds(10);
    private static final int RACES = 5;

    private final EngineContext engine;
    private final Runnable claimLapsed;
    private EventLoop.@Nullable Timer next;
    private boolean started;
    private boolean busy;
    private boolean again;
    private boolean read;
    private boolean failing;
    /** Whether the state in the journal has this node, as far as is known here. */
    private boolean known;

    /** How often the lease has ended: what was read before says nothing about what others have taken since. */
    private int losses;

    private int races;
    private Set<String> lapsed = Set.of();
    private Set<String> counted = Set.of();
    private Duration countedAt = Duration.ZERO;

    /** @param sent {@code null} if it was not counted */
    private record Reading(SharedState journal, @Nullable List<SentTasks> sent, Set<String> hinted) {}

    /** @param claimLapsed takes up what nodes that are gone have left */
    Cluster(EngineContext engine, Runnable claimLapsed) {
        this.engine = engine;
        this.claimLapsed = claimLapsed;
    }

    /** Before anything is sent: limits are shared from now on, if the journal is. */
    void join() {
        if (engine.journal.isShared()) {
            engine.lease.guard();
            engine.shares.share(this::soon);
        }
    }

    /** The lease of this node runs. */
    void start() {
        if (!started && engine.shares.areShared()) {
            started = true;
            soon();
        }
    }

    /** Whether it is known what time it is for the journal: before, nobody can tell how old a task is that others have left. */
    boolean hasRead() {
        return read || !engine.shares.areShared();
    }

    /** The lease of this node had ended: others may have taken all its parts. */
    void lost() {
        known = false;
        losses++;
        engine.shares.lose();
        soon();
    }

    /** Something has changed that others should know. */
    private void soon() {
        if (busy) {
            again = true;
        } else if (started) {
            in(Duration.ZERO);
        }
    }

    private void in(Duration delay) {
        if (next != null) {
            next.cancel();
        }
        next = engine.loop.schedule(delay, this::read);
    }

    private void read() {
        next = null;
        if (engine.stopping || busy) {
            return;
        }
        busy = true;
        again = false;
        Duration sentAt = engine.loop.elapsed();
        boolean joins = !known;
        int lossesBefore = losses;
        Set<String> before = sentAt.minus(countedAt).compareTo(COUNT_AGAIN) < 0 ? counted : Set.of();
        engine.call(
                () -> engine.journal.shared(r -> reading(r, before, joins)),
                reading -> {
                    engine.clock.read(reading.journal().now(), sentAt);
                    try {
                        take(reading, lossesBefore);
                    } catch (RuntimeException e) {
                        // whatever another version has written: this node must go on reading
                        failed(e);
                    }
                },
                this::failed);
    }

    /** @param joins whether others may have taken up what this node had at work, and not have told so yet */
    private Reading reading(TaskRepository journal, Set<String> before, boolean joins) {
        SharedState state = journal.sharedState();
        Set<String> uncounted = LimitAllotment.toBeCounted(state, engine.owner.id());
        boolean count = joins || !uncounted.isEmpty() && !uncounted.equals(before);
        return new Reading(state, count ? journal.countSent() : null, journal.takeHints(engine.owner));
    }

    private void take(Reading reading, int lossesBefore) {
        if (engine.stopping) {
            // its tasks go on at the service, although nobody watches them here: until it has left, it holds what it
            // held
            return;
        }
        SharedState journal = reading.journal();
        String self = engine.owner.id();
        if (failing) {
            failing = false;
            engine.observer.warning("what the nodes share can be read and written again");
        }
        reading.hinted().forEach(this::hinted);
        boolean isFirst = !read;
        read = true;
        claimLapsed(journal, isFirst);
        if (reading.sent() != null) {
            counted = LimitAllotment.toBeCounted(journal, self);
            countedAt = engine.loop.elapsed();
        }
        if (known && !LimitAllotment.isKnown(journal, self)) {
            known = false;
            engine.shares.lose();
        }
        if (lossesBefore != losses || !known && reading.sent() == null) {
            again = true;
            end(IN_COMPANY);
            return;
        }
        LimitAllotment allotment = new LimitAllotment(self, journal, reading.sent());
        allotment.pauses().forEach(p -> pause(p, journal.now()));
        divide(journal, allotment.divide(engine.shares.demands(), ownPauses(self)));
    }

    private void hinted(String recordId) {
        OpenTask task = engine.open.get(recordId);
        if (task != null) {
            task.pollNow(() -> {});
        }
    }

    /** At once what a node has left that was not gone before; others may have leases of their own for longer. */
    private void claimLapsed(SharedState journal, boolean isFirst) {
        Set<String> fresh = new HashSet<>(journal.lapsed());
        fresh.removeAll(lapsed);
        lapsed = journal.lapsed();
        if (isFirst || !fresh.isEmpty()) {
            claimLapsed.run();
        }
    }

    private void divide(SharedState journal, Result result) {
        String text = result.state().text();
        boolean isCompany = result.nodes() > 1;
        if (known && text.equals(journal.text())) {
            engine.shares.set(result.grants(), result.nodes());
            done(isCompany);
            return;
        }
        int lossesBefore = losses;
        engine.shares.lower(result.grants());
        engine.call(
                () -> engine.journal.shared(r -> r.shareState(journal.version(), text)),
                written -> {
                    if (lossesBefore != losses) {
                        again = true;
                        end(IN_COMPANY);
                    } else if (written) {
                        known = true;
                        use(result);
                    } else {
                        raced(isCompany);
                    }
                },
                this::failed);
    }

    private void use(Result written) {
        try {
            engine.shares.set(written.grants(), written.nodes());
        } catch (RuntimeException e) {
            // whoever uses a part: this node must go on reading
            failed(e);
            return;
        }
        done(written.nodes() > 1);
    }

    /** Another node has written meanwhile. */
    private void raced(boolean isCompany) {
        again = ++races < RACES;
        if (!again) {
            races = 0;
        }
        end(isCompany ? IN_COMPANY : ALONE);
    }

    private void done(boolean isCompany) {
        races = 0;
        end(isCompany ? IN_COMPANY : ALONE);
    }

    private void end(Duration delay) {
        busy = false;
        in(again ? Duration.ZERO : delay);
    }

    private void failed(Throwable failure) {
        if (!failing) {
            failing = true;
            engine.observer.warning("what the nodes share could not be read or written, trying again: " + failure);
        }
        races = 0;
        again = false;
        end(IN_COMPANY);
    }

    private List<Pause> ownPauses(String self) {
        List<Pause> pauses = new ArrayList<>();
        engine.eachAccountState((account, state) -> {
            add(pauses, new Pause(self, account, false, until(state.limiter().pause())));
            add(pauses, new Pause(self, account, true, until(state.polls().pause())));
        });
        return pauses;
    }

    private void add(List<Pause> pauses, Pause pause) {
        if (pause.until().isAfter(engine.clock.now())) {
            pauses.add(pause);
        }
    }

    private Instant until(Duration pause) {
        return engine.clock.now().plus(pause);
    }

    private void pause(Pause asked, Instant now) {
        AccountState state = engine.knownAccountState(asked.account());
        if (state == null) {
            return;
        }
        Duration left = Duration.between(now, asked.until());
        if (asked.isOfPolls()) {
            state.polls().pauseLikeOthers(left);
        } else {
            state.limiter().pauseLikeOthers(left);
        }
    }
}
