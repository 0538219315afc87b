/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.GenerationFailedException;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.TaskCount;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;
import org.apache.camel.processor.aggregate.UseOriginalAggregationStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Results that copies of a message have received are settled with the message: delivered if it ends without failure, offered
 * again if it fails (docs/design.md section 4.10). None stays owned.
 */
class SettlementTest {
    private static final String GENERATION = "genvideo:ima/text_to_video?pollInterval=20ms";
    private static final AggregationStrategy BROKEN = (before, part) -> {
        throw new IllegalStateException("the strategy is broken");
    };

    private final ImaContext ima = new ImaContext();
    private final MemoryTaskRepository journal = new MemoryTaskRepository(InstantSource.system());

    @BeforeEach
    void bindJournal() {
        ima.camel().getRegistry().bind("journal", journal);
    }

    @AfterEach
    void stop() {
        ima.close();
    }

    private void all(DeliveryState state) {
        await().untilAsserted(() -> assertThat(deliveries())
                .as("%s, one for each charge; delivered ones are not counted", state)
                .isEqualTo(
                        state == DeliveryState.DELIVERED
                                ? Map.of()
                                : Map.of(state, (long) ima.charges().size())));
        assertThat(ima.charges()).isNotEmpty();
    }

    private Map<DeliveryState, Long> deliveries() {
        return journal.tally().stream()
                .collect(Collectors.groupingBy(TaskCount::delivery, Collectors.summingLong(TaskCount::records)));
    }

    private void route(RouteBuilder routes) throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:generate").errorHandler(noErrorHandler()).to(GENERATION);
                    }
                })
                .routes(routes)
                .start();
    }

    private Exchange send(String text) {
        return ima.send("direct:in", text, Map.of());
    }

    enum Copies {
        ENRICH,
        ENRICH_SHARED_UNIT_OF_WORK,
        ENRICH_THROUGH_DIRECT,
        LOOP_COPY,
        SPLIT,
        SPLIT_SHARED_UNIT_OF_WORK,
        PARALLEL_SPLIT,
        SPLIT_IN_SPLIT,
        ENRICH_IN_SPLIT,
        MULTICAST,
        RECIPIENT_LIST;

        ProcessorDefinition<?> apply(RouteBuilder r, ProcessorDefinition<?> route) {
            AggregationStrategy grouped = new GroupedBodyAggregationStrategy();
            return switch (this) {
                case ENRICH -> route.enrich(GENERATION);
                case ENRICH_SHARED_UNIT_OF_WORK ->
                    route.enrich().constant(GENERATION).shareUnitOfWork().end();
                case ENRICH_THROUGH_DIRECT -> route.enrich("direct:generate");
                case LOOP_COPY -> route.loop(1).copy().to(GENERATION).end();
                case SPLIT ->
                    route.split(r.body().tokenize("@"), grouped).to(GENERATION).end();
                case SPLIT_SHARED_UNIT_OF_WORK ->
                    route.split(r.body().tokenize("@"), grouped)
                            .shareUnitOfWork()
                            .to(GENERATION)
                            .end();
                case PARALLEL_SPLIT ->
                    route.split(r.body().tokenize("@"), grouped)
                            .parallelProcessing()
                            .to(GENERATION)
                            .end();
                case SPLIT_IN_SPLIT ->
                    route.split(r.body().tokenize("@"))
                            .split(r.body().tokenize("#"))
                            .to(GENERATION)
                            .end()
                            .end();
                case ENRICH_IN_SPLIT ->
                    route.split(r.body().tokenize("@")).enrich(GENERATION).end();
                case MULTICAST ->
                    route.multicast(grouped).to("direct:generate", GENERATION).end();
                case RECIPIENT_LIST ->
                    route.recipientList(r.constant("direct:generate"))
                            .aggregationStrategy(grouped)
                            .end();
            };
        }
    }

    static Stream<Arguments> copies() {
        return Stream.of(Copies.values()).flatMap(c -> Stream.of(false, true).map(fails -> Arguments.of(c, fails)));
    }

    @ParameterizedTest
    @MethodSource("copies")
    void whatACopyReceivedIsSettledWithTheWholeMessage(Copies copies, boolean messageFails) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                var route = from("direct:in").errorHandler(noErrorHandler());
                copies.apply(this, route).process(e -> {
                    if (messageFails) {
                        throw new IllegalStateException("the step behind the copies fails");
                    }
                    assertThat(deliveries())
                            .as("nothing is delivered before the message is through")
                            .isEqualTo(Map.of(
                                    DeliveryState.OWNED, (long) ima.charges().size()));
                });
            }
        });
        Exchange done = send("a lake@a hill#a sea");

        assertThat(done.isFailed()).isEqualTo(messageFails);
        all(messageFails ? DeliveryState.AVAILABLE : DeliveryState.DELIVERED);
    }

    @ParameterizedTest
    @ValueSource(strings = {GENERATION, "direct:generate"})
    void aResultWhoseAggregationFailsIsOfferedAgain(String uri) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(noErrorHandler()).enrich(uri, BROKEN);
            }
        });
        assertThat(send("a lake").getException()).isNotNull();
        all(DeliveryState.AVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {GENERATION, "direct:generate"})
    void aFailedTaskInAnEnrichIsDeliveredIfTheRouteHandlesItsException(String uri) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .doTry()
                        .enrich(uri)
                        .doCatch(GenerationFailedException.class)
                        .end();
            }
        });
        assertThat(send("a lake [[fail]]").getException()).isNull();
        all(DeliveryState.DELIVERED);
    }

    @ParameterizedTest
    @ValueSource(strings = {GENERATION, "direct:generate"})
    void aFailedTaskInAnEnrichIsOfferedIfNobodyHandlesItsException(String uri) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(noErrorHandler()).enrich(uri);
            }
        });
        assertThat(send("a lake [[fail]]").getException()).isInstanceOf(GenerationFailedException.class);
        all(DeliveryState.AVAILABLE);
    }

    @Test
    void aFailedTaskOfAPartThatASplitIgnoresIsOffered() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .errorHandler(noErrorHandler())
                        .split(body().tokenize("@"), new UseOriginalAggregationStrategy(null, false))
                        .to(GENERATION)
                        .end();
            }
        });
        send("a lake [[fail]]");
        all(DeliveryState.AVAILABLE);
    }

    @Test
    void theResultOfAPartThatFailsIsOfferedAlsoIfTheMessageGoesOn() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .errorHandler(noErrorHandler())
                        .split(body().tokenize("@"), new UseOriginalAggregationStrategy(null, false))
                        .to(GENERATION)
                        .throwException(new IllegalStateException("the step behind the generation"))
                        .end();
            }
        });
        assertThat(send("a lake").getException()).isNull();
        all(DeliveryState.AVAILABLE);
    }

    @ParameterizedTest
    @EnumSource(names = {"MULTICAST", "SPLIT"})
    void noExchangeIsRememberedAfterItsEnd(Copies copies) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                copies.apply(this, from("direct:in"));
            }
        });
        send("a lake@a hill");
        all(DeliveryState.DELIVERED);
        LiveExchanges exchanges = ima.camel().getManagementStrategy().getEventNotifiers().stream()
                .filter(LiveExchanges.class::isInstance)
                .map(LiveExchanges.class::cast)
                .findFirst()
                .orElseThrow();
        await().untilAsserted(() -> assertThat(exchanges.size()).isZero());
        ima.camel().stop();
        assertThat(ima.camel().getManagementStrategy().getEventNotifiers()).doesNotContain(exchanges);
    }
}
