/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.GenerationTask;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.DynamicPollingConsumer;
import org.apache.camel.Exchange;
import org.apache.camel.IsSingleton;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.PollingConsumerSupport;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Takes one outcome for {@code pollEnrich}, {@code poll} or a consumer template: at once instead of with the next scheduled
 * poll, and never more than the caller receives.
 *
 * <p>An exchange that {@code pollEnrich} does not aggregate, because its strategy throws or returns nothing, is dropped by Camel
 * together with its completions. So the outcome is also bound to the exchange that was to be enriched: if that ends
 * without having received the completions, the outcome is given back.
 */
final class GenvideoTasksPollingConsumer extends PollingConsumerSupport implements DynamicPollingConsumer, IsSingleton {
    private final GenvideoEndpoint endpoint;
    private final long pauseMillis;
    private @Nullable DeliveryLoop loop;
    private volatile CountDownLatch stopped = new CountDownLatch(0);

    GenvideoTasksPollingConsumer(GenvideoEndpoint endpoint, long pauseMillis) {
        super(endpoint);
        this.endpoint = endpoint;
        this.pauseMillis = Math.max(1, pauseMillis);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        loop = new DeliveryLoop(new UndeliveredResults(endpoint), new OnDemand());
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
            Exchange exchange = loop().next();
            long left = timeout;
            while (exchange == null && left > 0 && !stopped.await(Math.min(pauseMillis, left), TimeUnit.MILLISECONDS)) {
                exchange = loop().next();
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

    @Override
    public @Nullable Exchange receive(Exchange enriched) {
        return bind(receive(), enriched);
    }

    @Override
    public @Nullable Exchange receiveNoWait(Exchange enriched) {
        return bind(receiveNoWait(), enriched);
    }

    @Override
    public @Nullable Exchange receive(Exchange enriched, long timeout) {
        return bind(receive(timeout), enriched);
    }

    private static @Nullable Exchange bind(@Nullable Exchange received, Exchange enriched) {
        if (received != null) {
            enriched.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange ended) {
                    UndeliveredResults.endUnused(received);
                }
            });
        }
        return received;
    }

    private DeliveryLoop loop() {
        return Objects.requireNonNull(loop, "consumer not started");
    }

    @Override
    public boolean isSingleton() {
        return true;
    }

    private final class OnDemand implements DeliveryLoop.Target {
        @Override
        public boolean isOpen() {
            return isRunAllowed();
        }

        @Override
        public Exchange createExchange() {
            return endpoint.createExchange();
        }

        @Override
        public void route(Exchange exchange, int index, int total) {
            throw new IllegalStateException("the caller routes what it has received");
        }

        @Override
        public void fetchFailed(Exchange exchange, GenerationTask task, Exception failure) throws Exception {
            throw failure;
        }
    }
}
