/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.GenerationTask;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.support.ScheduledBatchPollingConsumer;
import org.apache.camel.util.CastUtils;
import org.jspecify.annotations.Nullable;

/**
 * Consumes the outcomes of tasks that no exchange waits for. Each counts as delivered when its exchange has ended without
 * failure; one whose exchange failed is offered again.
 */
public class GenvideoTasksConsumer extends ScheduledBatchPollingConsumer {
    private final GenvideoEndpoint endpoint;
    private final PollFailureLog failures;
    private @Nullable DeliveryLoop loop;

    GenvideoTasksConsumer(GenvideoEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        failures = new PollFailureLog(endpoint.getCamelContext(), getClass(), endpoint.getEndpointUri());
        setExceptionHandler(failures);
    }

    @Override
    protected void doStart() throws Exception {
        loop = new DeliveryLoop(new UndeliveredResults(endpoint), new Batch());
        super.doStart();
    }

    private DeliveryLoop loop() {
        return Objects.requireNonNull(loop, "consumer not started");
    }

    @Override
    protected int poll() throws Exception {
        // What an earlier stop or suspension has left behind does not count for this poll
        shutdownRunningTask = null;
        pendingExchanges = 0;
        Queue<Object> taken = new ArrayDeque<>(loop().take(getMaxMessagesPerPoll()));
        if (loop().isOpen()) {
            failures.polled();
        }
        forceConsumerAsReady();
        return processBatch(taken);
    }

    @Override
    public int processBatch(Queue<Object> tasks) throws Exception {
        int total = tasks.size();
        try {
            loop().deliver(CastUtils.cast(tasks));
        } finally {
            pendingExchanges = 0;
        }
        return total;
    }

    private final class Batch implements DeliveryLoop.Target {

        /** Not while the consumer is suspended, stops, or Camel refuses exchanges. */
        @Override
        public boolean isOpen() {
            boolean suspended = shutdownRunningTask == null && isSuspendingOrSuspended();
            return isBatchAllowed()
                    && !suspended
                    && !endpoint.getCamelContext().getShutdownStrategy().isForceShutdown();
        }

        @Override
        public Exchange createExchange() {
            return GenvideoTasksConsumer.this.createExchange(true);
        }

        @Override
        public void route(Exchange exchange, int index, int total) {
            exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, index);
            exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, total);
            exchange.setProperty(ExchangePropertyKey.BATCH_COMPLETE, index == total - 1);
            pendingExchanges = total - index - 1;
            getAsyncProcessor().process(exchange, defaultConsumerCallback(exchange, true));
        }

        @Override
        public void fetchFailed(Exchange exchange, GenerationTask task, Exception failure) {
            exchange.setException(failure);
            handleException(
                    "The result of task " + task.handle() + " could not be fetched [record " + task.recordId() + "]",
                    exchange,
                    failure);
        }

        @Override
        public void release(Exchange exchange) {
            releaseExchange(exchange, false);
        }
    }
}
