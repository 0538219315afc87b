/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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

    Continuations(GenvideoComponent component, ScheduledExecutorService timer) {
        this.threads = component.getCamelContext().getExecutorServiceManager();
        this.timer = timer;
        ExecutorService given = component.getWorkerPool();
        this.ownPool = given == null;
        this.pool = given != null ? given : threads.newThreadPool(component, "GenvideoWorker", profile(component));
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
        Thread caller = Thread.currentThread();
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
        }
    }

    private void again(Runnable work) {
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

    private void onThreadOfItsOwn(Runnable work) {
        threads.newThread("GenvideoLastResort", work).start();
    }

    @Override
    public void close() {
        if (ownPool) {
            threads.shutdownGraceful(pool);
        }
    }
}
