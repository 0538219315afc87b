/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.ResultGoneException;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.spi.TaskRecord;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A paid result counts as delivered when its exchange is done, and not before. */
class DeliveryTest {
    private final ImaContext ima = new ImaContext();
    private final MemoryTaskRepository journal = new MemoryTaskRepository(InstantSource.system());

    @BeforeEach
    void start() throws Exception {
        ima.camel().getRegistry().bind("journal", journal);
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").to("genvideo:ima/text_to_video").to("direct:after");
                        from("direct:after")
                                .choice()
                                .when(header("broken"))
                                .throwException(new IllegalStateException("the disk is full"));
                        from("direct:handled")
                                .onException(GenvideoException.class)
                                .handled(true)
                                .to("mock:handled")
                                .end()
                                .to("genvideo:ima/text_to_video");
                        from("direct:quick").to("genvideo:ima/text_to_video?waitForResult=false");
                    }
                })
                .start();
    }

    @AfterEach
    void stop() {
        ima.close();
    }

    private void awaitDelivery(String recordId, DeliveryState state) {
        await().untilAsserted(() ->
                assertThat(journal.find(recordId).map(TaskRecord::delivery)).contains(state));
    }

    private void awaitEnd(String recordId) {
        await().until(() -> {
            TaskRecord record = journal.find(recordId).orElseThrow();
            ima.component().runtime().engine().hint("ima", record.taskId());
            return record.status().isTerminal();
        });
    }

    @Test
    void theBeanInTheRegistryIsTheJournal() {
        assertThat(ima.component().findTaskRepository()).isSameAs(journal);
    }

    @Test
    void anExchangeThatEndsWithoutFailureDelivers() {
        Exchange done = ima.generate("direct:in", "a lake");
        awaitDelivery(done.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class), DeliveryState.DELIVERED);
    }

    @Test
    void anExchangeThatFailsAfterwardsDoesNotDeliver() {
        Exchange failed = ima.send("direct:in", "a lake", Map.of("broken", true));
        assertThat(failed.getException()).hasMessage("the disk is full");
        String recordId = failed.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class);
        awaitDelivery(recordId, DeliveryState.AVAILABLE);
        assertThat(journal.find(recordId).map(TaskRecord::status)).contains(TaskStatus.SUCCEEDED);
        ima.assertCharged(1);
    }

    @Test
    void theNextExchangeWithTheKeyGetsTheResult() {
        Map<String, Object> key = Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "request 1", "broken", true);
        Exchange failed = ima.send("direct:in", "a lake", key);
        String recordId = failed.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class);
        awaitDelivery(recordId, DeliveryState.AVAILABLE);

        Exchange done = ima.send("direct:in", "a lake", Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "request 1"));

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getHeader(GenvideoConstants.REPLAYED)).isEqualTo(true);
        awaitDelivery(recordId, DeliveryState.DELIVERED);
        ima.assertCharged(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHandledTimeoutDeliversNothing(boolean keyed) throws Exception {
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:fallback")
                        .doTry()
                        .to("genvideo:ima/text_to_video?timeout=150ms")
                        .doCatch(GenerationTimeoutException.class)
                        // What a fallback does takes longer than the task
                        .process(e -> awaitEnd(e.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class)))
                        .end();
            }
        });
        Exchange done = ima.send(
                "direct:fallback",
                "a lake [[take: 400ms]]",
                keyed ? Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "k") : Map.of());

        assertThat(done.getException()).isNull();
        String recordId = done.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class);
        // Settlements are written in order: this one comes after what the exchange above has said
        Exchange next = ima.generate("direct:in", "another lake");
        awaitDelivery(next.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class), DeliveryState.DELIVERED);
        awaitDelivery(recordId, DeliveryState.AVAILABLE);
        ima.assertCharged(2);
    }

    @Test
    void aRedeliveredExchangeDeliversOnce() throws Exception {
        AtomicInteger failures = new AtomicInteger(2);
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(Exception.class).maximumRedeliveries(3).redeliveryDelay(10);
                from("direct:download").to("direct:callee");
                from("direct:callee")
                        .errorHandler(noErrorHandler())
                        .to("genvideo:ima/text_to_video?download=true")
                        .process(e -> {
                            if (failures.getAndDecrement() > 0) {
                                throw new IllegalStateException("the disk is full");
                            }
                        });
            }
        });

        Exchange done = ima.generate("direct:download", "a lake");

        String recordId = done.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class);
        awaitDelivery(recordId, DeliveryState.DELIVERED);
        assertThat(journal.find(recordId).map(TaskRecord::deliveries)).contains(1);
        ima.assertCharged(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct:in", "direct:enrich"})
    void aFailedDownloadDeliversNothingAlsoIfItIsHandled(String via) throws Exception {
        ImaContext.sandbox().faults().add(FaultRule.on("ima", "media", Fault.status(404)));
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:gone")
                        .doTry()
                        .choice()
                        .when(constant(via.equals("direct:in")))
                        .to("genvideo:ima/text_to_video?download=true")
                        .otherwise()
                        .enrich("genvideo:ima/text_to_video?download=true")
                        .endDoTry()
                        .doCatch(ResultGoneException.class)
                        .end();
            }
        });

        Exchange done = ima.send("direct:gone", "a lake", Map.of());

        assertThat(done.getException()).isNull();
        awaitDelivery(done.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class), DeliveryState.AVAILABLE);
        ima.assertCharged(1);
    }

    @Test
    void aFailedTaskIsDeliveredWhenItsFailureIsHandled() {
        Exchange handled = ima.send("direct:handled", "a lake [[fail: too dark]]", Map.of());
        assertThat(handled.getException()).isNull();
        awaitDelivery(
                handled.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class), DeliveryState.DELIVERED);

        Exchange failed = ima.send("direct:in", "a lake [[fail: too dark]]", Map.of());
        assertThat(failed.getException()).isInstanceOf(GenvideoException.class);
        awaitDelivery(
                failed.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class), DeliveryState.AVAILABLE);
    }

    @Test
    void aResultWithoutAWaitingExchangeIsAvailable() {
        Exchange accepted = ima.generate("direct:quick", "a lake");
        awaitDelivery(
                accepted.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class), DeliveryState.AVAILABLE);
    }

    @Test
    void anEndedWaitDeliversNothing() {
        Exchange late = ima.send("genvideo:ima/text_to_video?timeout=300ms", "a lake [[take: 1s]]", Map.of());
        String recordId = ((GenvideoException) late.getException()).getRecordId();
        String taskId = ima.charges().get(0).taskId();
        assertThat(journal.find(recordId).map(TaskRecord::taskId)).contains(taskId);
        assertThat(journal.find(recordId).map(r -> r.status().isTerminal())).contains(false);
        ima.assertCharged(1);
    }
}
