/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genvideo.engine.ForwardingRepository;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.spi.TaskCount;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ManagementAgent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What JMX shows of the journal. */
class ManagementTest {
    private static final List<String> COUNTS =
            List.of("OpenTasks", "UncertainTasks", "UndeliveredResults", "ParkedTasks", "TasksWithoutCredentials");

    private final ImaContext ima = new ImaContext();
    private final AtomicBoolean broken = new AtomicBoolean();
    private MBeanServer server;
    private ObjectName name;

    @BeforeEach
    void start() throws Exception {
        ima.camel()
                .getRegistry()
                .bind("journal", new ForwardingRepository(new MemoryTaskRepository(InstantSource.system())) {
                    @Override
                    public List<TaskCount> tally() {
                        if (broken.get()) {
                            throw new IllegalStateException("the database is down");
                        }
                        return super.tally();
                    }
                });
        ima.start();
        ManagementAgent agent = ima.camel().getManagementStrategy().getManagementAgent();
        server = agent.getMBeanServer();
        name = server.queryNames(
                        new ObjectName(agent.getMBeanObjectDomainName() + ":context="
                                + ima.camel().getManagementName() + ",type=components,name=\"genvideo\""),
                        null)
                .iterator()
                .next();
    }

    @AfterEach
    void stop() {
        ima.close();
    }

    private List<Object> counts() throws Exception {
        return server.getAttributes(name, COUNTS.toArray(String[]::new)).asList().stream()
                .map(a -> a.getValue())
                .toList();
    }

    @Test
    void theJournalInNumbers() throws Exception {
        assertThat(counts()).containsExactly(0L, 0L, 0L, 0L, 0L);

        Exchange open = ima.send("genvideo:ima/text_to_video?waitForResult=false", "a lake [[take: 10m]]", Map.of());
        assertThat(open.getException()).isNull();
        ima.generate("genvideo:ima/text_to_video?waitForResult=false", "a lake");
        ImaContext.sandbox()
                .faults()
                .add(FaultRule.on("ima", "create", Fault.loseAnswer()).times(1));
        ima.send("genvideo:ima/text_to_video", "a lake", Map.of());

        await().untilAsserted(() -> assertThat(counts()).containsExactly(1L, 1L, 1L, 0L, 0L));
    }

    @Test
    void itShowsNoSecretAndNoMore() throws Exception {
        assertThat(Arrays.stream(server.getMBeanInfo(name).getAttributes()).map(MBeanAttributeInfo::getName))
                .containsAll(COUNTS)
                .noneMatch(a -> a.toLowerCase().matches(".*(key|secret|account|password).*"));
    }

    @Test
    void aJournalThatCanNotBeReadIsSaid() {
        broken.set(true);
        assertThatThrownBy(() -> server.getAttribute(name, "OpenTasks"))
                .rootCause()
                .hasMessageContaining("the database is down");
    }

    @Test
    void tasksAreCountedByWhatHasToBeDone() {
        JournalStatistics counts = JournalStatistics.of(
                List.of(
                        new TaskCount("ima/a", TaskStatus.RESERVED, DeliveryState.OWNED, 1),
                        new TaskCount("ima/a", TaskStatus.SUBMITTING, DeliveryState.OWNED, 2),
                        new TaskCount("ima/a", TaskStatus.QUEUED, DeliveryState.AVAILABLE, 4),
                        new TaskCount("ima/gone", TaskStatus.RUNNING, DeliveryState.OWNED, 8),
                        new TaskCount("ima/gone", TaskStatus.RUNNING, DeliveryState.PARKED, 16),
                        new TaskCount("ima/a", TaskStatus.UNCERTAIN, DeliveryState.AVAILABLE, 32),
                        new TaskCount("ima/a", TaskStatus.UNCERTAIN, DeliveryState.DELIVERED, 64),
                        new TaskCount("ima/a", TaskStatus.SUCCEEDED, DeliveryState.AVAILABLE, 128),
                        new TaskCount("ima/a", TaskStatus.FAILED, DeliveryState.PARKED, 256),
                        new TaskCount("ima/a", TaskStatus.SUCCEEDED, DeliveryState.DELIVERED, 512),
                        new TaskCount("ima/a", TaskStatus.SUCCEEDED, DeliveryState.OWNED, 1024)),
                "ima/a"::equals);

        assertThat(counts).isEqualTo(new JournalStatistics(1 + 2 + 4 + 8, 32 + 64, 128, 16 + 256, 8));
    }
}
