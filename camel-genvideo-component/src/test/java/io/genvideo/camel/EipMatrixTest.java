/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.GenerationTask;
import io.genvideo.repository.memory.MemoryTaskRepository;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;
import org.apache.camel.saga.InMemorySagaService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each pattern of Camel, with a generation that downloads its result: every request is paid once, every file is there where
 * the route uses it, every result is delivered. Plain, when the step that uses the files fails first, and when the task takes
 * longer than the wait, so that the route is redelivered around it. No message has a key.
 */
class EipMatrixTest {
    private static final String SOON = "genvideo:ima/text_to_video?download=true&pollInterval=20ms";
    private static final String IMPATIENT = SOON + "&timeout=120ms";

    private final ImaContext ima = new ImaContext();
    private final MemoryTaskRepository journal = new MemoryTaskRepository(InstantSource.system());
    private final AtomicInteger failures = new AtomicInteger();
    private final Queue<Path> used = new ConcurrentLinkedQueue<>();
    private final Set<String> usedTasks = ConcurrentHashMap.newKeySet();
    private final CountDownLatch mainRouteHasEnded = new CountDownLatch(1);

    @BeforeEach
    void bindJournal() throws Exception {
        ima.camel().getRegistry().bind("journal", journal);
        ima.camel().addService(new InMemorySagaService());
    }

    @AfterEach
    void stop() {
        mainRouteHasEnded.countDown();
        ima.close();
    }

    enum Disturbance {
        NONE,
        /** The step behind the generation fails twice. */
        STEP_FAILS,
        /** The wait times out before the task has ended. */
        SLOW_TASK
    }

    enum Pattern {
        DIRECT(1),
        SPLIT_AND_AGGREGATE(2),
        PARALLEL_SPLIT_AND_AGGREGATE(2),
        SPLIT_THEN_AGGREGATE(2),
        MULTICAST_AND_AGGREGATE(2),
        PARALLEL_MULTICAST(2),
        RECIPIENT_LIST_AND_AGGREGATE(2),
        ROUTING_SLIP(1),
        DYNAMIC_TO(1),
        WIRE_TAP(1),
        SEDA(1),
        THREADS(1),
        RESEQUENCE_STREAM(1),
        ENRICH(1),
        LOOP(2),
        LOOP_COPY(1),
        DO_TRY(1),
        SAGA(1),
        CIRCUIT_BREAKER(1),
        CLAIM_CHECK(1);

        final int requests;

        Pattern(int requests) {
            this.requests = requests;
        }
    }

    static Stream<Arguments> cells() {
        return Stream.of(Pattern.values())
                .flatMap(p -> Stream.of(Disturbance.values())
                        // An aggregator that gets a part twice, because the other part was redelivered, keeps the rest
                        .filter(d -> p != Pattern.SPLIT_THEN_AGGREGATE || d != Disturbance.SLOW_TASK)
                        .map(d -> Arguments.of(p, d)));
    }

    private void build(Pattern pattern, String generation) throws Exception {
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(Exception.class)
                        .maximumRedeliveries(20)
                        .redeliveryDelay(1)
                        .retryAttemptedLogLevel(LoggingLevel.OFF);
                from("direct:in").to("direct:callee");
                from("direct:generate").errorHandler(noErrorHandler()).to(generation);
                from("direct:use").process(EipMatrixTest.this::use);
                from("direct:later").process(EipMatrixTest.this::useLater);
                from("seda:later?pollTimeout=20").process(EipMatrixTest.this::useLater);
                pattern(
                        this,
                        pattern,
                        generation,
                        from("direct:callee").errorHandler(noErrorHandler()).setProperty("text", body()));
            }
        });
    }

    @SuppressWarnings("MissingCasesInEnumSwitch")
    private void pattern(RouteBuilder r, Pattern pattern, String generation, ProcessorDefinition<?> route) {
        switch (pattern) {
            case DIRECT -> route.to(generation).process(this::use);
            case SPLIT_AND_AGGREGATE ->
                route.split(r.body().tokenize("@"), new GroupedBodyAggregationStrategy())
                        .stopOnException()
                        .to(generation)
                        .end()
                        .process(this::use);
            case PARALLEL_SPLIT_AND_AGGREGATE ->
                route.split(r.body().tokenize("@"), new GroupedBodyAggregationStrategy())
                        .parallelProcessing()
                        .stopOnException()
                        .to(generation)
                        .end()
                        .process(this::use);
            case SPLIT_THEN_AGGREGATE ->
                route.split(r.body().tokenize("@"))
                        .stopOnException()
                        .to(generation)
                        .aggregate(r.constant(true), new GroupedBodyAggregationStrategy())
                        .completionSize(2)
                        .to("direct:later");
            case MULTICAST_AND_AGGREGATE, PARALLEL_MULTICAST -> {
                var multicast = route.multicast(new GroupedBodyAggregationStrategy());
                if (pattern == Pattern.PARALLEL_MULTICAST) {
                    multicast.parallelProcessing();
                }
                multicast.to("direct:branch1", "direct:branch2").end().process(this::use);
            }
            case RECIPIENT_LIST_AND_AGGREGATE ->
                route.recipientList(r.constant("direct:generate,direct:generate"))
                        .aggregationStrategy(new GroupedBodyAggregationStrategy())
                        .stopOnException()
                        .end()
                        .process(this::use);
            case ROUTING_SLIP -> route.routingSlip(r.constant("direct:generate,direct:use"));
            case DYNAMIC_TO -> route.toD(generation).process(this::use);
            case WIRE_TAP -> route.to(generation).wireTap("direct:later");
            case SEDA -> route.to(generation).to("seda:later");
            case THREADS -> route.to(generation).threads(1).process(this::use);
            case RESEQUENCE_STREAM ->
                route.to(generation).setHeader("number", r.constant(1)).resequence(r.header("number")).stream()
                        .to("direct:later");
            case ENRICH -> route.enrich(generation).process(this::use);
            case LOOP ->
                route.loop(2).setBody(r.exchangeProperty("text")).to(generation).process(this::use);
            case LOOP_COPY -> route.loop(1).copy().to(generation).end().process(this::use);
            case DO_TRY ->
                route.doTry()
                        .to(generation)
                        .throwException(new UnsupportedOperationException("caught below"))
                        .doCatch(UnsupportedOperationException.class)
                        .process(this::use)
                        .end();
            case CIRCUIT_BREAKER ->
                route.circuitBreaker()
                        .resilience4jConfiguration()
                        .timeoutEnabled(true)
                        .timeoutDuration(30_000)
                        .minimumNumberOfCalls(100)
                        .end()
                        .to(generation)
                        .end()
                        .process(this::use);
            case SAGA -> route.saga().to(generation).process(this::use);
            case CLAIM_CHECK ->
                route.to(generation)
                        .claimCheck(org.apache.camel.model.ClaimCheckOperation.Push)
                        .setBody(r.constant("nothing"))
                        .claimCheck(org.apache.camel.model.ClaimCheckOperation.Pop)
                        .process(this::use);
        }
    }

    /** What a route does with its files. Fails first if the test wants it to. */
    private void use(Exchange exchange) throws Exception {
        List<Path> files =
                files(exchange.getMessage().getBody()).map(File::toPath).toList();
        System.gc();
        for (Path file : files) {
            assertThat(Files.size(file)).isGreaterThan(1000);
        }
        if (failures.getAndDecrement() > 0) {
            throw new IllegalStateException("the step behind the generation failed");
        }
        used.addAll(files);
        files(exchange.getMessage().getBody())
                .forEach(f -> usedTasks.add(((GeneratedFile) f).getTask().handle()));
    }

    /** As {@link #use}, when the exchange that has made the files has ended. */
    private void useLater(Exchange exchange) throws Exception {
        assertThat(mainRouteHasEnded.await(10, TimeUnit.SECONDS)).isTrue();
        use(exchange);
    }

    private static Stream<File> files(Object body) {
        return body instanceof Collection<?> several
                ? several.stream().flatMap(EipMatrixTest::files)
                : Stream.of((File) body);
    }

    @ParameterizedTest
    @MethodSource("cells")
    void isPaidOnceAndDeliveredWithItsFiles(Pattern pattern, Disturbance disturbance) throws Exception {
        if (disturbance == Disturbance.STEP_FAILS) {
            failures.set(2);
        }
        boolean slow = disturbance == Disturbance.SLOW_TASK;
        String generation = slow ? IMPATIENT : SOON;
        build(pattern, generation);
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        onException(Exception.class).maximumRedeliveries(20).redeliveryDelay(1);
                        from("direct:branch1").to(generation);
                        from("direct:branch2").to(generation);
                    }
                })
                .start();
        String text = slow ? "a lake [[take: 300ms]]" : "a lake";

        run(pattern.name().contains("SPLIT") ? text + "@" + text : text);

        // A redelivered turn of a loop uses its file again
        await().untilAsserted(() -> assertThat(usedTasks).hasSize(pattern.requests));
        ima.assertCharged(pattern.requests);
        await().untilAsserted(
                        () -> assertThat(journal.tally()).as("not delivered").isEmpty());
        if (disturbance == Disturbance.NONE && pattern != Pattern.RESEQUENCE_STREAM) {
            // A resequencer keeps the last exchange that it has sent on, and so the file of that one stays
            used.forEach(this::awaitDeleted);
        }
    }

    /** Not in the test itself, whose frame would keep the exchange. */
    private void run(String text) {
        Exchange done = ima.send("direct:in", text, Map.of());
        mainRouteHasEnded.countDown();
        assertThat(done.getException()).isNull();
    }

    private void awaitDeleted(Path file) {
        await().untilAsserted(() -> {
            System.gc();
            assertThat(file).doesNotExist();
        });
    }

    @Test
    void theCallerOfATemplateHasFileAndTask() throws Exception {
        build(Pattern.DIRECT, SOON);
        ima.start();

        Path file = requestBody();

        awaitDeleted(file);
        ima.assertCharged(1);
    }

    private Path requestBody() throws Exception {
        Object body = ima.camel().createProducerTemplate().requestBody("direct:generate", "a lake");
        System.gc();
        assertThat(body).isInstanceOf(GeneratedFile.class);
        GeneratedFile file = (GeneratedFile) body;
        assertThat(Files.size(file.toPath())).isGreaterThan(1000);
        assertThat(file.getTask().handle()).isEqualTo(ima.charges().get(0).taskId());
        assertThat(ima.camel().getTypeConverter().convertTo(GenerationTask.class, file))
                .isEqualTo(file.getTask());
        return file.toPath();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTransactionIsPaidOnceWithItsKeyOnItsOwnThread(boolean slow) throws Exception {
        String generation = slow ? IMPATIENT : SOON;
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        onException(Exception.class).maximumRedeliveries(20).redeliveryDelay(1);
                        from("direct:in")
                                .setHeader(GenvideoConstants.IDEMPOTENCY_KEY, constant("request 1"))
                                .process(e -> e.getUnitOfWork().beginTransactedBy("test"))
                                .to(generation)
                                .process(EipMatrixTest.this::use)
                                .process(e -> e.getUnitOfWork().endTransactedBy("test"));
                    }
                })
                .start();

        run(slow ? "a lake [[take: 300ms]]" : "a lake");

        assertThat(usedTasks).hasSize(1);
        ima.assertCharged(1);
    }

    @Test
    void aPolledResultHasItsFile() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in")
                                .to("genvideo:ima/text_to_video?waitForResult=false")
                                .pollEnrich("genvideo:ima/tasks?download=true", 10_000)
                                .process(EipMatrixTest.this::use);
                    }
                })
                .start();

        run("a lake");

        assertThat(usedTasks).hasSize(1);
        ima.assertCharged(1);
        used.forEach(this::awaitDeleted);
    }
}
