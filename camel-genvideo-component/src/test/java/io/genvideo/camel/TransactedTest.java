/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.GenerationTask;
import io.genvideo.model.InvalidGenerationRequestException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.trait.message.MessageTrait;
import org.apache.camel.trait.message.RedeliveryTraitPayload;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A transaction belongs to its thread, and a rollback sends the same message again. */
class TransactedTest {
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
    void itStaysOnItsThread() throws Exception {
        Exchange done = transacted("genvideo:ima/text_to_video", Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "order 1"));

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isInstanceOf(GenerationTask.class);
        assertThat(afterwards).hasValue(Thread.currentThread());
        ima.assertCharged(1);
    }

    @Test
    void withoutAKeyItIsRefused() throws Exception {
        Exchange done = transacted("genvideo:ima/text_to_video", Map.of());

        assertThat(done.getException())
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("the exchange is transacted and has no idempotency key")
                .hasMessageContaining("set the header CamelGenvideoIdempotencyKey, or idempotency=off");
        ima.assertCharged(0);
    }

    @Test
    void idempotencyOffAcceptsThat() throws Exception {
        Exchange done = transacted("genvideo:ima/text_to_video?idempotency=off", Map.of());

        assertThat(done.getException()).isNull();
        assertThat(afterwards).hasValue(Thread.currentThread());
        ima.assertCharged(1);
    }

    @Test
    void servicesStayOnTheThreadToo() throws Exception {
        Exchange done = transacted("genvideo:ima/models", Map.of());

        assertThat(done.getException()).isNull();
        assertThat(afterwards).hasValue(Thread.currentThread());
    }

    @Test
    void aMessageThatItsSourceSendsAgainNeedsAKey() {
        ima.start();
        Exchange refused = ima.send("genvideo:ima/text_to_video", e -> redelivered(e, null));
        assertThat(refused.getException())
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("the exchange is redelivered by its source and has no idempotency key");
        ima.assertCharged(0);

        Exchange off = ima.send("genvideo:ima/text_to_video?idempotency=off", e -> redelivered(e, null));
        assertThat(off.getException()).isNull();
        Exchange keyed = ima.send("genvideo:ima/text_to_video", e -> redelivered(e, "order 1"));
        assertThat(keyed.getException()).isNull();
        ima.assertCharged(2);
    }

    @Test
    void aJmsMessageThatComesAgainHasAKey() {
        ima.start();
        for (int time = 0; time < 2; time++) {
            Exchange done = ima.send("genvideo:ima/text_to_video", e -> {
                redelivered(e, null);
                e.getMessage().setHeader("JMSMessageID", "ID:broker-1");
            });
            assertThat(done.getException()).isNull();
            assertThat(done.getMessage().getHeader(GenvideoConstants.REPLAYED)).isEqualTo(time == 1);
        }
        ima.assertCharged(1);
    }

    private static void redelivered(Exchange exchange, String key) {
        exchange.getMessage().setPayloadForTrait(MessageTrait.REDELIVERY, RedeliveryTraitPayload.IS_REDELIVERY);
        exchange.getMessage().setBody("a lake");
        if (key != null) {
            exchange.getMessage().setHeader(GenvideoConstants.IDEMPOTENCY_KEY, key);
        }
    }
}
