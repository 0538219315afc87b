/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.util.stream.Collectors.toSet;

import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Finds records that the journal says are this engine's, and that it does not know: the answer to its claim was lost, or a
 * discard failed. Nobody else would ever take them, because this engine lives and renews. Also finds tasks that were taken by
 * another engine for a while and are this engine's again without its knowing (docs/design.md section 4.10), and gives up tasks
 * that another engine has taken, so that one engine polls each (section 4.11).
 *
 * <p>A record is taken up when two comparisons in a row have found it.
 */
final class OwnershipReconciler {
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final EngineContext engine;
    private final LeaseManager leases;
    private final ResultDelivery deliveries;
    private final TaskLookup lookup;
    private Set<String> suspects = Set.of();
    /** A comparison is under way that began after the last renewal. */
    private boolean verifying;

    OwnershipReconciler(EngineContext engine, LeaseManager leases, ResultDelivery deliveries, TaskLookup lookup) {
        this.engine = engine;
        this.leases = leases;
        this.deliveries = deliveries;
        this.lookup = lookup;
    }

    void start() {
        engine.loop.schedule(EVERY, this::compare);
    }

    private void compare() {
        if (engine.stopping) {
            return;
        }
        read(this::start, () -> {});
    }

    /** The lease of this engine had ended, so that others may have taken anything. */
    void compareNow() {
        if (!verifying) {
            verifying = true;
            read(() -> verifying = false, leases::verified);
        }
    }

    /** @param givenUp runs when what others have taken is not polled here any more */
    private void read(Runnable then, Runnable givenUp) {
        List<OpenTask> polled =
                engine.open.all().stream().filter(this::isPolledHere).toList();
        engine.call(
                () -> engine.journal.call(r -> r.findOwned(engine.owner)),
                owned -> {
                    compared(owned);
                    giveUp(
                            polled.stream()
                                    .filter(t -> !owned.contains(t.record().recordId()))
                                    .toList(),
                            givenUp);
                    then.run();
                },
                failure -> {
                    engine.outage.failed(
                            "what the journal says is owned here could not be read, trying again", failure);
                    then.run();
                });
    }

    private boolean isPolledHere(OpenTask task) {
        return !task.isOver()
                && task.record().status().isWatched()
                && (task.writer().isSettled() || task.writer().isFenced());
    }

    /** Tasks that another engine has taken: it polls them, and the exchanges here wait for what it finds. */
    private void giveUp(List<OpenTask> taken, Runnable then) {
        if (taken.isEmpty()) {
            then.run();
            return;
        }
        engine.call(
                () -> engine.journal.call(r ->
                        r.findAll(taken.stream().map(t -> t.record().recordId()).toList())),
                found -> {
                    found.forEach(this::giveUp);
                    then.run();
                },
                failure -> engine.outage.failed(
                        "records that other engines may have taken could not be read, trying again", failure));
    }

    private void giveUp(TaskRecord now) {
        OpenTask task = engine.open.get(now.recordId());
        if (engine.stopping
                || task == null
                || !isPolledHere(task)
                || engine.owner.id().equals(now.owner())) {
            return;
        }
        engine.observer.warning("record " + now.recordId() + " was taken by another engine, which polls its task now");
        task.supersede().forEach(waiter -> lookup.await(task.account(), now, waiter));
    }

    private void compared(Set<String> owned) {
        Set<String> unknown = owned.stream().filter(this::isUnknown).collect(toSet());
        List<String> twice = unknown.stream().filter(suspects::contains).toList();
        suspects = unknown;
        if (!twice.isEmpty()) {
            takeUp(twice);
        }
    }

    private boolean isUnknown(String recordId) {
        OpenTask open = engine.open.get(recordId);
        return open == null
                ? !leases.awaitsCredentials(recordId)
                : open.writer().isFenced();
    }

    private void takeUp(List<String> recordIds) {
        engine.call(
                () -> engine.journal.call(r -> r.findAll(recordIds)),
                found -> found.stream().filter(this::isToBeTakenUp).forEach(r -> {
                    engine.observer.warning("record " + r.recordId() + " (" + r.status()
                            + ") is owned here in the journal, and was not known here: it is taken up");
                    leases.takeUp(r);
                }),
                failure -> engine.outage.failed("records that are owned here could not be read", failure));
    }

    /** Still owned and unknown, not one whose outcome is being delivered, and not one whose credentials are missing. */
    private boolean isToBeTakenUp(TaskRecord record) {
        return !engine.stopping
                && engine.owner.id().equals(record.owner())
                && isUnknown(record.recordId())
                && !(record.status().isTerminal() && deliveries.isHeld(record.recordId()))
                && (!record.status().isWatched() || leases.account(record.account()) != null);
    }
}
