/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.GenerationTask;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.IsSingleton;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.PollingConsumerSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes one outcome when asked for it, by {@code pollEnrich}, {@code poll} or a consumer template: at once instead of at the
 * next tick of a schedule, and never more than the caller gets.
 */
final class GenvideoTasksPollingConsumer extends PollingConsumerSupport implements IsSingleton {
    private final GenvideoEndpoint endpoint;
    private final long pauseMillis;
    private @Nullable UndeliveredResults results;
    private volatile CountDownLatch stopped = new CountDownLatch(0);

    GenvideoTasksPollingConsumer(GenvideoEndpoint endpoint, long pauseMillis) {
        super(endpoint);
        this.endpoint = endpoint;
        this.pauseMillis = Math.max(1, pauseMillis);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        results = new UndeliveredResults(endpoint);
        stopped = new CountDownLatch(1);
    }

    @Override
    protected void doStop() throws Exception {
        stopped.countDown();
        super.doStop();
    }

    @Override
    public @Nullable Exchange receiveNoWait() {
        return receive(0);
    }

    @Override
    public @Nullable Exchange receive() {
        return receive(Long.MAX_VALUE);
    }

    @Override
    public @Nullable Exchange receive(long timeout) {
        if (!isRunAllowed() || !isStarted()) {
            throw new RejectedExecutionException(this + " is not started");
        }
        long began = System.nanoTime();
        try {
            Exchange exchange = one();
            long left = timeout;
            while (exchange == null && left > 0 && !stopped.await(Math.min(pauseMillis, left), TimeUnit.MILLISECONDS)) {
                exchange = one();
                left = timeout - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            }
            return exchange;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuntimeCamelException(e);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    private @Nullable Exchange one() throws Exception {
        UndeliveredResults source = Objects.requireNonNull(results, "consumer not started");
        List<GenerationTask> taken = source.take(1);
        if (taken.isEmpty()) {
            return null;
        }
        GenerationTask task = taken.get(0);
        Exchange exchange = endpoint.createExchange();
        try {
            source.write(exchange, task);
            if (source.fetch(exchange, this::isRunAllowed)) {
                source.acknowledge(exchange);
                return exchange;
            }
            source.putBack(task);
        } catch (Exception e) {
            if (isRunAllowed()) {
                source.giveBack(task, e);
            } else {
                source.putBack(task);
            }
            UndeliveredResults.end(exchange);
            throw e;
        }
        UndeliveredResults.end(exchange);
        return null;
    }

    @Override
    public boolean isSingleton() {
        return true;
    }
}
