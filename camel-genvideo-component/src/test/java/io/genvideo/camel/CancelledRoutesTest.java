/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.camel.EveryServiceTest.Service;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.WaitReleasedException;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxConfig.Rendering;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns of Camel around tasks that are cancelled at the service when their wait times out, or that outlive a restart. */
class CancelledRoutesTest {
    private static final String SLOW = "a lake [[take: 20s]]";
    private static final String CANCELLING =
            "genvideo:wiro/text_to_video?model=alibaba/wan-2-6&cancelOnTimeout=true&timeout=800ms";

    private static Sandbox sandbox;

    private final String key = "key_" + UUID.randomUUID();
    private final List<DefaultCamelContext> started = new ArrayList<>();

    @BeforeAll
    static void startSandbox() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .taskDuration(Duration.ofMillis(50))
                .rendering(Rendering.SAMPLE)
                .build());
    }

    @AfterAll
    static void stopSandbox() {
        sandbox.close();
    }

    @AfterEach
    void stop() {
        started.forEach(DefaultCamelContext::stop);
    }

    private DefaultCamelContext start(RouteBuilder routes) throws Exception {
        return start(routes, Map.of());
    }

    private DefaultCamelContext start(RouteBuilder routes, Map<String, Object> beans) throws Exception {
        DefaultCamelContext camel = new DefaultCamelContext();
        beans.forEach(camel.getRegistry()::bind);
        GenvideoComponent component = new GenvideoComponent(camel);
        for (Service service : List.of(Service.MEDIAIO, Service.WIRO)) {
            component.getAccounts().put(service.provider(), service.account(sandbox, key));
        }
        component.getConfiguration().setPollInterval(Duration.ofMillis(20));
        component.getConfiguration().setTimeout(Duration.ofSeconds(30));
        camel.addComponent("genvideo", component);
        camel.getShutdownStrategy().setTimeout(5);
        camel.addRoutes(routes);
        camel.start();
        started.add(camel);
        return camel;
    }

    private List<Ledger.TaskView> tasks() {
        return sandbox.ledger().tasks().stream()
                .filter(t -> t.account().equals(Ledger.account(key)))
                .toList();
    }

    /** Nothing runs on at the service, and no request was outside of its contract. */
    private void assertEndedAtTheService(int charges) {
        assertThat(sandbox.ledger().charges().stream().filter(c -> c.account().equals(Ledger.account(key))))
                .hasSize(charges);
        await().untilAsserted(() -> assertThat(tasks())
                .extracting(Ledger.TaskView::state)
                .allSatisfy(s -> assertThat(s).isEqualTo("CANCELED")));
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    /** Each endpoint is {@code direct:in}, and each ends with the exception or with the caught one. */
    enum Pattern {
        DO_TRY {
            @Override
            void build(RouteBuilder r) {
                r.from("direct:in")
                        .doTry()
                        .to(CANCELLING)
                        .doCatch(GenerationTimeoutException.class)
                        .setBody(r.exceptionMessage())
                        .end();
            }
        },
        SPLIT(2) {
            @Override
            void build(RouteBuilder r) {
                r.from("direct:in")
                        .split(r.body().tokenize("@"), new GroupedBodyAggregationStrategy())
                        .parallelProcessing()
                        .to(CANCELLING)
                        .end();
            }
        },
        MULTICAST(2) {
            @Override
            void build(RouteBuilder r) {
                r.from("direct:in")
                        .multicast(new GroupedBodyAggregationStrategy())
                        .parallelProcessing()
                        .to(CANCELLING, CANCELLING + "&duration=10")
                        .end();
            }
        },
        ENRICH {
            @Override
            void build(RouteBuilder r) {
                r.from("direct:in").enrich(CANCELLING);
            }
        },
        /** The redelivered exchange gets the task that it has, which is cancelled: it does not pay for another one. */
        REDELIVERY {
            @Override
            void build(RouteBuilder r) {
                r.from("direct:in")
                        .errorHandler(r.defaultErrorHandler()
                                .maximumRedeliveries(3)
                                .redeliveryDelay(1)
                                .retryAttemptedLogLevel(LoggingLevel.OFF))
                        .to(CANCELLING);
            }
        };

        final int tasks;

        Pattern() {
            this(1);
        }

        Pattern(int tasks) {
            this.tasks = tasks;
        }

        abstract void build(RouteBuilder r);
    }

    @ParameterizedTest
    @EnumSource
    void cancelsEachTaskOnceAndPaysForNoOther(Pattern pattern) throws Exception {
        DefaultCamelContext camel = start(new RouteBuilder() {
            @Override
            public void configure() {
                pattern.build(this);
            }
        });
        String body = pattern == Pattern.SPLIT ? SLOW + "@" + SLOW : SLOW;

        Exchange done = camel.createProducerTemplate()
                .send("direct:in", e -> e.getMessage().setBody(body));

        if (pattern == Pattern.DO_TRY) {
            assertThat(done.getException()).isNull();
            assertThat(done.getMessage().getBody(String.class)).contains("taken the request to cancel");
        } else if (pattern == Pattern.ENRICH) {
            assertThat(done.getException()).isInstanceOf(GenerationTimeoutException.class);
        } else if (pattern == Pattern.REDELIVERY) {
            assertThat(done.getException()).isInstanceOf(GenvideoException.class);
        }
        assertEndedAtTheService(pattern.tasks);
        assertThat(tasks()).hasSize(pattern.tasks);
    }

    @Test
    void cancelsWhatAnotherThreadOfTheRouteWaitsFor() throws Exception {
        DefaultCamelContext camel = start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to("seda:work");
                from("seda:work?pollTimeout=20&concurrentConsumers=2")
                        .onException(GenerationTimeoutException.class)
                        .handled(true)
                        .to("mock:cancelled")
                        .end()
                        .to(CANCELLING);
            }
        });
        MockEndpoint cancelled = camel.getEndpoint("mock:cancelled", MockEndpoint.class);
        cancelled.expectedMessageCount(2);

        for (int i = 0; i < 2; i++) {
            camel.createProducerTemplate().sendBody("direct:in", SLOW + i);
        }

        cancelled.assertIsSatisfied(10_000);
        assertEndedAtTheService(2);
    }

    /** The socket of a task is opened again after a restart, and the message that comes again gets the task that it has paid for. */
    @ParameterizedTest
    @ValueSource(strings = {"wiro/text_to_video?model=alibaba/wan-2-6", "mediaio/text_to_video?model=Wan 2.6"})
    void aTaskOutlivesARestart(String generation) throws Exception {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to("genvideo:" + generation);
            }
        };
        DefaultCamelContext before = start(routes, Map.of("journal", new JdbcTaskRepository(database)));
        CompletableFuture<Exchange> released = send(before);
        await().until(() -> !tasks().isEmpty());
        before.stop();
        assertThat(released.get(10, TimeUnit.SECONDS).getException()).isInstanceOf(WaitReleasedException.class);

        DefaultCamelContext after = start(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").to("genvideo:" + generation);
                    }
                },
                Map.of("journal", new JdbcTaskRepository(database)));
        Exchange done = send(after).get(20, TimeUnit.SECONDS);

        assertThat(done.getException()).isNull();
        GenerationTask task = done.getMessage().getBody(GenerationTask.class);
        assertThat(task.status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(tasks()).hasSize(1);
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    private static CompletableFuture<Exchange> send(DefaultCamelContext camel) {
        return camel.createProducerTemplate().asyncSend("direct:in", e -> {
            e.getMessage().setBody("a lake [[take: 2s]]");
            e.getMessage().setHeader(GenvideoConstants.IDEMPOTENCY_KEY, "lake 7");
        });
    }
}
