/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.WaitReleasedException;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resumes exchanges on the worker pool when what they wait for has ended, and calls their callbacks exactly once: never on
 * the engine's or the client's thread, in the order in which their waits ended, and always, however full that pool is and
 * whatever it does with work it has no room for.
 *
 * <p>The pool gets one permit to run the head of the queue for each exchange. What the pool has no room for is the backlog,
 * for which each finished permit asks for another one, so that the cost of a full pool does not depend on how many
 * exchanges wait for it. A timer runs while any exchange waits, for a pool that is full of somebody else's work or lost a
 * permit.
 */
final class ExchangeResumer {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeResumer.class);
    /** For a pool that runs nothing on threads of its own, or not any more. */
    private static final int SPARE_THREADS = 10;

    private static final long SHORTEST_CHECK_MILLIS = 50;
    private static final long LONGEST_CHECK_MILLIS = 1000;

    private final ExecutorService pool;
    private final ScheduledExecutorService timer;
    private final ThreadFactory spareThreads;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger backlog = new AtomicInteger();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicInteger spareRunning = new AtomicInteger();
    private final AtomicBoolean watched = new AtomicBoolean();

    /** @throws IllegalArgumentException for a pool that discards work by its policy */
    ExchangeResumer(ExecutorService pool, ScheduledExecutorService timer, ThreadFactory spareThreads) {
        if (pool instanceof ThreadPoolExecutor known
                && (known.getRejectedExecutionHandler() instanceof ThreadPoolExecutor.DiscardPolicy
                        || known.getRejectedExecutionHandler() instanceof ThreadPoolExecutor.DiscardOldestPolicy)) {
            throw new IllegalArgumentException("option 'workerPool' is a pool that silently discards work when it is"
                    + " full: give it another policy, for example AbortPolicy");
        }
        this.pool = pool;
        this.timer = timer;
        this.spareThreads = spareThreads;
    }

    /**
     * Resumes an exchange when a stage completes. A transacted exchange waits on the calling thread, because the rest of its
     * route belongs to the transaction of that thread.
     *
     * @param then writes the value or the failure to the exchange; what it throws becomes the exchange's exception
     * @return as {@link org.apache.camel.AsyncProcessor#process}
     */
    <T> boolean resumeAfter(
            CompletionStage<T> stage,
            Exchange exchange,
            AsyncCallback callback,
            BiConsumer<T, @Nullable Throwable> then) {
        if (exchange.isTransacted()) {
            stage.handle((value, failure) -> (Runnable) () -> write(exchange, value, failure, then))
                    .toCompletableFuture()
                    .join()
                    .run();
            callback.done(true);
            return true;
        }
        stage.whenComplete((value, failure) -> run(() -> {
            write(exchange, value, failure, then);
            callback.done(false);
        }));
        return false;
    }

    private static <T> void write(
            Exchange exchange, T value, @Nullable Throwable failure, BiConsumer<T, @Nullable Throwable> then) {
        try {
            then.accept(
                    value,
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure);
        } catch (RuntimeException | Error e) {
            // An Error too: an exchange whose callback is never called keeps its source waiting for good
            exchange.setException(e);
        }
        if (exchange.getException() instanceof WaitReleasedException) {
            // The context stops: the exchange goes back to its source, past error handlers, which could only mistake it
            // for a
            // failure, redeliver it, log it or move it to a dead letter channel
            exchange.getExchangeExtension().setRedeliveryExhausted(true);
        }
    }

    /** Runs {@code work} once, on another thread than the caller's. */
    void run(Runnable work) {
        waiting.add(work);
        if (backlog.get() > 0) {
            backlog.incrementAndGet();
        } else {
            offerOrKeep();
        }
        watch(SHORTEST_CHECK_MILLIS);
    }

    /** The pool is shut down: what it has not begun runs on spare threads, as does what comes later. */
    void close() {
        for (int n = 0; n < SPARE_THREADS && !waiting.isEmpty(); n++) {
            startSpareThread();
        }
    }

    private enum Offer {
        TAKEN,
        FULL,
        /** The pool runs work on the calling thread, or is shut down. */
        NO_THREADS
    }

    private Offer offer() {
        Permit permit = new Permit(Thread.currentThread());
        try {
            pool.execute(permit);
        } catch (RejectedExecutionException e) {
            return pool.isShutdown() ? Offer.NO_THREADS : Offer.FULL;
        } finally {
            permit.offered = true;
        }
        // CallerRunsPolicy drops work without an exception once its pool is shut down
        return permit.refused || pool.isShutdown() ? Offer.NO_THREADS : Offer.TAKEN;
    }

    private boolean offerOrKeep() {
        Offer offer = offer();
        if (offer == Offer.TAKEN) {
            return true;
        }
        backlog.incrementAndGet();
        if (offer == Offer.NO_THREADS) {
            startSpareThread();
        }
        return false;
    }

    /** Lets the thread that runs it run the head of the queue. */
    private final class Permit implements Runnable {
        private final Thread offering;
        private volatile boolean offered;
        private volatile boolean refused;

        Permit(Thread offering) {
            this.offering = offering;
        }

        @Override
        public void run() {
            if (!offered && Thread.currentThread() == offering) {
                refused = true;
                return;
            }
            do {
                runHead();
            } while (takeFromBacklog() && offer() != Offer.TAKEN);
        }
    }

    private boolean takeFromBacklog() {
        return backlog.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    private boolean runHead() {
        Runnable head = waiting.poll();
        if (head == null) {
            return false;
        }
        begun.incrementAndGet();
        try {
            head.run();
        } catch (RuntimeException | Error e) {
            LOG.error("The callback of an exchange failed", e);
        }
        return true;
    }

    private void startSpareThread() {
        if (spareRunning.incrementAndGet() > SPARE_THREADS) {
            spareRunning.decrementAndGet();
            return;
        }
        spareThreads
                .newThread(() -> {
                    while (runHead()) {
                        takeFromBacklog();
                    }
                    spareRunning.decrementAndGet();
                    watch(SHORTEST_CHECK_MILLIS);
                })
                .start();
    }

    private void watch(long delayMillis) {
        if (waiting.isEmpty() || !watched.compareAndSet(false, true)) {
            return;
        }
        long begunBefore = begun.get();
        try {
            timer.schedule(() -> check(begunBefore, delayMillis), delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            watched.set(false);
            startSpareThread();
        }
    }

    private void check(long begunBefore, long delayMillis) {
        watched.set(false);
        boolean offered = false;
        boolean room = true;
        while (room && takeFromBacklog()) {
            offered = true;
            room = offerOrKeep();
        }
        boolean stuck = !offered && begun.get() == begunBefore && !waiting.isEmpty();
        if (stuck && offer() == Offer.NO_THREADS) {
            startSpareThread();
        }
        watch(stuck ? Math.min(2 * delayMillis, LONGEST_CHECK_MILLIS) : SHORTEST_CHECK_MILLIS);
    }
}
