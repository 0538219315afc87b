/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.GenerationCancelledException;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.TaskStatus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operation {@code cancel} reaches the service and reports its response. */
class CancelTest {
    private static final Map<String, Object> TASK = Map.of(GenvideoConstants.TASK_ID, "studio-task-1");

    private final StudioContext context = new StudioContext();
    private CompletableFuture<Exchange> waiting;

    @BeforeEach
    void startTask() {
        context.start();
        waiting = context.sendLater("genvideo:studio/text_to_video", "a lake", Map.of());
        await().until(() -> context.studio().polls() > 0);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    @Test
    void theTaskEndsAndSoDoesTheExchangeThatWaits() throws Exception {
        Exchange done = context.send("genvideo:studio/cancel", null, TASK);

        assertThat(done.getException()).isNull();
        assertThat(context.studio().cancelled()).containsExactly("studio-task-1");
        assertThat(done.getMessage().getBody(GenerationTask.class).status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(done.getMessage().getHeader(GenvideoConstants.STATUS)).isEqualTo("CANCELLED");
        assertThat(waiting.get(10, TimeUnit.SECONDS).getException()).isInstanceOf(GenerationCancelledException.class);
    }

    @Test
    void aRefusalOfTheServiceIsAnExceptionAndTheTaskGoesOn() throws Exception {
        context.studio().refusesCancel = true;

        Exchange done = context.send("genvideo:studio/cancel", "the body", TASK);

        assertThat(done.getException()).isInstanceOfSatisfying(InvalidGenerationRequestException.class, e -> {
            assertThat(e).hasMessageContaining("a running task can't be cancelled");
            assertThat(e.getHandle()).isEqualTo("studio-task-1");
        });
        assertThat(done.getMessage().getBody()).isEqualTo("the body");
        context.studio().finish("studio-task-1");
        assertThat(waiting.get(10, TimeUnit.SECONDS).getException()).isNull();
    }

    @Test
    void aHandledRefusalDeliversNothing() throws Exception {
        context.studio().refusesCancel = true;
        context.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:cancel")
                        .doTry()
                        .to("genvideo:studio/cancel")
                        .doCatch(InvalidGenerationRequestException.class)
                        .process(e -> {
                            context.studio().finish("studio-task-2");
                            await().until(() -> context.component().getUndeliveredResults() == 1);
                        })
                        .end();
            }
        });
        Exchange accepted = context.send("genvideo:studio/text_to_video?waitForResult=false", "a lake", Map.of());
        assertThat(accepted.getMessage().getHeader(GenvideoConstants.TASK_ID)).isEqualTo("studio-task-2");

        Exchange done = context.send("direct:cancel", null, Map.of(GenvideoConstants.TASK_ID, "studio-task-2"));

        assertThat(done.getException()).isNull();
        await().during(Duration.ofMillis(300)).until(() -> context.component().getUndeliveredResults() == 1);
    }

    @Test
    void theTimeoutOfTheEndpointTravelsWithTheCall() {
        context.send("genvideo:studio/cancel?requestTimeout=7s", null, TASK);

        assertThat(context.studio().timeouts()).contains(Duration.ofSeconds(7));
        assertThat(context.studio().accounts()).as("provider instances").hasSize(1);
    }

    @Test
    void withoutATaskIdItIsRefused() {
        Exchange done = context.send("genvideo:studio/cancel", null, Map.of());

        assertThat(done.getException())
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("'cancel' needs the header CamelGenvideoTaskId");
        assertThat(context.studio().cancelled()).isEmpty();
    }
}
