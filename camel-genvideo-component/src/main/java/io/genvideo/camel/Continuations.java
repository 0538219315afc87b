/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/**
 * Where exchanges go on after their wait: on the worker pool, never on the engine's or the client's thread, and always,
 * however full that pool is or whatever its policy does with work it has no room for.
 */
final class Continuations implements AutoCloseable {
    private static final int AGAIN_MILLIS = 50;

    private final ExecutorServiceManager threads;
    private final ScheduledExecutorService timer;
    private final ExecutorService pool;
    private final boolean ownPool;
    private final Set<Once> waiting = ConcurrentHashMap.newKeySet();

    Continuations(GenvideoComponent component, ScheduledExecutorService timer) {
        this.threads = component.getCamelContext().getExecutorServiceManager();
        this.timer = timer;
        ExecutorService given = component.getWorkerPool();
        this.ownPool = given == null;
        this.pool =
                given != null ? checked(given) : threads.newThreadPool(component, "GenvideoWorker", profile(component));
    }

    private static ExecutorService checked(ExecutorService given) {
        if (given instanceof ThreadPoolExecutor pool
                && (pool.getRejectedExecutionHandler() instanceof ThreadPoolExecutor.DiscardPolicy
                        || pool.getRejectedExecutionHandler() instanceof ThreadPoolExecutor.DiscardOldestPolicy)) {
            throw new IllegalArgumentException(
                    "option 'workerPool' is a pool that silently discards what it has no room"
                            + " for, so that exchanges would never end: give it another policy, for example AbortPolicy");
        }
        return given;
    }

    private static ThreadPoolProfile profile(GenvideoComponent component) {
        // Not Camel's default CallerRuns: the caller is the engine's only thread
        ThreadPoolProfile profile = new ThreadPoolProfile("genvideo");
        profile.setPoolSize(component.getWorkerPoolCoreSize());
        profile.setMaxPoolSize(component.getWorkerPoolMaxSize());
        profile.setMaxQueueSize(1000);
        profile.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
        return profile;
    }

    /** Runs {@code work} exactly once, on another thread than the caller's. */
    void run(Runnable work) {
        run(new Once(work));
    }

    private void run(Once work) {
        Thread caller = Thread.currentThread();
        waiting.add(work);
        try {
            pool.execute(() -> {
                if (Thread.currentThread() == caller) {
                    onThreadOfItsOwn(work);
                } else {
                    work.run();
                }
            });
        } catch (RejectedExecutionException full) {
            again(work);
            return;
        }
        if (pool.isShutdown()) {
            // CallerRuns drops work without a word once its pool is shut down
            onThreadOfItsOwn(work);
        }
    }

    private void again(Once work) {
        if (pool.isShutdown()) {
            onThreadOfItsOwn(work);
            return;
        }
        try {
            timer.schedule(() -> run(work), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            onThreadOfItsOwn(work);
        }
    }

    private void onThreadOfItsOwn(Once work) {
        threads.newThread("GenvideoLastResort", work).start();
    }

    @Override
    public void close() {
        if (ownPool) {
            threads.shutdownGraceful(pool);
        }
        // What the pool had not begun when it was shut down would never be run
        List.copyOf(waiting).forEach(this::onThreadOfItsOwn);
    }

    /** A continuation that runs once, however many threads try. */
    private final class Once implements Runnable {
        private final Runnable work;
        private final AtomicBoolean begun = new AtomicBoolean();

        Once(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (begun.compareAndSet(false, true)) {
                waiting.remove(this);
                work.run();
            }
        }
    }
}
