/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.GenerationTask;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.support.ScheduledBatchPollingConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Consumes the outcomes of tasks that no exchange waits for. Each counts as delivered when its exchange has ended without
 * failure; one whose exchange failed comes again, and one that was not looked at is put back.
 */
public class GenvideoTasksConsumer extends ScheduledBatchPollingConsumer {
    private final GenvideoEndpoint endpoint;
    private @Nullable UndeliveredResults results;

    GenvideoTasksConsumer(GenvideoEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        results = new UndeliveredResults(endpoint);
        super.doStart();
    }

    private UndeliveredResults results() {
        return Objects.requireNonNull(results, "consumer not started");
    }

    @Override
    protected int poll() throws Exception {
        // What an earlier stop or suspension has left behind does not count for this poll
        shutdownRunningTask = null;
        pendingExchanges = 0;
        List<GenerationTask> taken = results().take(getMaxMessagesPerPoll());
        forceConsumerAsReady();
        return processBatch(exchanges(taken));
    }

    private Queue<Object> exchanges(List<GenerationTask> taken) {
        Queue<Object> exchanges = new ArrayDeque<>();
        try {
            for (GenerationTask task : taken) {
                Exchange exchange = createExchange(true);
                results().write(exchange, task);
                exchanges.add(exchange);
            }
        } catch (RuntimeException | Error e) {
            taken.forEach(results()::putBack);
            throw e;
        }
        return exchanges;
    }

    @Override
    public int processBatch(Queue<Object> exchanges) {
        int total = exchanges.size();
        try {
            for (int index = 0; index < total && goesOn(); index++) {
                Exchange exchange = (Exchange) exchanges.remove();
                exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, index);
                exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, total);
                exchange.setProperty(ExchangePropertyKey.BATCH_COMPLETE, index == total - 1);
                pendingExchanges = total - index - 1;
                deliver(exchange);
            }
        } finally {
            exchanges.forEach(exchange -> cutOff((Exchange) exchange));
            pendingExchanges = 0;
        }
        return total;
    }

    private void deliver(Exchange exchange) {
        try {
            if (!results().fetch(exchange, this::goesOn)) {
                cutOff(exchange);
                return;
            }
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (goesOn()) {
                fail(exchange, e);
            } else {
                cutOff(exchange);
            }
            return;
        }
        results().acknowledge(exchange);
        getAsyncProcessor().process(exchange, defaultConsumerCallback(exchange, true));
    }

    /** Whether the batch goes on: not while the consumer is suspended, stops, or Camel refuses exchanges. */
    private boolean goesOn() {
        boolean suspended = shutdownRunningTask == null && isSuspendingOrSuspended();
        return isBatchAllowed()
                && !suspended
                && !endpoint.getCamelContext().getShutdownStrategy().isForceShutdown();
    }

    private void cutOff(Exchange exchange) {
        results().putBack(UndeliveredResults.of(exchange));
        end(exchange);
    }

    /** The exchange is not routed half-done; its outcome comes again. */
    private void fail(Exchange exchange, Exception failure) {
        GenerationTask task = UndeliveredResults.of(exchange);
        try {
            results().giveBack(task, failure);
            exchange.setException(failure);
            handleException(
                    "The result of task " + task.handle() + " could not be fetched [record " + task.recordId() + "]",
                    exchange,
                    failure);
        } finally {
            end(exchange);
        }
    }

    private void end(Exchange exchange) {
        UndeliveredResults.end(exchange);
        releaseExchange(exchange, false);
    }
}
