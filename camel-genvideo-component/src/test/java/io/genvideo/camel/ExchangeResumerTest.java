/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Exchanges resume once and in order, and a pool without room costs the same however many exchanges wait for it. */
class ExchangeResumerTest {
    private final DrivenPool pool = new DrivenPool();
    private final DrivenTimer timer = new DrivenTimer();
    private final ExchangeResumer resumer = new ExchangeResumer(pool, timer, work -> new Thread(work, "spare"));
    private final Queue<Integer> run = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private void add(int from, int to) {
        IntStream.range(from, to).forEach(n -> resumer.run(() -> run.add(n)));
    }

    private void assertRunInOrder(int count) {
        assertThat(run)
                .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
    }

    @Test
    void runsEachOnceAndInOrder() {
        add(0, 5);
        pool.runAll();
        assertRunInOrder(5);
    }

    @Test
    void aFullPoolIsAskedOncePerCheckHoweverManyWait() {
        pool.room = 0;
        add(0, 10_000);
        int afterAdding = pool.offers.get();

        for (int check = 0; check < 20; check++) {
            timer.runNext();
        }

        assertThat(afterAdding).isEqualTo(1);
        assertThat(pool.offers.get() - afterAdding).isEqualTo(20);
        assertThat(timer.scheduled).hasSize(1);
        assertThat(run).isEmpty();
    }

    @Test
    void theBacklogOfAFullPoolRunsInOrderWhenThereIsRoom() {
        pool.room = 2;
        add(0, 100);
        assertThat(pool.queued).hasSize(2);

        pool.runAll();

        assertRunInOrder(100);
        assertThat(pool.offers.get())
                .as("one offer for each, and a rejected one")
                .isLessThanOrEqualTo(202);
    }

    @Test
    void theTimerOffersTheBacklogToAPoolThatWasFullOfOtherWork() {
        pool.room = 0;
        add(0, 10);
        pool.room = 1000;

        timer.runNext();
        pool.runAll();

        assertRunInOrder(10);
    }

    @Test
    void workThatAPoolDiscardsSilentlyRunsAllTheSame() {
        pool.discarding = true;
        add(0, 3);
        pool.discarding = false;

        for (int check = 0; check < 6; check++) {
            timer.runNext();
            pool.runAll();
        }

        assertRunInOrder(3);
    }

    @Test
    void checksGrowSparseWhileASlowPoolMakesNoProgress() {
        add(0, 1);
        for (int check = 0; check < 10; check++) {
            timer.runNext();
        }
        assertThat(timer.delays).startsWith(50L, 100L, 200L, 400L, 800L, 1000L, 1000L);
        pool.runAll();
        assertRunInOrder(1);
        timer.runNext();
        assertThat(timer.scheduled).as("nothing waits").isEmpty();
    }

    @Test
    void aPoolThatRunsOnTheCallingThreadIsReplacedByFewSpareThreads() {
        pool.callerRuns = true;
        Thread caller = Thread.currentThread();
        List<Thread> threads = new ArrayList<>();
        for (int n = 0; n < 1000; n++) {
            int number = n;
            resumer.run(() -> {
                synchronized (threads) {
                    threads.add(Thread.currentThread());
                }
                run.add(number);
            });
        }
        await().until(() -> run.size() == 1000);
        assertThat(threads).doesNotContain(caller);
        assertThat(run).doesNotHaveDuplicates();
    }

    @Test
    void aPoolThatIsShutDownIsReplacedByFewSpareThreads() {
        pool.shutdown();
        add(0, 1000);
        await().until(() -> run.size() == 1000);
        assertThat(run).doesNotHaveDuplicates();
    }

    @Test
    void atMostTenSpareThreadsRunAtOnce() {
        pool.shutdown();
        CompletableFuture<Void> gate = new CompletableFuture<>();
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        for (int n = 0; n < 100; n++) {
            resumer.run(() -> {
                begun.incrementAndGet();
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                gate.join();
                running.decrementAndGet();
            });
            timer.runNext();
        }
        await().until(() -> begun.get() == 10);
        gate.complete(null);
        await().until(() -> begun.get() == 100);
        assertThat(most).hasValue(10);
    }

    @Test
    void whatAPoolHasNotBegunWhenItIsShutDownRunsOnClose() {
        add(0, 50);
        pool.shutdownNow();
        resumer.close();
        await().until(() -> run.size() == 50);
        assertThat(run).doesNotHaveDuplicates();
    }

    @Test
    void workThatComesAfterTheTimerHasStoppedRuns() {
        timer.shutdownNow();
        pool.room = 0;
        add(0, 3);
        await().until(() -> run.size() == 3);
    }

    @Test
    void aCallbackThatThrowsDoesNotStopTheOthers() {
        pool.room = 1;
        resumer.run(() -> {
            throw new IllegalStateException("the callback failed");
        });
        add(0, 5);
        pool.runAll();
        assertRunInOrder(5);
    }

    @Test
    void anErrorWhileTheExchangeIsWrittenBecomesItsException() {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        AtomicInteger called = new AtomicInteger();

        boolean sync = resumer.resumeAfter(
                CompletableFuture.completedFuture("done"),
                exchange,
                doneSync -> called.incrementAndGet(),
                (value, failure) -> {
                    throw new StackOverflowError("while writing");
                });
        pool.runAll();

        assertThat(sync).isFalse();
        assertThat(called).hasValue(1);
        assertThat(exchange.getException()).hasRootCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void aTransactedExchangeWaitsOnItsOwnThread() {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getUnitOfWork();
        exchange.getExchangeExtension().setTransacted(true);
        List<Thread> threads = new ArrayList<>();

        boolean sync = resumer.resumeAfter(
                CompletableFuture.completedFuture("done"),
                exchange,
                doneSync -> threads.add(Thread.currentThread()),
                (value, failure) -> threads.add(Thread.currentThread()));

        assertThat(sync).isTrue();
        assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
        assertThat(pool.offers).hasValue(0);
    }

    /** A pool whose threads are the test. */
    private static final class DrivenPool extends AbstractExecutorService {
        private final Queue<Runnable> queued = new ConcurrentLinkedQueue<>();
        private final AtomicInteger offers = new AtomicInteger();
        private volatile int room = Integer.MAX_VALUE;
        private volatile boolean discarding;
        private volatile boolean callerRuns;
        private volatile boolean shutdown;

        @Override
        public void execute(Runnable work) {
            offers.incrementAndGet();
            if (shutdown || queued.size() >= room) {
                throw new RejectedExecutionException("full");
            }
            if (callerRuns) {
                work.run();
            } else if (!discarding) {
                queued.add(work);
            }
        }

        void runAll() {
            for (Runnable work = queued.poll(); work != null; work = queued.poll()) {
                work.run();
            }
        }

        @Override
        public void shutdown() {
            shutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown = true;
            List<Runnable> left = List.copyOf(queued);
            queued.clear();
            return left;
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    /** A timer that the test turns. */
    private static final class DrivenTimer extends ScheduledThreadPoolExecutor {
        private final Queue<Runnable> scheduled = new ArrayDeque<>();
        private final List<Long> delays = new ArrayList<>();

        DrivenTimer() {
            super(1);
        }

        @Override
        public synchronized ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
            if (isShutdown()) {
                throw new RejectedExecutionException("shut down");
            }
            scheduled.add(work);
            delays.add(unit.toMillis(delay));
            return super.schedule((Callable<Object>) () -> null, 0, unit);
        }

        void runNext() {
            Runnable work;
            synchronized (this) {
                work = scheduled.poll();
            }
            if (work != null) {
                work.run();
            }
        }
    }
}
