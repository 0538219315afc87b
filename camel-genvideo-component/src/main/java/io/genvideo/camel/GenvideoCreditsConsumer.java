/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.Credits;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.ScheduledPollConsumer;

/** Reads an account's balance on schedule: one exchange per poll. */
public class GenvideoCreditsConsumer extends ScheduledPollConsumer {
    /** Longer than a request with its repetitions takes. */
    private static final Duration SERVICE_ANSWERS = Duration.ofMinutes(2);

    private final GenvideoEndpoint endpoint;
    private final PollFailureLog failures;

    GenvideoCreditsConsumer(GenvideoEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        failures = new PollFailureLog(endpoint.getCamelContext(), getClass(), endpoint.getEndpointUri());
        setExceptionHandler(failures);
    }

    @Override
    protected int poll() throws Exception {
        CompletableFuture<Credits> answer = endpoint.getComponent()
                .runtime()
                .untilClosed(endpoint.getEngineAccount().provider().credits(endpoint.callOptions()))
                .toCompletableFuture();
        Credits credits = Futures.within(
                SERVICE_ANSWERS,
                answer,
                () -> GenerationError.of(
                                ErrorCategory.SERVICE_UNAVAILABLE,
                                endpoint.getProvider(),
                                "the balance did not come within " + SERVICE_ANSWERS.toMinutes() + " min")
                        .withRetryable(true)
                        .toException());
        failures.polled();
        forceConsumerAsReady();
        Exchange exchange = createExchange(true);
        write(exchange, credits);
        getAsyncProcessor().process(exchange, defaultConsumerCallback(exchange, true));
        return 1;
    }

    /** The balance as a message. */
    static void write(Exchange exchange, Credits credits) {
        ResultWriter.set(exchange.getMessage(), GenvideoConstants.CREDITS, credits.available());
        exchange.getMessage().setBody(credits);
    }
}
