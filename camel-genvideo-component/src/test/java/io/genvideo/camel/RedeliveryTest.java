/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.UncertainSubmissionException;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An error handler that repeats a step, or a whole route, must never repeat the payment. */
class RedeliveryTest {
    private static final Map<String, Object> KEY = Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "request 1");
    private static final String TEXT = "genvideo:ima/text_to_video?pollInterval=20ms";
    private static final String SLOW = "genvideo:ima/text_to_video?pollInterval=200ms";

    private final ImaContext ima = new ImaContext();
    private final AtomicInteger afterwards = new AtomicInteger();
    private final Set<String> taskIds = ConcurrentHashMap.newKeySet();

    @AfterEach
    void stop() {
        ima.close();
    }

    private void addRedeliveringRoute(String generation) throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        onException(Exception.class).maximumRedeliveries(3).redeliveryDelay(1);
                        from("direct:step").to(generation).process(RedeliveryTest.this::failTwice);
                        // The error handler of the caller repeats all of the callee
                        from("direct:caller").to("direct:callee");
                        from("direct:callee")
                                .errorHandler(noErrorHandler())
                                .setProperty("input", body())
                                .to(generation)
                                .process(e ->
                                        taskIds.add(e.getMessage().getHeader(GenvideoConstants.TASK_ID, String.class)))
                                .setBody(exchangeProperty("input"))
                                .to("genvideo:ima/text_to_video?model=kling")
                                .process(RedeliveryTest.this::failTwice);
                    }
                })
                .start();
    }

    private void failTwice(Exchange exchange) {
        if (afterwards.incrementAndGet() <= 2) {
            throw new IllegalStateException("the step after the generation failed");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFailureAfterTheGenerationRepeatsOnlyItsOwnStep(boolean keyed) throws Exception {
        addRedeliveringRoute(TEXT);

        Exchange done = ima.send("direct:step", "a lake", keyed ? KEY : Map.of());

        assertThat(done.getException()).isNull();
        assertThat(afterwards).hasValue(3);
        ima.assertCharged(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRepeatedRouteGetsThePaidResult(boolean keyed) throws Exception {
        addRedeliveringRoute(TEXT + "&model=wan2.6-t2v");

        Exchange done = keyed
                ? ima.send("direct:caller", "a lake", Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "k"))
                : ima.send("direct:caller", "a lake", Map.of());

        if (keyed) {
            assertThat(done.getException())
                    .as("one key for two different requests of one route is refused")
                    .hasMessageContaining("the idempotency key belongs to another request");
            ima.assertCharged(1);
        } else {
            assertThat(done.getException()).isNull();
            assertThat(afterwards).hasValue(3);
            assertThat(taskIds).as("the same task each time").hasSize(1);
            assertThat(done.getMessage().getHeader(GenvideoConstants.REPLAYED)).isEqualTo(true);
            ima.assertCharged(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRedeliveryAfterATimeoutWaitsForItsOwnTask(boolean keyed) throws Exception {
        addRedeliveringRoute(SLOW + "&timeout=700ms");
        afterwards.set(9);

        Exchange done = ima.send("direct:step", "a lake [[take: 1500ms]]", keyed ? KEY : Map.of());

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getHeader(GenvideoConstants.TASK_ID))
                .isEqualTo(ima.charges().get(0).taskId());
        ima.assertCharged(1);
    }

    @Test
    void aTaskThatTakesLongerThanAllAttemptsIsStillPaidOnce() throws Exception {
        addRedeliveringRoute(TEXT + "&timeout=300ms");

        Exchange done = ima.send("direct:step", "a lake [[stuck]]", Map.of());

        assertThat(done.getException())
                .isInstanceOfSatisfying(GenerationTimeoutException.class, e -> {
                    assertThat(e.getHandle()).isEqualTo(ima.charges().get(0).taskId());
                    assertThat(e.getRecordId()).isNotNull();
                })
                .hasMessageContaining("the task goes on at the service and is not created again");
        ima.assertCharged(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void paysOnceAfterAnUnpaidFailureAndATimeout(boolean keyed) throws Exception {
        ImaContext.sandbox()
                .faults()
                .add(FaultRule.on("ima", "create", Fault.envelope(6006, "no", 200))
                        .times(2));
        addRedeliveringRoute(SLOW + "&timeout=700ms");
        afterwards.set(9);

        Exchange done = ima.send("direct:step", "a lake [[take: 1200ms]]", keyed ? KEY : Map.of());

        assertThat(done.getException()).isNull();
        ima.assertCharged(1);
        assertThat(ImaContext.sandbox().faults().rules())
                .as("the first attempt was refused unpaid")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLostCreateResponseIsNeverFollowedByAnotherCreate(boolean keyed) throws Exception {
        ImaContext.sandbox()
                .faults()
                .add(FaultRule.on("ima", "create", Fault.loseAnswer()).times(1));
        addRedeliveringRoute(TEXT);

        Exchange done = ima.send("direct:step", "a lake", keyed ? KEY : Map.of());

        assertThat(done.getException())
                .isInstanceOfSatisfying(
                        UncertainSubmissionException.class,
                        e -> assertThat(e.getRecordId()).isNotNull());
        ima.assertCharged(1);
    }

    @Test
    void aTaskThatFailedIsNotPaidAgain() throws Exception {
        addRedeliveringRoute(TEXT);

        Exchange done = ima.send("direct:step", "a lake [[fail: too dark]]", Map.of());

        assertThat(done.getException()).isInstanceOf(GenvideoException.class).hasMessageContaining("too dark");
        ima.assertCharged(1);
    }

    @Test
    void everyTurnOfALoopIsARequest() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:loop").loop(3).setBody(constant("a lake")).to(TEXT);
                    }
                })
                .start();

        Exchange done = ima.send("direct:loop", "a lake", Map.of());

        assertThat(done.getException()).isNull();
        ima.assertCharged(3);
    }
}
