/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.GenerationTask;
import io.genvideo.model.InvalidGenerationRequestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.seda.SedaComponent;
import org.apache.camel.trait.message.MessageTrait;
import org.apache.camel.trait.message.RedeliveryTraitPayload;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A transaction stays on its thread, and a message that its source sends again is paid once. */
class TransactedTest {
    private static final Map<String, Object> BROKER_HEADERS =
            Map.of("JMSMessageID", "ID:broker-1", "kafka.TOPIC", "requests", "kafka.PARTITION", 0, "kafka.OFFSET", 7L);

    private final ImaContext ima = new ImaContext();
    private final AtomicReference<Thread> afterwards = new AtomicReference<>();

    @AfterEach
    void stop() {
        ima.close();
    }

    private Exchange transacted(String generation, Map<String, Object> headers) throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in")
                                .process(e -> e.getUnitOfWork().beginTransactedBy("test"))
                                .to(generation)
                                .process(e -> afterwards.set(Thread.currentThread()))
                                .process(e -> e.getUnitOfWork().endTransactedBy("test"));
                    }
                })
                .start();
        return ima.send("direct:in", "a lake [[take: 200ms]]", headers);
    }

    @Test
    void aTransactedExchangeStaysOnItsThread() throws Exception {
        Exchange done =
                transacted("genvideo:ima/text_to_video", Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "request 1"));

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isInstanceOf(GenerationTask.class);
        assertThat(afterwards).hasValue(Thread.currentThread());
        ima.assertCharged(1);
    }

    @Test
    void aTransactedExchangeWithoutAKeyIsRefused() throws Exception {
        Exchange done = transacted("genvideo:ima/text_to_video", Map.of());

        assertThat(done.getException())
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("the exchange is transacted and has no idempotency key")
                .hasMessageContaining("set the header CamelGenvideoIdempotencyKey, or idempotency=off");
        ima.assertCharged(0);
    }

    @Test
    void idempotencyOffAcceptsATransactedExchangeWithoutAKey() throws Exception {
        Exchange done = transacted("genvideo:ima/text_to_video?idempotency=off", Map.of());

        assertThat(done.getException()).isNull();
        assertThat(afterwards).hasValue(Thread.currentThread());
        ima.assertCharged(1);
    }

    @Test
    void operationsOfAServiceStayOnTheThread() throws Exception {
        Exchange done = transacted("genvideo:ima/models", Map.of());

        assertThat(done.getException()).isNull();
        assertThat(afterwards).hasValue(Thread.currentThread());
    }

    @Test
    void anExternallyRedeliveredMessageNeedsAKey() {
        ima.start();
        Exchange refused = ima.send("genvideo:ima/text_to_video", e -> redelivered(e, null));
        assertThat(refused.getException())
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("the exchange is redelivered by its source and has no idempotency key");
        ima.assertCharged(0);

        Exchange off = ima.send("genvideo:ima/text_to_video?idempotency=off", e -> redelivered(e, null));
        assertThat(off.getException()).isNull();
        Exchange keyed = ima.send("genvideo:ima/text_to_video", e -> redelivered(e, "request 1"));
        assertThat(keyed.getException()).isNull();
        ima.assertCharged(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jms", "kafka"})
    void derivesAKeyFromTheSourceOfARedeliveredMessage(String source) throws Exception {
        // Only where a message comes from matters, so that an in-memory queue can stand for the broker
        ima.camel().addComponent(source, new SedaComponent());
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(source + ":requests")
                                .to("genvideo:ima/text_to_video")
                                .to("mock:done");
                    }
                })
                .start();
        MockEndpoint done = ima.camel().getEndpoint("mock:done", MockEndpoint.class);
        done.expectedMessageCount(2);

        for (int time = 0; time < 2; time++) {
            ima.send(source + ":requests", "a lake", BROKER_HEADERS);
        }

        done.assertIsSatisfied();
        ima.assertCharged(1);
    }

    @Test
    void derivesNoKeyFromHeadersThatACallerHasSet() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("seda:requests").to("genvideo:ima/text_to_video").to("mock:done");
                    }
                })
                .start();
        MockEndpoint done = ima.camel().getEndpoint("mock:done", MockEndpoint.class);
        done.expectedMessageCount(2);

        for (int time = 0; time < 2; time++) {
            ima.send("seda:requests", "a lake", BROKER_HEADERS);
        }

        done.assertIsSatisfied();
        ima.assertCharged(2);
    }

    @Test
    void aFileWithOtherContentIsAnotherRequest(@TempDir Path folder) throws Exception {
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + folder + "?initialDelay=0&delay=20&delete=true")
                        .to("genvideo:ima/image_to_video?prompt=slowly")
                        .to("mock:done");
            }
        });
        MockEndpoint done = ima.camel().getEndpoint("mock:done", MockEndpoint.class);
        FileTime time = FileTime.fromMillis(1_700_000_000_000L);
        ima.start();

        for (int shade = 1; shade <= 3; shade++) {
            done.reset();
            done.expectedMessageCount(1);
            byte[] picture = Arrays.copyOf(ImaContext.picture(Math.min(shade, 2)), 2000);
            Path ready = Files.write(folder.resolve(".picture"), picture);
            Files.setLastModifiedTime(ready, time);
            Files.move(ready, folder.resolve("lake.png"));
            done.assertIsSatisfied();
            await().until(() -> Files.notExists(folder.resolve("lake.png")));
        }

        ima.assertCharged(2);
    }

    private static void redelivered(Exchange exchange, String key) {
        exchange.getMessage().setPayloadForTrait(MessageTrait.REDELIVERY, RedeliveryTraitPayload.IS_REDELIVERY);
        exchange.getMessage().setBody("a lake");
        if (key != null) {
            exchange.getMessage().setHeader(GenvideoConstants.IDEMPOTENCY_KEY, key);
        }
    }
}
