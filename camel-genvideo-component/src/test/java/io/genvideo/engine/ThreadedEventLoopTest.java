/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.TaskOwner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop on a real thread; real time, so only what virtual time cannot show. */
class ThreadedEventLoopTest {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final ThreadedEventLoop loop = new ThreadedEventLoop(thread, InstantSource.system());

    @AfterEach
    void shutDown() {
        thread.shutdownNow();
    }

    @Test
    void stepsRunInTheOrderInWhichTheyCameAndAStepThatFailsStopsNoOther() throws Exception {
        List<Integer> ran = new ArrayList<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> ran.add(1));
        loop.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        loop.execute(() -> ran.add(2));
        loop.schedule(ofMillis(-5), () -> ran.add(3));
        loop.schedule(ofMillis(20), () -> done.complete(null));
        done.get(10, TimeUnit.SECONDS);
        assertThat(ran).containsExactly(1, 2, 3);
    }

    @Test
    void aCancelledStepDoesNotRun() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        loop.schedule(ofMillis(20), () -> first.complete("cancelled")).cancel();
        loop.schedule(ofMillis(60), () -> first.complete("kept"));
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("kept");
    }

    @Test
    void stepsThatKeepAddingStepsDoNotKeepTimersFromRunning() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        Runnable endless = new Runnable() {
            @Override
            public void run() {
                if (!enough.get()) {
                    loop.execute(this);
                }
            }
        };
        CompletableFuture<Void> due = new CompletableFuture<>();
        loop.execute(endless);
        loop.schedule(ofMillis(5), () -> due.complete(null));
        due.get(10, TimeUnit.SECONDS);
        enough.set(true);
    }

    @Test
    void aTimerCancelledByAnotherOfItsTickDoesNotRun() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<Void> begin = new CompletableFuture<>();
        loop.execute(() -> {
            List<EventLoop.Timer> later = new ArrayList<>();
            loop.schedule(ofMillis(1), () -> later.forEach(EventLoop.Timer::cancel));
            for (int i = 0; i < 3; i++) {
                later.add(loop.schedule(ofMillis(1), () -> first.complete("cancelled")));
            }
            loop.schedule(ofMillis(30), () -> first.complete("kept"));
            begin.complete(null);
        });
        begin.get(10, TimeUnit.SECONDS);
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("kept");
    }

    @Test
    void aStepRunsAlsoIfTheTimerIsCancelledWhoseTickItWaitsFor() throws Exception {
        for (int i = 0; i < 100; i++) {
            EventLoop.Timer timer = loop.schedule(ofMillis(3), () -> {});
            CompletableFuture<Void> ran = new CompletableFuture<>();
            loop.execute(() -> ran.complete(null));
            timer.cancel();
            ran.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatManyThreadsScheduleRunsOnceAndNotBeforeItsTimeUnlessItIsCancelled() throws Exception {
        int threads = 4;
        int each = 5_000;
        AtomicIntegerArray runs = new AtomicIntegerArray(threads * each);
        AtomicInteger early = new AtomicInteger();
        Set<Integer> cancelled = ConcurrentHashMap.newKeySet();
        CountDownLatch kept = new CountDownLatch(threads * each * 3 / 4);
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int from = t * each;
            all.add(new Thread(() -> {
                Random random = new Random(from);
                for (int i = from; i < from + each; i++) {
                    int number = i;
                    boolean isCancelled = i % 4 == 3;
                    Duration delay = ofMillis(isCancelled ? 10_000 : random.nextInt(40));
                    Duration due = loop.elapsed().plus(delay);
                    EventLoop.Timer timer = loop.schedule(delay, () -> {
                        runs.incrementAndGet(number);
                        early.addAndGet(loop.elapsed().compareTo(due) < 0 ? 1 : 0);
                        loop.execute(kept::countDown);
                    });
                    if (isCancelled) {
                        timer.cancel();
                        cancelled.add(number);
                    }
                }
            }));
        }
        all.forEach(Thread::start);
        assertThat(kept.await(30, TimeUnit.SECONDS)).isTrue();
        for (Thread one : all) {
            one.join();
        }
        assertThat(early).hasValue(0);
        for (int i = 0; i < runs.length(); i++) {
            assertThat(runs.get(i)).as("runs of %d", i).isEqualTo(cancelled.contains(i) ? 0 : 1);
        }
    }

    @Test
    void aCancelledTimerKeepsNothing() {
        TimerTicks ticks = new TimerTicks();
        List<EventLoop.Timer> timers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            timers.add(ticks.add(1_000_000L * (i / 2 + 1), () -> {}));
        }
        timers.forEach(EventLoop.Timer::cancel);
        timers.forEach(EventLoop.Timer::cancel);
        assertThat(ticks.earliest()).isEqualTo(TimerTicks.NONE);
    }

    @Test
    void aClosedLoopDropsItsSteps() {
        thread.shutdownNow();
        loop.execute(() -> {
            throw new AssertionError();
        });
        loop.schedule(Duration.ZERO, () -> {
                    throw new AssertionError();
                })
                .cancel();
    }

    @Test
    void aTaskPassesFromManyThreadsThroughTheEngineToItsEnd() throws Exception {
        ScriptedProvider service = new ScriptedProvider(loop);
        service.latency(ofMillis(1));
        service.on("cat").takes(ofMillis(5));
        TaskEngine engine = new TaskEngine(
                loop,
                new MemoryTaskRepository(InstantSource.system()),
                new TaskOwner("process", "engine"),
                JournalExecutors.single(Runnable::run),
                EngineSettings.DEFAULT,
                TaskObserver.NONE,
                new Random(1),
                Runnable::run);
        EngineFixture orders = new EngineFixture();
        List<CompletableFuture<Outcome>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Submission submission = orders.submit("cat")
                    .key("k" + i % 20)
                    .account(service.account("default"))
                    .pollInterval(ofMillis(2))
                    .submission("r" + i);
            all.add(CompletableFuture.supplyAsync(() -> engine.submit(submission))
                    .thenCompose(stage -> stage));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
        CompletableFuture<Integer> charged = new CompletableFuture<>();
        loop.execute(() -> charged.complete(service.ledger().size()));
        assertThat(charged.get(10, TimeUnit.SECONDS)).isEqualTo(20);
    }
}
