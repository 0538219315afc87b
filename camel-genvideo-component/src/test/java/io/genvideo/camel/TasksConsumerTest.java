/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.engine.PooledExchangeFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nobody waited for reaches a route, and counts as delivered when that route is through with it. */
class TasksConsumerTest {
    private static final String QUICKLY = "genvideo:ima/tasks?initialDelay=0&delay=50";

    private final ImaContext ima = new ImaContext();
    private final MemoryTaskRepository journal = new MemoryTaskRepository(InstantSource.system());

    @BeforeEach
    void addSubmittingRoute() throws Exception {
        ima.camel().getRegistry().bind("journal", journal);
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:submit").to("genvideo:ima/text_to_video?waitForResult=false");
                from("direct:wait")
                        .to("genvideo:ima/text_to_video")
                        .throwException(new IllegalStateException("the disk is full"));
            }
        });
    }

    @AfterEach
    void stop() {
        ima.close();
    }

    private ImaContext consume(String options) throws Exception {
        return consume(options, "late");
    }

    private ImaContext consume(String options, String name) throws Exception {
        return ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from(QUICKLY + options).routeId(name).to("mock:" + name);
            }
        });
    }

    private MockEndpoint late() {
        return ima.camel().getEndpoint("mock:late", MockEndpoint.class);
    }

    private String submit(String prompt) {
        return ima.generate("direct:submit", prompt).getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class);
    }

    private TaskRecord record(String recordId) {
        return journal.find(recordId).orElseThrow();
    }

    private void awaitDelivery(String recordId, DeliveryState state) {
        await().untilAsserted(() -> assertThat(record(recordId).delivery()).isEqualTo(state));
    }

    private void end(List<String> recordIds) {
        recordIds.forEach(id -> await().until(() -> record(id).status().isTerminal()));
    }

    @Test
    void aResultWithoutAWaitingExchangeIsDeliveredOnce() throws Exception {
        consume("").start();
        late().expectedMessageCount(1);

        Exchange accepted = ima.send("direct:submit", "a lake", Map.of(GenvideoConstants.REFERENCE, "request 7"));

        late().assertIsSatisfied();
        late().setAssertPeriod(300);
        late().assertIsSatisfied();
        Exchange got = late().getExchanges().get(0);
        GenerationTask task = got.getMessage().getBody(GenerationTask.class);
        assertThat(task.status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(task.media()).hasSize(1);
        assertThat(got.getProperty(GenvideoConstants.TASK_PROPERTY)).isEqualTo(task);
        assertThat(got.getMessage().getHeaders())
                .containsEntry(
                        GenvideoConstants.RECORD_ID, accepted.getMessage().getHeader(GenvideoConstants.RECORD_ID))
                .containsEntry(GenvideoConstants.TASK_ID, ima.charges().get(0).taskId())
                .containsEntry(GenvideoConstants.STATUS, "SUCCEEDED")
                .containsEntry(GenvideoConstants.REFERENCE, "request 7")
                .containsEntry(GenvideoConstants.REPLAYED, false);
        assertThat(got.getProperty(Exchange.BATCH_SIZE)).isEqualTo(1);
        assertThat(got.getProperty(Exchange.BATCH_COMPLETE)).isEqualTo(true);
        awaitDelivery(task.recordId(), DeliveryState.DELIVERED);
        ima.assertCharged(1);
    }

    @Test
    void aKeyDoesNotDelayTheResultOfWaitForResultFalse() throws Exception {
        consume("").start();
        late().expectedMessageCount(1);

        ima.send("direct:submit", "a lake", Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "request 7"));

        late().assertIsSatisfied();
    }

    @Test
    void aResultWhoseExchangeFailedIsDelivered() throws Exception {
        consume("").start();
        late().expectedMessageCount(1);

        Exchange failed = ima.send("direct:wait", "a lake", Map.of());

        assertThat(failed.getException()).hasMessage("the disk is full");
        late().assertIsSatisfied();
        awaitDelivery(
                failed.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class), DeliveryState.DELIVERED);
        ima.assertCharged(1);
    }

    @Test
    void isDeliveredWhenItsExchangeHasEndedAndNotBefore() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch there = new CountDownLatch(1);
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        // Another thread, and an exchange that takes over what has to be done at the end
                        from(QUICKLY).to("seda:work");
                        from("seda:work").process(e -> {
                            there.countDown();
                            assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
                        });
                    }
                })
                .start();

        String recordId = submit("a lake");
        assertThat(there.await(10, TimeUnit.SECONDS)).isTrue();
        await().during(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(record(recordId).delivery()).isEqualTo(DeliveryState.OWNED));
        go.countDown();

        awaitDelivery(recordId, DeliveryState.DELIVERED);
        assertThat(record(recordId).deliveries()).isEqualTo(1);
    }

    @Test
    void aFailedDeliveryIsRepeatedUntilTheOutcomeIsParked() throws Exception {
        List<Exchange> attempts = new CopyOnWriteArrayList<>();
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(QUICKLY + "&maxDeliveries=2")
                                .process(attempts::add)
                                .to("seda:fails");
                        from("seda:fails").throwException(new IllegalStateException("the disk is full"));
                    }
                })
                .start();

        String recordId = submit("a lake");

        awaitDelivery(recordId, DeliveryState.PARKED);
        assertThat(attempts).hasSize(2);
        assertThat(record(recordId).deliveries()).isEqualTo(2);
        assertThat(ima.component().getParkedTasks()).isEqualTo(1);
        await().during(Duration.ofMillis(300)).until(() -> attempts.size() == 2);
        ima.assertCharged(1);
    }

    @Test
    void aFailedTaskIsAnOutcome() throws Exception {
        consume("").start();
        late().expectedMessageCount(1);

        submit("a lake [[fail: too dark]]");

        late().assertIsSatisfied();
        GenerationTask task = late().getExchanges().get(0).getMessage().getBody(GenerationTask.class);
        assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(task.error()).isNotNull();
        assertThat(late().getExchanges().get(0).getException()).isNull();
    }

    @Test
    void onlyTheSelectedStatusesAreConsumed() throws Exception {
        consume("&statuses=failed,cancelled").start();
        String good = submit("a lake");
        end(List.of(good));
        late().expectedMessageCount(1);
        late().setAssertPeriod(300);

        String bad = submit("a lake [[fail: too dark]]");

        late().assertIsSatisfied();
        assertThat(late().getExchanges().get(0).getMessage().getHeader(GenvideoConstants.RECORD_ID))
                .isEqualTo(bad);
        assertThat(record(good).delivery()).isEqualTo(DeliveryState.AVAILABLE);
    }

    @Test
    void uncertainTasksAreConsumedIfSelected() throws Exception {
        consume("&statuses=UNCERTAIN").start();
        ImaContext.sandbox()
                .faults()
                .add(FaultRule.on("ima", "create", Fault.loseAnswer()).times(1));
        late().expectedMessageCount(1);

        assertThat(ima.send("direct:submit", "a lake", Map.of()).getException()).isNotNull();

        late().assertIsSatisfied();
        late().setAssertPeriod(300);
        late().assertIsSatisfied();
        Exchange got = late().getExchanges().get(0);
        assertThat(got.getMessage().getHeader(GenvideoConstants.STATUS)).isEqualTo("UNCERTAIN");
        String recordId = got.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class);
        assertThat(record(recordId).status()).isEqualTo(TaskStatus.UNCERTAIN);
        assertThat(ima.component().getUncertainTasks()).isEqualTo(1);
    }

    @Test
    void aPollTakesAtMostMaxMessagesPerPoll() throws Exception {
        consume("&maxMessagesPerPoll=2").start();
        ima.camel().getRouteController().stopRoute("late");
        List<String> recordIds = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
            recordIds.add(submit("lake " + n));
        }
        end(recordIds);
        assertThat(ima.component().getUndeliveredResults()).isEqualTo(5);
        late().expectedMessageCount(5);

        ima.camel().getRouteController().startRoute("late");

        late().assertIsSatisfied();
        assertThat(late().getExchanges())
                .extracting(e -> e.getProperty(Exchange.BATCH_SIZE))
                .containsExactly(2, 2, 2, 2, 1);
        assertThat(late().getExchanges())
                .extracting(e -> e.getProperty(Exchange.BATCH_INDEX))
                .containsExactly(0, 1, 0, 1, 0);
        assertThat(late().getExchanges())
                .as("those that ended first come first")
                .extracting(e -> e.getMessage().getHeader(GenvideoConstants.RECORD_ID))
                .containsExactlyInAnyOrderElementsOf(recordIds);
        ima.assertCharged(5);
    }

    @Test
    void aSuspendedConsumerTakesNothing() throws Exception {
        consume("").start();
        ima.camel().getRouteController().suspendRoute("late");
        late().expectedMessageCount(0);
        String recordId = submit("a lake");
        end(List.of(recordId));
        late().setAssertPeriod(300);
        late().assertIsSatisfied();

        late().setAssertPeriod(0);
        late().expectedMessageCount(1);
        ima.camel().getRouteController().resumeRoute("late");

        late().assertIsSatisfied();
        awaitDelivery(recordId, DeliveryState.DELIVERED);
    }

    @Test
    void outcomesThatAStopCutsOffAreReturned() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch there = new CountDownLatch(1);
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(QUICKLY).routeId("late").autoStartup(false).process(e -> {
                            there.countDown();
                            assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
                        });
                    }
                })
                .start();
        List<String> recordIds = List.of(submit("lake 1"), submit("lake 2"), submit("lake 3"));
        end(recordIds);
        ima.camel().getRouteController().startRoute("late");
        assertThat(there.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(recordIds).extracting(id -> record(id).delivery()).containsOnly(DeliveryState.OWNED);

        GenvideoTasksConsumer consumer =
                (GenvideoTasksConsumer) ima.camel().getRoute("late").getConsumer();
        Thread stop = new Thread(() -> ima.camel().stop());
        stop.start();
        await().until(() -> !consumer.isStarted());
        go.countDown();
        stop.join(20_000);

        assertThat(stop.isAlive()).isFalse();
        assertThat(recordIds)
                .extracting(id -> record(id).delivery())
                .containsExactlyInAnyOrder(DeliveryState.DELIVERED, DeliveryState.AVAILABLE, DeliveryState.AVAILABLE);
        assertThat(recordIds)
                .as("an outcome that was not routed does not count")
                .extracting(id -> record(id).deliveries())
                .containsExactlyInAnyOrder(1, 0, 0);
        ima.assertCharged(3);
    }

    @Test
    void anAccountGetsItsOwnOutcomes() throws Exception {
        ima.component().getAccounts().put("team", teamAccount());
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:team").to("genvideo:ima/text_to_video?waitForResult=false&account=team");
            }
        });
        consume("&account=team", "team");
        ima.start();
        MockEndpoint team = ima.camel().getEndpoint("mock:team", MockEndpoint.class);
        team.expectedMessageCount(1);
        team.setAssertPeriod(300);

        String others = submit("a lake");
        end(List.of(others));
        ima.generate("direct:team", "a hill");
        team.assertIsSatisfied();
        assertThat(team.getExchanges()
                        .get(0)
                        .getMessage()
                        .getBody(GenerationTask.class)
                        .account())
                .isEqualTo("team");

        late().expectedMessageCount(1);
        consume("");
        late().assertIsSatisfied();
        awaitDelivery(others, DeliveryState.DELIVERED);
    }

    private static GenvideoAccount teamAccount() {
        GenvideoAccount account = ImaContext.account("ima_" + UUID.randomUUID());
        account.setProvider("ima");
        return account;
    }

    @Test
    void consumingNeedsNoCredentials() throws Exception {
        ima.start();
        String recordId = submit("a lake");
        end(List.of(recordId));

        try (ImaContext collector = new ImaContext()) {
            collector.component().getAccounts().clear();
            collector.camel().getRegistry().bind("journal", journal);
            collector
                    .routes(new RouteBuilder() {
                        @Override
                        public void configure() {
                            from(QUICKLY).to("mock:late");
                        }
                    })
                    .start();
            MockEndpoint collected = collector.camel().getEndpoint("mock:late", MockEndpoint.class);
            collected.expectedMessageCount(1);
            collected.assertIsSatisfied();
            awaitDelivery(recordId, DeliveryState.DELIVERED);
        }
    }

    @Test
    void worksWithPooledExchanges() throws Exception {
        ima.camel().getCamelContextExtension().setExchangeFactory(new PooledExchangeFactory());
        List<Object> seen = new CopyOnWriteArrayList<>();
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(QUICKLY).process(e -> {
                            seen.add(e.getMessage().getHeader(GenvideoConstants.RECORD_ID));
                            if (seen.size() == 1) {
                                throw new IllegalStateException("the first one fails");
                            }
                        });
                    }
                })
                .start();

        List<String> recordIds = List.of(submit("lake 1"), submit("lake 2"), submit("lake 3"));

        recordIds.forEach(id -> awaitDelivery(id, DeliveryState.DELIVERED));
        assertThat(seen).hasSize(4).containsAll(recordIds);
    }

    @Test
    void sendsAnEmptyMessageWhenIdle() throws Exception {
        consume("&sendEmptyMessageWhenIdle=true").start();
        late().expectedMinimumMessageCount(1);

        late().assertIsSatisfied();
        assertThat(late().getExchanges().get(0).getMessage().getBody()).isNull();
    }

    @Test
    void aGreedyConsumerPollsUntilNothingIsLeft() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("genvideo:ima/tasks?greedy=true&maxMessagesPerPoll=1&initialDelay=0&delay=1h")
                                .routeId("late")
                                .autoStartup(false)
                                .to("mock:late");
                    }
                })
                .start();
        end(List.of(submit("lake 1"), submit("lake 2"), submit("lake 3")));
        late().expectedMessageCount(3);

        ima.camel().getRouteController().startRoute("late");

        late().assertIsSatisfied();
    }
}
