/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.engine.ForwardingRepository;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.GenerationTask;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A route fetches late results when it wants to: one at a time, with one read of the journal. */
class PollEnrichTest {
    private final ImaContext ima = new ImaContext();
    private final AtomicInteger polls = new AtomicInteger();
    private final ForwardingRepository journal =
            new ForwardingRepository(new MemoryTaskRepository(InstantSource.system())) {
                @Override
                public List<TaskRecord> claimFinished(FinishedTasks wanted, TaskOwner owner, Duration lease, int most) {
                    polls.incrementAndGet();
                    return super.claimFinished(wanted, owner, lease, most);
                }
            };

    @BeforeEach
    void start() throws Exception {
        ima.camel().getRegistry().bind("journal", journal);
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:submit").to("genvideo:ima/text_to_video?waitForResult=false");
                        from("direct:fetch").pollEnrich("genvideo:ima/tasks", 0);
                        from("direct:broken")
                                .to("direct:fetch")
                                .throwException(new IllegalStateException("the disk is full"));
                        from("direct:strategyThrows").pollEnrich("genvideo:ima/tasks", 0, (original, result) -> {
                            throw new IllegalStateException("the strategy failed");
                        });
                        from("direct:strategyThrowsAndRouteGoesOn")
                                .doTry()
                                .to("direct:strategyThrows")
                                .doCatch(CamelExchangeException.class)
                                .end();
                        from("direct:strategyReturnsNothing")
                                .pollEnrich("genvideo:ima/tasks", 0, (original, result) -> null);
                        from("direct:wait").pollEnrich("genvideo:ima/tasks?delay=50", 10_000);
                    }
                })
                .start();
    }

    @AfterEach
    void stop() {
        ima.close();
    }

    private String submit(String prompt) {
        String recordId =
                ima.generate("direct:submit", prompt).getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class);
        await().until(() ->
                journal.find(recordId).filter(r -> r.status().isTerminal()).isPresent());
        return recordId;
    }

    private void awaitDelivery(String recordId, DeliveryState state) {
        await().untilAsserted(() ->
                assertThat(journal.find(recordId).map(TaskRecord::delivery)).contains(state));
    }

    @Test
    void oneCallTakesOneResultWithOneReadOfTheJournal() {
        String first = submit("lake 1");
        String second = submit("lake 2");

        Exchange got = ima.send("direct:fetch", "before", Map.of());

        assertThat(got.getException()).isNull();
        assertThat(got.getMessage().getBody(GenerationTask.class).recordId()).isEqualTo(first);
        awaitDelivery(first, DeliveryState.DELIVERED);
        awaitDelivery(second, DeliveryState.AVAILABLE);
        assertThat(polls).hasValue(1);
        await().during(Duration.ofMillis(300)).until(() -> polls.get() == 1);
    }

    @Test
    void continuesAtOnceIfThereIsNoResult() {
        Exchange got = ima.send("direct:fetch", "before", Map.of());

        assertThat(got.getException()).isNull();
        assertThat(got.getMessage().getBody()).isNull();
        assertThat(polls).hasValue(1);
    }

    @Test
    void deliversWhenTheWholeExchangeHasEnded() {
        String recordId = submit("lake 1");

        Exchange failed = ima.send("direct:broken", "before", Map.of());

        assertThat(failed.getException()).hasMessage("the disk is full");
        awaitDelivery(recordId, DeliveryState.AVAILABLE);
        assertThat(journal.find(recordId).map(TaskRecord::deliveries)).contains(1);
    }

    /** Camel drops the received exchange and its completions then. */
    @ParameterizedTest
    @ValueSource(
            strings = {"direct:strategyThrows", "direct:strategyThrowsAndRouteGoesOn", "direct:strategyReturnsNothing"})
    void offersAgainWhatIsNotAggregated(String route) {
        String recordId = submit("lake 1");

        ima.send(route, "before", Map.of());

        awaitDelivery(recordId, DeliveryState.AVAILABLE);
        assertThat(journal.find(recordId).map(TaskRecord::deliveries)).contains(1);
        await().untilAsserted(() -> assertThat(ima.send("direct:fetch", "before", Map.of())
                        .getMessage()
                        .getHeader(GenvideoConstants.RECORD_ID))
                .isEqualTo(recordId));
        awaitDelivery(recordId, DeliveryState.DELIVERED);
    }

    @Test
    void waitsForAResult() throws Exception {
        CompletableFuture<Exchange> waiting = ima.sendLater("direct:wait", "before", Map.of());
        await().until(() -> polls.get() > 1);

        ima.generate("direct:submit", "a lake");

        Exchange got = waiting.get(10, TimeUnit.SECONDS);
        assertThat(got.getException()).isNull();
        assertThat(got.getMessage().getBody()).isInstanceOf(GenerationTask.class);
    }

    @Test
    void aConsumerTemplateTakesOneResult() throws Exception {
        String recordId = submit("lake 1");
        try (ConsumerTemplate template = ima.camel().createConsumerTemplate()) {
            assertThat(template.receiveBody("genvideo:ima/tasks", 5000, GenerationTask.class)
                            .recordId())
                    .isEqualTo(recordId);
        }
        awaitDelivery(recordId, DeliveryState.DELIVERED);
    }
}
