/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.TaskProgress;
import io.genvideo.spi.ExpectedTime;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the progress of tasks to the routes of the option {@code progressUri}, one message after the other on a thread of its
 * own. Of each exchange that waits at most one report is kept, the latest, so that a slow route costs reports, never memory or
 * the time of a task; what a route throws ends in the log.
 */
final class ProgressRoutes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressRoutes.class);

    private final ProducerTemplate template;
    private final ExecutorService thread;
    /** The URIs of the routes whose last message failed. */
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    private volatile boolean stopped;

    /** @param thread runs one report at a time; not closed here */
    ProgressRoutes(CamelContext context, ExecutorService thread) {
        this.template = context.createProducerTemplate();
        this.thread = thread;
    }

    /**
     * Reports to a route while an exchange waits. What was not sent when the wait ends is dropped.
     *
     * @param route {@code null} to report nothing
     * @param wait starts the wait with the listener that it is to inform
     */
    <T> CompletionStage<T> during(
            @Nullable Endpoint route, Function<@Nullable Consumer<TaskProgress>, CompletionStage<T>> wait) {
        if (route == null) {
            return wait.apply(null);
        }
        Reports reports = new Reports(route);
        return wait.apply(reports).whenComplete((value, failure) -> reports.end());
    }

    /** Sends no further message. */
    void stop() {
        stopped = true;
    }

    @Override
    public void close() {
        stop();
        template.stop();
    }

    /** The progress of one wait. */
    private final class Reports implements Consumer<TaskProgress> {
        private final Endpoint route;
        private final AtomicReference<@Nullable TaskProgress> latest = new AtomicReference<>();
        private volatile boolean ended;

        Reports(Endpoint route) {
            this.route = route;
        }

        @Override
        public void accept(TaskProgress progress) {
            if (stopped || latest.getAndSet(progress) != null) {
                return;
            }
            try {
                thread.execute(this::sendLatest);
            } catch (RejectedExecutionException e) {
                LOG.debug("The component is stopped: progress of {} is not sent", route, e);
            }
        }

        void end() {
            ended = true;
            latest.set(null);
        }

        private void sendLatest() {
            TaskProgress progress = latest.getAndSet(null);
            if (progress != null && !ended && !stopped) {
                send(route, progress);
            }
        }
    }

    private void send(Endpoint route, TaskProgress progress) {
        Exchange exchange = route.createExchange(ExchangePattern.InOnly);
        write(exchange.getMessage(), progress);
        Throwable failure;
        try {
            failure = template.send(route, exchange).getException();
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        String uri = route.getEndpointUri();
        if (failure == null) {
            failing.remove(uri);
        } else if (!stopped && failing.add(uri)) {
            LOG.warn(
                    "Progress could not be sent to {}; the tasks go on. Further failures are on DEBUG until a message"
                            + " succeeds.",
                    uri,
                    failure);
        } else {
            LOG.debug("Progress could not be sent to {}", uri, failure);
        }
    }

    private static void write(Message message, TaskProgress progress) {
        message.setBody(progress.task());
        ResultWriter.writeHeaders(message, progress.task());
        message.setHeader(GenvideoConstants.ELAPSED_MILLIS, progress.elapsed().toMillis());
        Double fraction = progress.fraction();
        if (fraction != null) {
            message.setHeader(GenvideoConstants.PROGRESS, (int) Math.floor(fraction * 100));
        }
        ExpectedTime usual = progress.usual();
        if (usual != null) {
            message.setHeader(GenvideoConstants.EXPECTED_MILLIS, usual.most().toMillis());
        }
    }
}
