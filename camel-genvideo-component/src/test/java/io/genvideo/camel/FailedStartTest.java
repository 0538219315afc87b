/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genvideo.engine.ForwardingRepository;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.TaskOwner;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A supervisor tries to start a component again and again: a start that fails leaves nothing behind. */
class FailedStartTest {
    private static final int TRIES = 50;

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final GenvideoComponent component = new GenvideoComponent(camel);
    private Set<Thread> before;

    @BeforeEach
    void start() {
        camel.start();
        before = Thread.getAllStackTraces().keySet();
    }

    @AfterEach
    void stop() {
        component.stop();
        camel.stop();
    }

    private void failsAndLeavesNoThread(String message) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            assertThatThrownBy(component::start).hasStackTraceContaining(message);
        }
        await().untilAsserted(() -> assertThat(ofComponent()).isEmpty());
    }

    private List<String> ofComponent() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> !before.contains(t) && t.isAlive())
                .map(Thread::getName)
                .filter(name -> name.contains("Genvideo") || name.contains("genvideo") || name.contains("httpclient"))
                .collect(Collectors.toList());
    }

    @Test
    void ofAClientThatCanNotBeBuilt() {
        component.setHttpClientConfigurer(builder -> {
            throw new IllegalStateException("no client today");
        });
        failsAndLeavesNoThread("no client today");
    }

    @Test
    void ofAWorkerPoolThatIsRefused() {
        ExecutorService losing = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), new ThreadPoolExecutor.DiscardPolicy());
        component.setWorkerPool(losing);
        failsAndLeavesNoThread("option 'workerPool'");
        assertThat(losing.isShutdown()).as("a pool of the user").isFalse();
        losing.shutdownNow();
    }

    @Test
    void ofAJournalThatCanNotBeOpened() {
        component.setTaskRepository(new ForwardingRepository(new MemoryTaskRepository(InstantSource.system())) {
            @Override
            public void open(TaskOwner owner) {
                throw new IllegalStateException("the database is away");
            }
        });
        failsAndLeavesNoThread("the database is away");
    }

    @Test
    void theJournalIsClosedWhenAnotherPartFails() {
        AtomicInteger open = new AtomicInteger();
        component.setTaskRepository(new ForwardingRepository(new MemoryTaskRepository(InstantSource.system())) {
            @Override
            public void open(TaskOwner owner) {
                open.incrementAndGet();
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }
        });
        component.setHttpClientConfigurer(builder -> {
            throw new IllegalStateException("no client today");
        });
        failsAndLeavesNoThread("no client today");
        assertThat(open).hasValue(0);
    }

    @Test
    void aStartSucceedsAfterOneThatFailed() {
        component.setHttpClientConfigurer(builder -> {
            throw new IllegalStateException("no client today");
        });
        assertThatThrownBy(component::start).hasStackTraceContaining("no client today");

        component.setHttpClientConfigurer(null);
        component.start();

        assertThat(ofComponent()).isNotEmpty();
        component.stop();
        await().untilAsserted(() -> assertThat(ofComponent()).isEmpty());
    }
}
