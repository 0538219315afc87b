/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.GenerationTask;
import io.genvideo.model.WaitReleasedException;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stop gives every waiting exchange back to its source, at once, and sends nothing any more. */
@Timeout(90)
class StopTest {
    private static final int PICTURES = 5;

    private final ImaContext ima = new ImaContext();
    private final Map<String, AtomicInteger> ended = new ConcurrentHashMap<>();
    private final Map<String, Exception> failures = new ConcurrentHashMap<>();

    @TempDir
    Path folder;

    @BeforeEach
    void drop() throws IOException {
        for (int n = 0; n < PICTURES; n++) {
            ImaContext.picture(folder.resolve("in/" + n + ".png"), n);
        }
    }

    @AfterEach
    void stop() {
        ima.close();
    }

    private void fileRoute(String prompt, int redeliveries) throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(defaultErrorHandler()
                                .maximumRedeliveries(redeliveries)
                                .redeliveryDelay(20));
                        from("file:" + folder + "/in?move=../done&initialDelay=0&delay=50")
                                .routeId("files")
                                .process(StopTest.this::watch)
                                .setHeader(GenvideoConstants.PROMPT, constant(prompt))
                                .to("genvideo:ima/image_to_video");
                    }
                })
                .start();
    }

    private void watch(Exchange exchange) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                ended.computeIfAbsent(done.getExchangeId(), id -> new AtomicInteger())
                        .incrementAndGet();
                if (done.getException() != null) {
                    failures.put(done.getExchangeId(), done.getException());
                }
            }
        });
    }

    private List<String> names(String sub) throws IOException {
        Path dir = folder.resolve(sub);
        if (!Files.isDirectory(dir)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(Files::isRegularFile)
                    .map(f -> f.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** Every picture has a task whose id is in the journal. */
    private void awaitPolled() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> ima.tasks().stream().filter(t -> t.polls() > 0).count() == PICTURES);
    }

    private static long seconds(long since) {
        return Duration.ofNanos(System.nanoTime() - since).toSeconds();
    }

    @Test
    void waitingPicturesStayInTheInbox() throws Exception {
        fileRoute("slowly [[take: 10m]]", 0);
        awaitPolled();

        long begun = System.nanoTime();
        ima.camel().stop();

        assertThat(seconds(begun)).as("seconds that the stop took").isLessThan(5);
        assertThat(names("in")).containsExactly("0.png", "1.png", "2.png", "3.png", "4.png");
        assertThat(names("done")).isEmpty();
        // the source may read the inbox once more before it is stopped
        assertThat(ended)
                .hasSizeGreaterThanOrEqualTo(PICTURES)
                .allSatisfy((id, times) -> assertThat(times).hasValue(1));
        assertThat(failures.values())
                .allSatisfy(e -> assertThat(e).isInstanceOf(WaitReleasedException.class))
                .filteredOn(e -> ((WaitReleasedException) e).getHandle() != null)
                .hasSize(PICTURES);
        ima.assertCharged(PICTURES);
    }

    @Test
    void anErrorHandlerThatTriesAgainSendsNothing() throws Exception {
        fileRoute("slowly [[take: 10m]]", 3);
        awaitPolled();

        long begun = System.nanoTime();
        ima.camel().stop();

        assertThat(seconds(begun)).isLessThan(5);
        assertThat(names("in")).hasSize(PICTURES);
        // the source may read the inbox once more before it is stopped
        assertThat(ended)
                .hasSizeGreaterThanOrEqualTo(PICTURES)
                .allSatisfy((id, times) -> assertThat(times).hasValue(1));
        ima.assertCharged(PICTURES);
    }

    @Test
    void theWaitsOfAStopAreLoggedInOneLine() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").to("genvideo:ima/text_to_video");
                    }
                })
                .start();
        List<CompletableFuture<Exchange>> waiting = new ArrayList<>();
        for (int n = 0; n < 30; n++) {
            waiting.add(ima.sendLater("direct:in", "lake " + n + " [[take: 10m]]", Map.of()));
        }
        await().until(() -> ima.charges().size() == 30);

        try (LogRecorder log = new LogRecorder(Level.INFO, "io.genvideo.camel", "org.apache.camel")) {
            ima.camel().stop();

            for (CompletableFuture<Exchange> one : waiting) {
                assertThat(one.get(10, TimeUnit.SECONDS).getException()).isInstanceOf(WaitReleasedException.class);
            }
            assertThat(log.linesWith("ERROR ")).isEmpty();
            assertThat(log.linesWith("WaitReleasedException")).isEmpty();
            assertThat(log.linesWith("30 waiting exchanges go back to their sources"))
                    .hasSize(1);
        }
    }

    @Test
    void errorHandlersDoNotTakeAMessageFromItsSource() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        onException(Exception.class).handled(true).to("mock:failed");
                        from("file:" + folder.resolve("in") + "?initialDelay=0&delay=50&maxMessagesPerPoll=1")
                                .setHeader(GenvideoConstants.PROMPT, constant("slowly [[take: 10m]]"))
                                .to("genvideo:ima/image_to_video");
                    }
                })
                .start();
        await().atMost(Duration.ofSeconds(20)).until(() -> !ima.charges().isEmpty());

        ima.camel().stop();

        assertThat(names("in")).as("all are still in the inbox").hasSize(PICTURES);
        assertThat(ima.camel().getEndpoint("mock:failed", MockEndpoint.class).getReceivedCounter())
                .isZero();
    }

    @Test
    void whatWaitsUnsentIsNeverSent() throws Exception {
        ima.component().getConfiguration().setMaxInFlight(1);
        fileRoute("slowly [[take: 10m]]", 0);
        await().atMost(Duration.ofSeconds(20)).until(() -> ima.charges().size() == 1);

        ima.camel().stop();

        assertThat(names("in")).hasSize(PICTURES);
        await().during(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(ima.charges()).hasSize(1));
    }

    @Test
    void aCreateThatIsUnderWayIsWaitedForAndItsAnswerJournalled() throws Exception {
        ImaContext.sandbox().faults().add(FaultRule.on("ima", "create", Fault.stall(Duration.ofMillis(700))));
        fileRoute("slowly [[take: 10m]]", 0);
        await().atMost(Duration.ofSeconds(20)).until(() -> ima.charges().size() == PICTURES);

        ima.camel().stop();

        assertThat(names("in")).hasSize(PICTURES);
        assertThat(ended).allSatisfy((id, times) -> assertThat(times).hasValue(1));
        ima.assertCharged(PICTURES);
    }

    @Test
    void aRouteThatIsForcedToStopEndsItsExchangesOnce() throws Exception {
        fileRoute("slowly [[take: 2s]]", 0);
        awaitPolled();

        ima.camel().getRouteController().stopRoute("files", 100, TimeUnit.MILLISECONDS);

        assertThat(names("in")).as("their exchanges still wait").hasSize(PICTURES);
        await().atMost(Duration.ofSeconds(20)).until(() -> ended.size() == PICTURES);
        ima.camel().stop();
        assertThat(ended).allSatisfy((id, times) -> assertThat(times).hasValue(1));
        ima.assertCharged(PICTURES);
    }

    @Test
    void aStopThatIsForcedEndsItsExchangesOnce() throws Exception {
        ima.camel().getShutdownStrategy().setTimeout(1);
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        // Keeps the failed exchange in flight for longer than the stop
                        onCompletion()
                                .modeBeforeConsumer()
                                .onFailureOnly()
                                .delay(1500)
                                .to("mock:failed");
                        from("direct:in").process(StopTest.this::watch).to("genvideo:ima/text_to_video");
                    }
                })
                .start();
        CompletableFuture<Exchange> waiting = ima.sendLater("direct:in", "a lake [[take: 10m]]", Map.of());
        await().until(() -> ima.charges().size() == 1);

        long begun = System.nanoTime();
        ima.camel().stop();

        assertThat(seconds(begun)).isLessThan(15);
        assertThat(waiting.get(10, TimeUnit.SECONDS).getException()).isInstanceOf(WaitReleasedException.class);
        assertThat(ended).hasSize(1).allSatisfy((id, times) -> assertThat(times).hasValue(1));
        ima.assertCharged(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text_to_video", "task", "result"})
    void anExchangeThatComesTooLateEndsToo(String operation) throws Exception {
        ima.start();
        AsyncProducer producer =
                ima.camel().getEndpoint("genvideo:ima/" + operation).createAsyncProducer();
        producer.start();
        ima.component().stop();

        Exchange late = new DefaultExchange(ima.camel());
        late.getMessage().setBody("a lake");
        late.getMessage().setHeader(GenvideoConstants.TASK_ID, "task_1");
        AtomicInteger called = new AtomicInteger();
        producer.process(late, doneSync -> called.incrementAndGet());

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(called).hasValue(1));
        assertThat(late.getException()).isInstanceOf(RejectedExecutionException.class);
        ima.assertCharged(0);
    }

    @Test
    void theHandleInTheRejectionFetchesTheResultLater() throws Exception {
        fileRoute("slowly [[take: 1s]]", 0);
        awaitPolled();
        ima.camel().stop();
        // the source may read the inbox once more before it is stopped; what it sends then has no task
        String handle = failures.values().stream()
                .map(failure -> ((WaitReleasedException) failure).getHandle())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();

        try (ImaContext next = new ImaContext()) {
            next.component().getAccounts().put("ima", ImaContext.account(ima.key()));
            next.start();
            Exchange done = next.send("genvideo:ima/result", null, Map.of(GenvideoConstants.TASK_ID, handle));
            assertThat(done.getException()).isNull();
            assertThat(done.getMessage().getBody(GenerationTask.class).media()).hasSize(1);
            next.assertCharged(0);
        }
        ima.assertCharged(PICTURES);
    }
}
