/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However full the pool is, exchanges end, and never on the threads that everything else waits for. */
@Timeout(60)
class WorkerPoolTest {
    private static final int EXCHANGES = 12;

    private final ImaContext ima = new ImaContext();
    private final Set<String> threads = ConcurrentHashMap.newKeySet();
    private ExecutorService pool;

    @AfterEach
    void stop() {
        ima.close();
        if (pool != null) {
            assertThat(pool.shutdownNow()).isEmpty();
        }
    }

    private static ThreadPoolExecutor tiny(RejectedExecutionHandler policy) {
        return new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), r -> new Thread(r, "tiny-pool"), policy);
    }

    private void allEnd() throws Exception {
        if (pool != null) {
            ima.component().setWorkerPool(pool);
        }
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in")
                                .to("genvideo:ima/text_to_video")
                                .process(e -> threads.add(Thread.currentThread().getName()));
                    }
                })
                .start();
        List<CompletableFuture<Exchange>> all = new ArrayList<>();
        for (int n = 0; n < EXCHANGES; n++) {
            all.add(ima.sendLater("direct:in", "lake " + n, Map.of()));
        }
        for (CompletableFuture<Exchange> one : all) {
            assertThat(one.get(30, TimeUnit.SECONDS).getException()).isNull();
        }
        ima.assertCharged(EXCHANGES);
        assertThat(threads)
                .isNotEmpty()
                .noneMatch(name -> name.contains("GenvideoTimer")
                        || name.contains("GenvideoJournal")
                        || name.contains("HttpClient")
                        || name.contains("httpclient"));
    }

    @Test
    void thePoolOfTheComponent() throws Exception {
        allEnd();
        assertThat(threads).allMatch(name -> name.contains("GenvideoWorker"));
    }

    @Test
    void aPoolThatRefuses() throws Exception {
        pool = tiny(new ThreadPoolExecutor.AbortPolicy());
        allEnd();
        assertThat(threads).containsOnly("tiny-pool");
    }

    @Test
    void aPoolWhoseCallerRuns() throws Exception {
        pool = tiny(new ThreadPoolExecutor.CallerRunsPolicy());
        allEnd();
    }

    @Test
    void aPoolThatRunsEverythingAtOnce() throws Exception {
        ima.component().setWorkerPool(new CallingThread());
        allEnd();
    }

    @Test
    void aPoolThatWasShutDown() throws Exception {
        pool = tiny(new ThreadPoolExecutor.AbortPolicy());
        pool.shutdown();
        allEnd();
    }

    @Test
    void aPoolThatWasShutDownAndWhoseCallerRuns() throws Exception {
        pool = tiny(new ThreadPoolExecutor.CallerRunsPolicy());
        pool.shutdown();
        allEnd();
    }

    @Test
    void aPoolOfTheUserIsNotShutDown() throws Exception {
        pool = Executors.newFixedThreadPool(2);
        allEnd();
        ima.camel().stop();
        assertThat(pool.isShutdown()).isFalse();
    }

    /** An executor without a thread. */
    private static final class CallingThread extends ThreadPoolExecutor {
        CallingThread() {
            super(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        }

        @Override
        public void execute(Runnable command) {
            command.run();
        }
    }
}
