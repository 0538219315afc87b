/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.sandbox.Ledger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Processor;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A request is the same one in all attempts of its message, however many copies Camel makes on the way, and another one for
 * each part, turn and step (docs/design.md section 4.4). No message here has a key of its own.
 */
class SubExchangeRedeliveryTest {
    private static final String SLOW = "a lake [[take: 400ms]]";
    private static final String IMPATIENT = "genvideo:ima/text_to_video?pollInterval=20ms&timeout=150ms";
    private static final String TEXT = "genvideo:ima/text_to_video?pollInterval=20ms";

    private final ImaContext ima = new ImaContext();
    private final AtomicInteger failures = new AtomicInteger();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        ima.close();
    }

    /** Fails as often as the test wants. */
    private void fail(Exchange exchange) {
        if (failures.getAndDecrement() > 0) {
            throw new IllegalStateException("this step failed");
        }
    }

    private abstract static class Redelivering extends RouteBuilder {
        @Override
        public void configure() {
            onException(Exception.class)
                    .maximumRedeliveries(10)
                    .redeliveryDelay(1)
                    .retryAttemptedLogLevel(LoggingLevel.OFF);
            routes();
        }

        abstract void routes();
    }

    private Exchange send(Object body) {
        Exchange done = ima.send("direct:in", body, Map.of());
        assertThat(done.getException()).isNull();
        return done;
    }

    @Test
    void redeliveryAroundEnrichResumesItsTask() throws Exception {
        ima.routes(new Redelivering() {
                    @Override
                    void routes() {
                        from("direct:in").enrich(IMPATIENT);
                    }
                })
                .start();

        send(SLOW);

        ima.assertCharged(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"split", "split in parallel", "recipientList", "enrich", "enrich, split"})
    void redeliveryOfACallerResumesTheTasksOfTheCallee(String callee) throws Exception {
        ima.routes(new Redelivering() {
                    @Override
                    void routes() {
                        from("direct:in").to("direct:callee");
                        from("direct:generate").errorHandler(noErrorHandler()).to(IMPATIENT);
                        from("direct:split")
                                .errorHandler(noErrorHandler())
                                .split(body().tokenize("@"))
                                .stopOnException()
                                .to(IMPATIENT);
                        var route = from("direct:callee").errorHandler(noErrorHandler());
                        switch (callee) {
                            case "split" ->
                                route.split(body().tokenize("@"))
                                        .stopOnException()
                                        .to(IMPATIENT);
                            case "split in parallel" ->
                                route.split(body().tokenize("@"))
                                        .parallelProcessing()
                                        .stopOnException()
                                        .to(IMPATIENT);
                            case "recipientList" ->
                                route.recipientList(constant("direct:generate,direct:generate"))
                                        .stopOnException();
                            case "enrich" ->
                                route.setProperty("text", body())
                                        .enrich("direct:generate")
                                        .setBody(exchangeProperty("text"))
                                        .enrich("direct:generate");
                            default -> route.enrich("direct:split");
                        }
                    }
                })
                .start();

        send(callee.contains("split") ? SLOW + "@" + SLOW : SLOW);

        ima.assertCharged(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aResultThatIsPaidIsReturnedToTheRedeliveredCaller(boolean headersRemoved) throws Exception {
        failures.set(3);
        ima.routes(new Redelivering() {
                    @Override
                    void routes() {
                        from("direct:in").to("direct:callee");
                        var route = from("direct:callee").errorHandler(noErrorHandler());
                        if (headersRemoved) {
                            route.removeHeaders("*");
                        }
                        route.split(body().tokenize("@")).to(TEXT).end().process(SubExchangeRedeliveryTest.this::fail);
                    }
                })
                .start();

        send("a lake@a lake@a lake");

        ima.assertCharged(3);
    }

    @Test
    void aLoopPaysForEachTurnAlsoAfterARedeliveryOfAnotherStep() throws Exception {
        failures.set(1);
        ima.routes(new Redelivering() {
                    @Override
                    void routes() {
                        from("direct:in")
                                .loop(3)
                                .process(SubExchangeRedeliveryTest.this::fail)
                                .setBody(constant("a lake"))
                                .to(TEXT);
                    }
                })
                .start();

        send("a lake");

        ima.assertCharged(3);
    }

    @Test
    void aTurnOfALoopThatIsRedeliveredResumesItsOwnTask() throws Exception {
        AtomicInteger turns = new AtomicInteger();
        ima.routes(new Redelivering() {
                    @Override
                    void routes() {
                        from("direct:in").loop(3).to("direct:turn");
                        from("direct:turn")
                                .errorHandler(noErrorHandler())
                                .setBody(constant("a lake"))
                                .to(TEXT)
                                .process(e -> {
                                    if (turns.incrementAndGet() == 3) {
                                        throw new IllegalStateException("the third turn failed");
                                    }
                                });
                    }
                })
                .start();

        Exchange done = send("a lake");

        ima.assertCharged(3);
        assertThat(done.getMessage().getHeader(GenvideoConstants.TASK_ID))
                .isEqualTo(ima.charges().get(2).taskId());
    }

    @Test
    void nestedLoopsPayForEachTurn() throws Exception {
        ima.routes(new Redelivering() {
                    @Override
                    void routes() {
                        from("direct:in")
                                .loop(2)
                                .loop(2)
                                .setBody(constant("a lake"))
                                .to(TEXT);
                    }
                })
                .start();

        send("a lake");

        ima.assertCharged(4);
    }

    @Test
    void equalStepsPayEachAlsoAfterARedeliveryBetweenThem() throws Exception {
        failures.set(2);
        ima.routes(new Redelivering() {
                    @Override
                    void routes() {
                        from("direct:in")
                                .setProperty("text", body())
                                .to(TEXT)
                                .process(SubExchangeRedeliveryTest.this::fail)
                                .setBody(exchangeProperty("text"))
                                .to(TEXT);
                    }
                })
                .start();

        send("a lake");

        ima.assertCharged(2);
    }

    @Test
    void copiesThatGoDifferentWaysPayEach() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in")
                                .wireTap("direct:tapped")
                                .to("seda:a")
                                .to("seda:b")
                                .to(TEXT);
                        from("direct:tapped").to(TEXT);
                        from("seda:a").to(TEXT);
                        from("seda:b").to(TEXT);
                    }
                })
                .start();

        send("a lake");

        await().untilAsserted(() -> ima.assertCharged(4));
    }

    @Test
    void nestedSplitsOfOneFilePayForEachPartOnceAlsoWhenTheFileComesAgain() throws Exception {
        failures.set(1);
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + folder + "?initialDelay=0&delay=20&move=done/${file:name}")
                        .convertBodyTo(String.class)
                        .split(body().tokenize("#"))
                        .split(body().tokenize("@"))
                        .to(TEXT)
                        .end()
                        .end()
                        .process(SubExchangeRedeliveryTest.this::fail);
            }
        });
        NotifyBuilder twice = new NotifyBuilder(ima.camel())
                .wereSentTo("genvideo:*")
                .whenDone(8)
                .create();
        Files.writeString(folder.resolve("scenes.txt"), "a lake@a lake#a lake@a lake");
        ima.start();

        assertThat(twice.matches(20, TimeUnit.SECONDS)).isTrue();
        await().until(() -> Files.exists(folder.resolve("done/scenes.txt")));
        ima.assertCharged(4);
        assertThat(ima.charges()).extracting(Ledger.Charge::taskId).doesNotHaveDuplicates();
    }

    private void generatingThrough(String eip, Processor begin) throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        var route = from("direct:in").process(begin);
                        switch (eip) {
                            case "enrich" -> route.enrich(TEXT);
                            case "split" ->
                                route.split(body()).stopOnException().to(TEXT);
                            case "recipientList" ->
                                route.recipientList(constant(TEXT)).stopOnException();
                            case "multicast" ->
                                route.multicast().stopOnException().to(TEXT);
                            case "loop" -> route.loop(1).copy().to(TEXT);
                            default -> route.to("direct:callee");
                        }
                        from("direct:callee").to(TEXT);
                    }
                })
                .start();
    }

    /** Camel does not hand the mark of a transaction on to the copies of {@code enrich} and {@code loop().copy()}. */
    @ParameterizedTest
    @ValueSource(strings = {"split", "recipientList", "multicast", "direct"})
    void refusesAPartOfATransactionWithoutKey(String eip) throws Exception {
        generatingThrough(eip, e -> e.getUnitOfWork().beginTransactedBy("test"));

        Exchange refused = ima.send("direct:in", "a lake", Map.of());

        assertThat(refused.getException())
                .hasStackTraceContaining(InvalidGenerationRequestException.class.getName())
                .hasStackTraceContaining("the exchange is transacted and has no idempotency key");
        ima.assertCharged(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"enrich", "split", "recipientList", "multicast", "loop", "direct"})
    void refusesAPartOfARedeliveredMessageWithoutKey(String eip) throws Exception {
        generatingThrough(eip, e -> e.getMessage().setHeader("JMSRedelivered", true));

        Exchange refused = ima.send("direct:in", "a lake", Map.of());

        assertThat(refused.getException())
                .hasStackTraceContaining(InvalidGenerationRequestException.class.getName())
                .hasStackTraceContaining("the exchange is redelivered by its source and has no idempotency key");
        ima.assertCharged(0);
    }
}
