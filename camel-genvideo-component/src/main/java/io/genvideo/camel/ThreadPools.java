/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/** Opens the thread pools of a component, and decides how each is closed. */
final class ThreadPools {
    private static final int PREPARATION_THREADS = 4;
    private static final int WORKER_QUEUE = 1000;
    /** Its last call has ended by then, or hangs: the repository breaks that off. */
    private static final long JOURNAL_ENDS_MILLIS = 500;

    private final GenvideoComponent component;
    private final ExecutorServiceManager threads;
    private final Consumer<Runnable> opened;

    /** @param opened gets how to close each pool that is opened */
    ThreadPools(GenvideoComponent component, Consumer<Runnable> opened) {
        this.component = component;
        this.threads = component.getCamelContext().getExecutorServiceManager();
        this.opened = opened;
    }

    /** Not from Camel's manager: a timer that is cancelled must leave the queue at once, not when it is due. */
    ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(1, work -> threads.newThread("GenvideoTimer", work));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        opened.accept(timer::shutdownNow);
        return timer;
    }

    /** A thread for blocking calls of the journal. */
    ExecutorService journal(String name) {
        ExecutorService thread = pool(name, 1);
        opened.accept(() -> threads.shutdownGraceful(thread, JOURNAL_ENDS_MILLIS));
        return thread;
    }

    /** Where files are read: one that does not answer holds up nothing but what wants to be prepared. */
    ExecutorService preparation() {
        return interruptible("GenvideoPreparation", PREPARATION_THREADS);
    }

    ExecutorService uploads() {
        return interruptible("GenvideoUpload", UploadRoutes.THREADS);
    }

    ExecutorService progress() {
        return interruptible("GenvideoProgress", 1);
    }

    /** Where exchanges resume: the pool of the option {@code workerPool}, which is never closed here, or one of the component. */
    ExecutorService workers() {
        ExecutorService configured = component.getWorkerPool();
        if (configured != null) {
            return configured;
        }
        // Not Camel's default CallerRuns: the caller is the engine's only thread
        ThreadPoolProfile profile = new ThreadPoolProfile("genvideo");
        profile.setPoolSize(component.getWorkerPoolCoreSize());
        profile.setMaxPoolSize(component.getWorkerPoolMaxSize());
        profile.setMaxQueueSize(WORKER_QUEUE);
        profile.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
        ExecutorService pool = threads.newThreadPool(component, "GenvideoWorker", profile);
        opened.accept(() -> threads.shutdownGraceful(pool));
        return pool;
    }

    /** For work that the {@linkplain #workers() workers} have no thread for. */
    Thread spareWorker(Runnable work) {
        return threads.newThread("GenvideoSpareWorker", work);
    }

    private ExecutorService interruptible(String name, int size) {
        ExecutorService pool = pool(name, size);
        opened.accept(() -> threads.shutdownNow(pool));
        return pool;
    }

    /**
     * A pool whose queue takes all calls: with Camel's default, 1,000 and CallerRuns, the engine's only thread would run SQL
     * and read files. What waits is bounded by the tasks in flight.
     */
    private ExecutorService pool(String name, int size) {
        ThreadPoolProfile profile = new ThreadPoolProfile(name);
        profile.setPoolSize(size);
        profile.setMaxPoolSize(size);
        profile.setAllowCoreThreadTimeOut(size > 1);
        profile.setMaxQueueSize(Integer.MAX_VALUE);
        profile.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
        return threads.newThreadPool(component, name, profile);
    }
}
