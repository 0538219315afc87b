/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.genvideo.model.ContentRejectedException;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.spi.OwnOperationCall;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operation that only one provider has is called through the same URI, and other providers refuse it. */
class OwnOperationTest {
    private final StudioContext context = new StudioContext();

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        context.close();
    }

    @Test
    void theProviderGetsTheBodyAndTheHeaderOverTheOptions() {
        Exchange done = context.send(
                "genvideo:studio/chat?param.tone=calm&param.length=5&requestTimeout=7s",
                "make it rain",
                Map.of(GenvideoConstants.PARAMETERS, Map.of("length", 9, "cut", true)));

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo("heard: make it rain");
        OwnOperationCall call = context.studio().ownCalls().remove();
        assertThat(call.operation()).isEqualTo("chat");
        assertThat(call.body()).isEqualTo("make it rain");
        assertThat(call.parameters()).isEqualTo(Map.of("tone", "calm", "length", 9, "cut", true));
        assertThat(context.studio().timeouts()).containsExactly(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"film_state", "film-state", "FILM_STATE"})
    void theBodyStaysIfTheProviderReturnsNothing(String spelling) {
        Exchange done = context.send("genvideo:studio/" + spelling, "the body", Map.of());

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo("the body");
        assertThat(context.studio().ownCalls().remove().operation()).isEqualTo("film_state");
    }

    @Test
    void aFailureOfTheProviderIsTheExceptionOfTheExchange() {
        Exchange done = context.send("genvideo:studio/chat?param.fail=true", "x", Map.of());

        assertThat(done.getException())
                .isInstanceOf(ContentRejectedException.class)
                .hasMessageContaining("the session rejects this");
        assertThat(done.getMessage().getBody()).isEqualTo("x");
    }

    @Test
    void parametersThatAreNoMapAreRefusedBeforeTheCall() {
        Exchange done = context.send("genvideo:studio/chat", "x", Map.of(GenvideoConstants.PARAMETERS, "tone=calm"));

        assertThat(done.getException())
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining(
                        "header CamelGenvideoParameters is a String, it must be a Map from names to values");
        assertThat(context.studio().ownCalls()).isEmpty();
    }

    @Test
    void anotherOperationIsRefusedWithTheListOfAll() {
        Throwable failure = catchThrowable(() -> context.camel().getEndpoint("genvideo:studio/storyboard"));

        assertThat(StudioContext.messages(failure))
                .contains("Studio has no operation 'storyboard'. It has: text_to_video, task, result, cancel, credits,"
                        + " resolve, tasks, chat, film_state");
    }

    @Test
    void anotherProviderRefusesIt() {
        Throwable failure = catchThrowable(() -> context.camel().getEndpoint("genvideo:ima/chat"));

        assertThat(StudioContext.messages(failure)).contains("IMA Studio has no operation 'chat'. It has: ");
    }

    @Test
    void itCanNotBeConsumedFrom() {
        Throwable failure = catchThrowable(
                () -> context.camel().getEndpoint("genvideo:studio/chat").createConsumer(exchange -> {}));

        assertThat(failure)
                .hasMessage("genvideo:studio/chat can't be consumed from. What can be consumed: tasks, credits");
    }
}
