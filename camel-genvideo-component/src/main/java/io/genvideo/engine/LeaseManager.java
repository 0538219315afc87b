/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Renews the leases of this engine, takes up tasks whose engine is gone, and purges what has been kept long enough
 * (docs/design.md sections 4.8 and 4.11).
 */
final class LeaseManager {
    private static final Duration RENEW_EVERY = Duration.ofSeconds(10);
    /** After one that failed: until the first one succeeds nothing is sent, and the lease goes on ending. */
    private static final Duration RENEW_AGAIN = Duration.ofSeconds(2);

    private static final Duration PURGE_EVERY = Duration.ofHours(1);
    private static final Duration CREDENTIALS_BY = Duration.ofSeconds(30);
    /** How long a task that is taken up counts as in flight: as long as exchanges wait by default. */
    static final Duration PERMIT_FOR = Duration.ofMinutes(30);

    private static final int BATCH = 500;
    /** What is written for new requests waits for the search that is under way, several times for each of them. */
    private static final int SEARCH_BATCH = 100;
    /** Over which the first polls of what one search takes up are spread, for each task. */
    private static final int SPREAD_MILLIS = 20;
    /** How far apart the first polls of many tasks are on average: however many an engine takes up, 500 a second. */
    private static final int APART_MILLIS = 2;

    private final EngineContext engine;
    private final ResultDelivery deliveries;
    private final Cluster cluster;
    private final Map<String, EngineAccount> accounts = new HashMap<>();
    private final Set<String> missed = new HashSet<>();
    /** Ours, with a create call whose answer is lost, by record id. */
    private final Map<String, TaskRecord> withoutCredentials = new HashMap<>();

    private Runnable compare = () -> {};
    private EventLoop.@Nullable Timer renewal;
    private boolean failing;
    private boolean started;
    private boolean claiming;
    private boolean claimAgain;
    /** When the first polls of what is taken up next may begin, on the loop's clock. */
    private Duration nextFirstPolls = Duration.ZERO;

    LeaseManager(EngineContext engine, ResultDelivery deliveries) {
        this.engine = engine;
        this.deliveries = deliveries;
        this.cluster = new Cluster(engine, this::claimLapsed);
    }

    /** @param comparison of what is owned with what is known, after the lease had ended; it ends with {@link #verified} */
    void start(Runnable comparison) {
        compare = comparison;
        started = true;
        cluster.join();
        renew();
        purge();
        engine.loop.schedule(CREDENTIALS_BY, this::sayWhoseCredentialsAreMissing);
    }

    /** The account by the name that is journalled; {@code null} as long as its credentials are not at hand. */
    @Nullable
    EngineAccount account(String name) {
        return accounts.get(name);
    }

    void use(EngineAccount account) {
        if (accounts.put(account.name(), account) == null && started) {
            List.copyOf(withoutCredentials.values()).stream()
                    .filter(r -> r.account().equals(account.name()))
                    .forEach(r -> lost(account, r));
            claimLapsed();
        }
    }

    private void renew() {
        if (engine.closed) {
            return;
        }
        Duration sentAt = engine.loop.elapsed();
        // also if this call never ends
        renewIn(RENEW_EVERY);
        engine.call(() -> engine.journal.renew(engine.owner), done -> renewed(sentAt), this::notRenewed);
    }

    private void renewIn(Duration delay) {
        if (renewal != null) {
            renewal.cancel();
        }
        renewal = engine.loop.schedule(delay, this::renew);
    }

    private void notRenewed(Throwable failure) {
        renewIn(RENEW_AGAIN);
        if (!failing) {
            failing = true;
            engine.observer.warning("the leases of open tasks could not be renewed, trying again: " + failure);
        }
    }

    private void renewed(Duration sentAt) {
        if (failing) {
            failing = false;
            engine.observer.warning("the leases of open tasks are renewed again");
        }
        engine.outage.succeeded(sentAt);
        if (engine.lease.renewed(sentAt)) {
            cluster.lost();
            compare.run();
        }
        cluster.start();
        claimLapsed();
    }

    /** Whatever other engines have taken while the lease had ended is given up. */
    void verified() {
        engine.lease.verified();
    }

    private void claimLapsed() {
        if (engine.stopping || !cluster.hasRead()) {
            return;
        }
        if (claiming) {
            claimAgain = true;
            return;
        }
        claiming = true;
        Set<String> names = Set.copyOf(accounts.keySet());
        engine.call(
                () -> engine.journal.call(r -> r.claimLapsed(engine.owner, names, Journal.LEASE, SEARCH_BATCH)),
                lapsed -> {
                    claiming = false;
                    takeUp(lapsed);
                    if (claimAgain || lapsed.size() == SEARCH_BATCH) {
                        claimAgain = false;
                        claimLapsed();
                    }
                },
                failure -> {
                    claiming = false;
                    engine.outage.failed("what earlier processes left could not be taken up, trying again", failure);
                });
    }

    /** Whether a record of this engine waits for the credentials of its account. */
    boolean awaitsCredentials(String recordId) {
        return withoutCredentials.containsKey(recordId);
    }

    /** First polls of one search follow those of the search before it, so that a large journal is no burst of polls. */
    private void takeUp(List<TaskRecord> lapsed) {
        Duration now = engine.loop.elapsed();
        Duration begin = Durations.max(now, nextFirstPolls);
        nextFirstPolls = begin.plusMillis((long) APART_MILLIS * lapsed.size());
        int spread = SPREAD_MILLIS * lapsed.size();
        for (TaskRecord record : lapsed) {
            takeUp(record, begin.minus(now).plusMillis(engine.random.nextInt(spread)));
        }
    }

    /** Continues with a record that this engine has claimed. */
    void takeUp(TaskRecord record) {
        takeUp(record, Duration.ZERO);
    }

    private void takeUp(TaskRecord record, Duration firstPoll) {
        OpenTask open = engine.open.get(record.recordId());
        if (open != null && open.isBehind(record)) {
            List<TaskWaiter> waiting = open.supersede();
            takeUp(record, firstPoll, waiting);
        } else if (open != null) {
            open.isOursAgain(record);
        } else {
            takeUp(record, firstPoll, List.of());
        }
    }

    /** @param waiting exchanges that wait here for a task that another engine has brought further */
    private void takeUp(TaskRecord record, Duration firstPoll, List<TaskWaiter> waiting) {
        if (record.status() == TaskStatus.RESERVED) {
            engine.unsent.discard(record);
        } else if (record.status() == TaskStatus.SUBMITTING) {
            EngineAccount account = accounts.get(record.account());
            if (account == null) {
                awaitCredentials(record);
            } else {
                lost(account, record);
            }
        } else if (record.status().isWatched()) {
            EngineAccount account = accounts.get(record.account());
            if (account != null) {
                OpenTask task = watched(account, record);
                waiting.forEach(task::attach);
                task.watchAgain(PERMIT_FOR, Submission.DEFAULT_MAX_STREAMS, firstPoll);
            }
        } else if (waiting.isEmpty()) {
            deliveries.lost(record);
        } else {
            waiting.forEach(w -> end(w, record));
        }
    }

    private static void end(TaskWaiter wait, TaskRecord ended) {
        if (ended.status() == TaskStatus.SUCCEEDED) {
            wait.complete(ended.toTask(), false, true);
        } else {
            wait.fail(ended.failure().toException());
        }
    }

    /** A task that the service has. */
    OpenTask watched(EngineAccount account, TaskRecord record) {
        return OpenTask.sentBefore(engine, account, record);
    }

    /** The process that sent the create call is gone, and with it the answer: the provider may find out. */
    OpenTask lost(EngineAccount account, TaskRecord submitting) {
        withoutCredentials.remove(submitting.recordId());
        OpenTask task = OpenTask.sentBefore(engine, account, submitting);
        new LostCreateCall(engine, task).recover();
        return task;
    }

    /** Only with credentials a provider can find out what became of a create call; they may come with an endpoint. */
    private void awaitCredentials(TaskRecord submitting) {
        withoutCredentials.put(submitting.recordId(), submitting);
        engine.loop.schedule(CREDENTIALS_BY, () -> {
            if (!engine.stopping && withoutCredentials.remove(submitting.recordId(), submitting)) {
                lost(submitting);
            }
        });
    }

    private void lost(TaskRecord submitting) {
        sayLost(submitting);
        engine.record(
                submitting.toBuilder()
                        .status(TaskStatus.UNCERTAIN)
                        .delivery(DeliveryState.AVAILABLE)
                        .error(submitting.failure())
                        .finishedAt(engine.clock.now())
                        .build(),
                ours -> {});
    }

    private void sayLost(TaskRecord submitting) {
        engine.observer.warning(submitting.failure().message() + "; it may exist and may have been paid; it is not sent"
                + " again [record " + submitting.recordId() + "]");
    }

    /** Forgets nothing before both clocks agree that it is time: a key that is forgotten too early may be paid for twice. */
    private void purge() {
        if (engine.stopping) {
            return;
        }
        Instant now = earlier(engine.clock.now(), engine.loop.now());
        Instant results = now.minus(engine.settings.retention());
        Instant keys = now.minus(engine.settings.keyRetention());
        engine.call(
                () -> engine.journal.call(r -> r.purge(results, keys, BATCH)),
                purged -> engine.loop.schedule(purged < BATCH ? PURGE_EVERY : Duration.ofSeconds(1), this::purge),
                failure -> {
                    engine.observer.warning("the journal could not be tidied, trying again later: " + failure);
                    engine.loop.schedule(PURGE_EVERY, this::purge);
                });
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private void sayWhoseCredentialsAreMissing() {
        if (engine.stopping) {
            return;
        }
        engine.call(
                () -> engine.journal.call(r -> r.tally()),
                tallies -> tasksByMissingAccount(tallies).forEach((account, tasks) -> {
                    if (missed.add(account)) {
                        engine.observer.warning(tasks + " open tasks of account " + account
                                + ": credentials missing. They go on when an endpoint brings the credentials");
                    }
                }),
                failure -> engine.loop.schedule(CREDENTIALS_BY, this::sayWhoseCredentialsAreMissing));
    }

    private Map<String, Long> tasksByMissingAccount(List<TaskCount> tallies) {
        return tallies.stream()
                .filter(t -> t.status().isWatched() && t.delivery() != DeliveryState.PARKED)
                .filter(t -> !accounts.containsKey(t.account()))
                .collect(groupingBy(TaskCount::account, summingLong(TaskCount::records)));
    }
}
