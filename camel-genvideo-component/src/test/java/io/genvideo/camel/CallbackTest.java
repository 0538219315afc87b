/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.Paid;
import io.genvideo.model.ServiceUnavailableException;
import io.genvideo.model.UncertainSubmissionException;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happens on the wire, the callback is called, once, with a failure that names its record. */
class CallbackTest {
    private final ImaContext ima = new ImaContext();
    private final AtomicInteger called = new AtomicInteger();
    private final AtomicInteger calledAsync = new AtomicInteger();

    @AfterEach
    void stop() {
        ima.close();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments(Fault.loseAnswer(), UncertainSubmissionException.class, Paid.UNKNOWN, 1),
                arguments(Fault.garbage(), UncertainSubmissionException.class, Paid.UNKNOWN, 1),
                arguments(Fault.truncate(), UncertainSubmissionException.class, Paid.UNKNOWN, 1),
                arguments(Fault.emptyData(), UncertainSubmissionException.class, Paid.UNKNOWN, 1),
                arguments(Fault.status(503), UncertainSubmissionException.class, Paid.UNKNOWN, 0),
                arguments(Fault.statusAfterProcessing(504), UncertainSubmissionException.class, Paid.UNKNOWN, 1),
                arguments(Fault.redirect(307), GenvideoException.class, null, 0),
                arguments(Fault.stall(Duration.ofMillis(1500)), GenerationTimeoutException.class, Paid.UNKNOWN, 1));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFailedCreateCallEndsTheExchangeOnce(
            Fault fault, Class<? extends GenvideoException> expected, Paid paid, int charges) {
        ImaContext.sandbox().faults().add(FaultRule.on("ima", "create", fault));
        ima.start();

        Exchange exchange = process("genvideo:ima/text_to_video?timeout=1s", "a lake");

        assertThat(exchange.getException()).isInstanceOfSatisfying(expected, e -> {
            assertThat(e.getRecordId()).isNotNull();
            assertThat(exchange.getMessage().getHeader(GenvideoConstants.RECORD_ID))
                    .isEqualTo(e.getRecordId());
            if (paid != null) {
                assertThat(e.getPaid()).isEqualTo(paid);
            }
        });
        assertThat(calledAsync).hasValue(1);
        await().during(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(called).hasValue(1));
        ima.assertCharged(charges);
    }

    @Test
    void aResponseAfterTheTimeoutIsNotLost() {
        ImaContext.sandbox()
                .faults()
                .add(FaultRule.on("ima", "create", Fault.stall(Duration.ofSeconds(1)))
                        .times(1));
        ima.start();

        Exchange late = process("genvideo:ima/text_to_video?timeout=300ms", "a lake");
        assertThat(late.getException()).isInstanceOf(GenerationTimeoutException.class);

        await().untilAsserted(() -> assertThat(ima.tasks()).hasSize(1));
        await().untilAsserted(() -> {
            Exchange read = ima.send(
                    "genvideo:ima/task",
                    e -> e.getMessage()
                            .setHeader(
                                    GenvideoConstants.TASK_ID,
                                    ima.tasks().get(0).taskId()));
            assertThat(read.getMessage().getBody(GenerationTask.class).recordId())
                    .isEqualTo(((GenvideoException) late.getException()).getRecordId());
        });
        assertThat(called).hasValue(1);
        ima.assertCharged(1);
    }

    @Test
    void aRefusedConnectionEndsTheExchangeOnce() throws IOException {
        int closed;
        try (ServerSocket free = new ServerSocket(0)) {
            closed = free.getLocalPort();
        }
        ima.start();

        Exchange exchange =
                process("genvideo:ima/text_to_video?timeout=2s&baseUrl=http://127.0.0.1:" + closed + "/ima", "a lake");

        assertThat(exchange.getException())
                .isInstanceOfAny(ServiceUnavailableException.class, GenerationTimeoutException.class)
                .isInstanceOfSatisfying(
                        GenvideoException.class, e -> assertThat(e.getPaid()).isEqualTo(Paid.NO));
        await().during(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(called).hasValue(1));
    }

    @Test
    void failedPollsDoNotFailTheTask() {
        ImaContext.sandbox()
                .faults()
                .add(FaultRule.on("ima", "detail", Fault.garbage()).times(1));
        ImaContext.sandbox()
                .faults()
                .add(FaultRule.on("ima", "detail", Fault.status(503)).times(1));
        ima.start();

        Exchange exchange = process("genvideo:ima/text_to_video", "a lake");

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody()).isInstanceOf(GenerationTask.class);
        assertThat(called).hasValue(1);
        ima.assertCharged(1);
    }

    @Test
    void invalidInputEndsOnTheThreadOfTheCaller() {
        ima.start();

        Exchange exchange = process("genvideo:ima/image_to_video?prompt=x", "no picture");

        assertThat(exchange.getException()).isInstanceOf(InvalidGenerationRequestException.class);
        assertThat(called).hasValue(1);
        assertThat(calledAsync).as("done in process").hasValue(0);
    }

    @Test
    void operationsOfAServiceEndOnce() {
        ImaContext.sandbox().faults().add(FaultRule.on("ima", "*", Fault.garbage()));
        ima.start();
        for (String operation : new String[] {"models", "task", "upload"}) {
            called.set(0);
            Exchange exchange = process("genvideo:ima/" + operation, ImaContext.picture(1));
            assertThat(exchange.getException()).as(operation).isInstanceOf(GenvideoException.class);
            await().during(Duration.ofMillis(100))
                    .untilAsserted(() -> assertThat(called).hasValue(1));
        }
    }

    /** Calls the producer as a route does, and waits for its callback. */
    private Exchange process(String uri, Object body) {
        Exchange exchange = new DefaultExchange(ima.camel());
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeader(GenvideoConstants.TASK_ID, "task_1");
        AsyncProducer producer;
        try {
            producer = ima.camel().getEndpoint(uri).createAsyncProducer();
            producer.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        boolean sync = producer.process(exchange, doneSync -> {
            called.incrementAndGet();
            if (!doneSync) {
                calledAsync.incrementAndGet();
            }
        });
        if (!sync) {
            await().atMost(Duration.ofSeconds(30)).until(() -> called.get() > 0);
        }
        return exchange;
    }
}
