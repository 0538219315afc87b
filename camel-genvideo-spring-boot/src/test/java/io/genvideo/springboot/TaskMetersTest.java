/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.camel.GenvideoComponent;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.TaskRepository;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;

/** The journal as metrics and health, also when it does not answer. */
class TaskMetersTest {
    private final AtomicLong nanoTime = new AtomicLong(-5);
    private final AtomicInteger reads = new AtomicInteger();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private boolean broken;

    TaskMetersTest() {
        GenvideoComponent component = new GenvideoComponent(camel);
        component.setTaskRepository(journal());
        camel.addComponent("genvideo", component);
        new TaskMeters(camel, nanoTime::get).bindTo(registry);
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    /** A journal in memory whose counts can fail. */
    private TaskRepository journal() {
        MemoryTaskRepository memory = new MemoryTaskRepository(InstantSource.system());
        return (TaskRepository) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {TaskRepository.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("tally")) {
                        reads.incrementAndGet();
                        if (broken) {
                            throw new IllegalStateException("the database is away");
                        }
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private List<Double> scrape() {
        return registry.find("genvideo.tasks").gauges().stream()
                .map(Gauge::value)
                .toList();
    }

    @Test
    void areNotNumbersBeforeTheComponentStarts() {
        assertThat(scrape()).hasSize(5).containsOnly(Double.NaN);
        assertThat(new JournalHealthIndicator(camel).health().getStatus()).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void scrapeReadsTheJournalOnce() {
        camel.start();
        int before = reads.get();

        assertThat(scrape()).hasSize(5).containsOnly(0.0);
        scrape();
        assertThat(reads.get() - before).isEqualTo(1);
    }

    @Test
    void journalThatDoesNotAnswerIsReadAgainLater() {
        camel.start();
        broken = true;
        assertThat(scrape()).containsOnly(Double.NaN);
        broken = false;
        assertThat(scrape()).containsOnly(Double.NaN);

        nanoTime.addAndGet(Duration.ofSeconds(6).toNanos());
        assertThat(scrape()).containsOnly(0.0);
    }

    @Test
    void journalThatDoesNotAnswerIsDown() {
        camel.start();
        broken = true;

        Health health = new JournalHealthIndicator(camel).health();

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails()).containsEntry("reason", "the journal of tasks can't be read");
    }
}
