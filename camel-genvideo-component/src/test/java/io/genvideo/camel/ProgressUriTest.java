/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.GenerationTask;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.WaitReleasedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The option {@code progressUri}: a route receives the progress of tasks, and nothing that it does reaches them. */
class ProgressUriTest {
    private static final String TASK = "studio-task-1";

    /** What a progress route has received. */
    private record Received(GenerationTask task, Map<String, Object> headers, String thread) {
        Object percentage() {
            return headers.get(GenvideoConstants.PROGRESS);
        }
    }

    private final StudioContext studio = new StudioContext();
    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void stop() {
        release.countDown();
        studio.close();
    }

    private void start(String progressUri, Processor progress) throws Exception {
        studio.routes(new RouteBuilder() {
            @Override
            public void configure() {
                // Otherwise the consumer of seda ends a second after the test
                String consumer = progressUri.startsWith("seda:") ? progressUri + "?pollTimeout=20" : progressUri;
                from(consumer).errorHandler(noErrorHandler()).process(progress);
                from("direct:in").to("genvideo:studio/text_to_video?pollInterval=5&progressUri=" + progressUri);
                from("direct:result").to("genvideo:studio/result?progressUri=" + progressUri);
            }
        });
        studio.start();
    }

    private void receive(Exchange exchange) {
        Message in = exchange.getMessage();
        received.add(new Received(
                in.getBody(GenerationTask.class),
                Map.copyOf(in.getHeaders()),
                Thread.currentThread().getName()));
    }

    private void receiveSlowly(Exchange exchange) throws InterruptedException {
        receive(exchange);
        release.await(30, TimeUnit.SECONDS);
    }

    private CompletableFuture<Exchange> generate() {
        return studio.sendLater("direct:in", "a lake", Map.of());
    }

    private void awaitPercentages(Object... percentages) {
        await().untilAsserted(() ->
                assertThat(received).extracting(Received::percentage).containsExactly(percentages));
    }

    private static void assertSucceeded(CompletableFuture<Exchange> sent) {
        Exchange done = sent.orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(GenerationTask.class).status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct:progress", "seda:progress"})
    void reportsTaskAtAcceptanceAndEachPercentage(String progressUri) throws Exception {
        start(progressUri, this::receive);

        CompletableFuture<Exchange> sent = generate();
        await().until(() -> received.size() == 1);
        studio.studio().progress(TASK, 0.256);
        await().until(() -> received.size() == 2);
        studio.studio().progress(TASK, 0.5);
        await().until(() -> received.size() == 3);
        studio.studio().finish(TASK);

        assertSucceeded(sent);
        assertThat(received).extracting(Received::percentage).containsExactly(null, 25, 50);
        assertThat(received).allSatisfy(report -> {
            assertThat(report.task().handle()).isEqualTo(TASK);
            assertThat(report.headers())
                    .containsEntry(GenvideoConstants.TASK_ID, TASK)
                    .containsEntry(GenvideoConstants.STATUS, "RUNNING")
                    .containsEntry(GenvideoConstants.EXPECTED_MILLIS, 20_000L)
                    .containsKeys(GenvideoConstants.ELAPSED_MILLIS, GenvideoConstants.RECORD_ID);
        });
        assertThat(sent.join().getMessage().getHeaders())
                .doesNotContainKeys(GenvideoConstants.PROGRESS, GenvideoConstants.EXPECTED_MILLIS);
    }

    @Test
    void reportsFromYamlRouteToYamlRoute() throws Exception {
        PluginHelper.getRoutesLoader(studio.camel())
                .loadRoutes(ResourceHelper.resolveMandatoryResource(
                        studio.camel(), "classpath:io/genvideo/camel/progress.camel.yaml"));
        studio.start();
        MockEndpoint progress = studio.camel().getEndpoint("mock:progress", MockEndpoint.class);
        progress.expectedMessageCount(1);

        CompletableFuture<Exchange> sent = generate();

        progress.assertIsSatisfied();
        assertThat(progress.getExchanges().get(0).getMessage().getHeader(GenvideoConstants.TASK_ID))
                .isEqualTo(TASK);
        studio.studio().finish(TASK);
        assertSucceeded(sent);
    }

    @Test
    void reportsWhileResultOfExistingTaskIsAwaited() throws Exception {
        start("direct:progress", this::receive);

        CompletableFuture<Exchange> sent =
                studio.sendLater("direct:result", null, Map.of(GenvideoConstants.TASK_ID, "studio-task-9"));

        await().until(() -> received.size() == 1);
        studio.studio().finish("studio-task-9");
        assertSucceeded(sent);
    }

    @Test
    void completesTaskWhileRouteIsStuck() throws Exception {
        start("direct:progress", this::receiveSlowly);

        CompletableFuture<Exchange> sent = generate();
        await().until(() -> received.size() == 1);
        studio.studio().finish(TASK);

        assertSucceeded(sent);
    }

    @Test
    void sendsOnlyLatestProgressToSlowRoute() throws Exception {
        start("direct:progress", this::receiveSlowly);
        CompletableFuture<Exchange> sent = generate();
        await().until(() -> received.size() == 1);
        for (int percentage = 1; percentage <= 40; percentage++) {
            studio.studio().progress(TASK, percentage / 100.0);
            int polls = studio.studio().polls();
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> studio.studio().polls() >= polls + 2);
        }

        release.countDown();

        awaitPercentages(null, 40);
        studio.studio().finish(TASK);
        assertSucceeded(sent);
    }

    @Test
    void dropsProgressOfTaskThatHasEnded() throws Exception {
        start("direct:progress", this::receiveSlowly);
        List<CompletableFuture<Exchange>> sent =
                IntStream.range(0, 3).mapToObj(n -> generate()).toList();
        await().until(() -> received.size() == 1 && studio.studio().created() == 3);
        IntStream.rangeClosed(1, 3).forEach(n -> studio.studio().finish("studio-task-" + n));
        sent.forEach(ProgressUriTest::assertSucceeded);

        release.countDown();
        CompletableFuture<Exchange> last = generate();
        await().until(() -> received.size() == 2);

        assertThat(received).extracting(r -> r.task().handle()).last().isEqualTo("studio-task-4");
        studio.studio().finish("studio-task-4");
        assertSucceeded(last);
    }

    @Test
    void completesTaskWhoseRouteFailsAndLogsFirstFailureOnly() throws Exception {
        try (LogRecorder log = new LogRecorder(Level.INFO, ProgressRoutes.class.getName())) {
            start("direct:progress", exchange -> {
                receive(exchange);
                throw new LinkageError("the progress route failed");
            });
            CompletableFuture<Exchange> sent = generate();
            await().until(() -> received.size() == 1);
            studio.studio().progress(TASK, 0.5);
            await().until(() -> received.size() == 2);
            studio.studio().finish(TASK);

            assertSucceeded(sent);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("WARN", "Progress could not be sent to direct://progress", "the progress route failed");
        }
    }

    @Test
    void completesTaskWithoutRouteThatConsumes() throws Exception {
        studio.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to("genvideo:studio/text_to_video?progressUri=direct:nobody");
            }
        });
        studio.start();

        CompletableFuture<Exchange> sent = generate();
        await().until(() -> studio.studio().created() == 1);
        studio.studio().finish(TASK);

        assertSucceeded(sent);
    }

    @Test
    void runsOnThreadOfItsOwn() throws Exception {
        start("direct:progress", this::receive);

        CompletableFuture<Exchange> sent = generate();
        await().until(() -> received.size() == 1);
        studio.studio().finish(TASK);

        assertSucceeded(sent);
        assertThat(received).extracting(Received::thread).allMatch(name -> name.contains("GenvideoProgress"));
    }

    @Test
    void stopsWhileRouteIsStuck() throws Exception {
        studio.camel().getShutdownStrategy().setTimeout(1);
        start("direct:progress", this::receiveSlowly);
        CompletableFuture<Exchange> sent = generate();
        await().until(() -> received.size() == 1);

        CompletableFuture<Void> stopped =
                CompletableFuture.runAsync(() -> studio.camel().stop());

        assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
        assertThat(sent.join().getException()).isInstanceOf(WaitReleasedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"log:progress", "http://localhost", "progress"})
    void rejectsEndpointThatIsNoRoute(String progressUri) throws Exception {
        studio.start();

        assertThatThrownBy(() -> studio.camel()
                        .createProducerTemplate()
                        .sendBody("genvideo:studio/text_to_video?progressUri=RAW(" + progressUri + ")", "a lake"))
                .hasMessageContaining(
                        "Option progressUri is '" + progressUri + "', it must begin with direct: or seda:");
        assertThat(studio.studio().created()).isZero();
    }
}
