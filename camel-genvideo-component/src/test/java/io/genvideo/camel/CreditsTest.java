/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.model.Credits;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import io.genvideo.model.ServiceUnavailableException;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.SubmittedTask;
import java.math.BigDecimal;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The balance, read by a route and on schedule, of a service that reports it. */
class CreditsTest {
    private final ImaContext ima = new ImaContext();
    private final Bank bank = new Bank();

    @BeforeEach
    void start() throws Exception {
        ima.camel().getRegistry().bind("bank", bank);
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:credits").to("genvideo:bank/credits");
                from("genvideo:bank/credits?initialDelay=0&delay=50&bridgeErrorHandler=true")
                        .routeId("scheduled")
                        .autoStartup(false)
                        .onException(ServiceUnavailableException.class)
                        .handled(true)
                        .to("mock:handled")
                        .end()
                        .to("mock:balance");
            }
        });
        ima.start();
    }

    @AfterEach
    void stop() {
        ima.close();
    }

    private MockEndpoint mock(String name) {
        return ima.camel().getEndpoint("mock:" + name, MockEndpoint.class);
    }

    @Test
    void theBalanceIsAskedFor() {
        Exchange done = ima.send("direct:credits", null, Map.of());

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(Credits.class).unit()).isEqualTo("coins");
        assertThat(done.getMessage().getHeader(GenvideoConstants.CREDITS)).isEqualTo(BigDecimal.valueOf(99));
    }

    @Test
    void theBalanceComesOnSchedule() throws Exception {
        mock("balance").expectedMinimumMessageCount(3);

        ima.camel().getRouteController().startRoute("scheduled");

        mock("balance").assertIsSatisfied();
        assertThat(mock("balance").getExchanges())
                .extracting(e -> e.getMessage().getHeader(GenvideoConstants.CREDITS, Integer.class))
                .startsWith(99, 98, 97);
    }

    @Test
    void theBalanceIsFetchedInBetween() throws Exception {
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:between").pollEnrich("genvideo:bank/credits?initialDelay=0&delay=50", 10_000);
            }
        });

        Exchange done = ima.send("direct:between", null, Map.of());

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isInstanceOf(Credits.class);
    }

    @Test
    void whatElseCanBeConsumedIsSaid() {
        assertThatThrownBy(() -> ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("genvideo:bank/resolve").to("mock:never");
                    }
                }))
                .rootCause()
                .hasMessageContaining("What can be consumed: tasks, credits");
    }

    @Test
    void aServiceThatIsAwayIsHeardOfByTheErrorHandler() throws Exception {
        bank.open = false;
        mock("handled").expectedMinimumMessageCount(1);

        ima.camel().getRouteController().startRoute("scheduled");

        mock("handled").assertIsSatisfied();
    }

    /** A service that has a balance and nothing else. */
    private static final class Bank implements GenerationProviderFactory, GenerationProvider {
        private final AtomicInteger balance = new AtomicInteger(100);
        private volatile boolean open = true;

        @Override
        public ProviderDescriptor descriptor() {
            return ProviderDescriptor.builder("bank", "The Bank", "http://localhost")
                    .operations(Operation.CREDITS)
                    .build();
        }

        @Override
        public GenerationProvider create(ProviderContext context) {
            return this;
        }

        @Override
        public CompletionStage<Credits> credits(CallOptions options) {
            return open
                    ? CompletableFuture.completedFuture(
                            new Credits(BigDecimal.valueOf(balance.decrementAndGet()), "coins", Map.of()))
                    : CompletableFuture.failedFuture(
                            GenerationError.of(ErrorCategory.SERVICE_UNAVAILABLE, "bank", "closed for lunch")
                                    .toException());
        }

        @Override
        public CompletionStage<PlannedGeneration> plan(GenerationRequest request, CallOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<PollOutcome> poll(SubmittedTask task, CallOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean ownsOrigin(URI uri) {
            return false;
        }
    }
}
