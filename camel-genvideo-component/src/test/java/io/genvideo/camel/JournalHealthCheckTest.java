/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ForwardingRepository;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.TaskCount;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The component's health is that of its journal. */
class JournalHealthCheckTest {
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final GenvideoComponent component = new GenvideoComponent(camel);

    JournalHealthCheckTest() {
        camel.addComponent("genvideo", component);
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private HealthCheck.Result call() {
        return HealthCheckHelper.invoke(camel, "genvideo", Map.of()).orElseThrow();
    }

    @Test
    void isUpWithTheCountsOfTheJournal() {
        camel.start();

        HealthCheck.Result result = call();

        assertThat(result.getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(result.getDetails())
                .containsEntry("open", 0L)
                .containsEntry("uncertain", 0L)
                .containsEntry("undelivered", 0L)
                .containsEntry("parked", 0L)
                .containsEntry("withoutCredentials", 0L);
    }

    @Test
    void isDownWhenTheJournalCannotBeRead() {
        component.setTaskRepository(new ForwardingRepository(new MemoryTaskRepository(InstantSource.system())) {
            @Override
            public List<TaskCount> tally() {
                throw new IllegalStateException("the database is away");
            }
        });
        camel.start();

        HealthCheck.Result result = call();

        assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(result.getMessage()).hasValue("the journal of tasks can't be read");
        assertThat(result.getError()).isPresent();
    }

    @Test
    void isNoReasonToRestartTheProcess() {
        camel.start();

        assertThat(HealthCheckHelper.invokeReadiness(camel)).hasSize(1);
        assertThat(HealthCheckHelper.invokeLiveness(camel)).isEmpty();
    }

    @Test
    void leavesTheRegistryWithTheComponent() throws Exception {
        camel.start();
        camel.removeComponent("genvideo");

        assertThat(HealthCheckRegistry.get(camel).getCheck("genvideo")).isEmpty();
    }
}
