/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.GenerationTask;
import io.genvideo.model.Operation;
import io.genvideo.spi.WebhookEvent;
import io.genvideo.spi.WebhookReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request of the service makes the engine poll the task that it names, so that the exchange that waits for it resumes. A
 * task that no exchange waits for is routed from here, as by the {@code tasks} consumer. The journal is read every
 * {@code delay} too, in case that a request gets lost.
 *
 * <p>The sender gets its response at once, and learns nothing about the route: 200 for a genuine request, also if it was
 * received before, 401 for another, 404 without the path token of an unsigned webhook, 413 for one that is too long.
 */
final class GenvideoWebhookHandler extends ServiceSupport implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(GenvideoWebhookHandler.class);
    private static final int MAX_BYTES = 1 << 20;
    private static final int BATCH = 10;

    private final GenvideoWebhookEndpoint endpoint;
    private final Processor next;
    private final ReplayCache known = new ReplayCache();
    private @Nullable String pathToken;
    private @Nullable WebhookReader reader;
    private @Nullable DeliveryLoop loop;
    private @Nullable ScheduledExecutorService thread;

    GenvideoWebhookHandler(GenvideoWebhookEndpoint endpoint, Processor next) {
        this.endpoint = endpoint;
        this.next = next;
    }

    @Override
    protected void doStart() throws Exception {
        if (!endpoint.isFor(Operation.TASKS)) {
            throw new IllegalArgumentException("a webhook is there for the operation 'tasks', not for '"
                    + endpoint.getOperation() + "': webhook:genvideo:" + endpoint.getProvider() + "/tasks");
        }
        pathToken = endpoint.pathToken();
        reader = endpoint.webhookReader();
        loop = new DeliveryLoop(new UndeliveredResults(endpoint), new Routes());
        ScheduledExecutorService started = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(this, "GenvideoWebhook");
        thread = started;
        started.scheduleWithFixedDelay(
                this::deliver, endpoint.getDelay(), Math.max(1, endpoint.getDelay()), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() {
        if (thread != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(thread);
            thread = null;
        }
    }

    @Override
    public void process(Exchange exchange) throws IOException {
        WebhookReader now = reader;
        if (now == null) {
            answer(exchange, 503);
            return;
        }
        Message in = exchange.getMessage();
        if (!hasPathToken(in)) {
            answer(exchange, 404);
            return;
        }
        byte[] body = body(in);
        if (body.length > MAX_BYTES) {
            answer(exchange, 413);
            return;
        }
        WebhookEvent event = now.read(name -> in.getHeader(name, String.class), body);
        answer(exchange, event instanceof WebhookEvent.Genuine ? 200 : 401);
        if (event instanceof WebhookEvent.Refused refused) {
            LOG.debug("A request to the webhook of {} was refused: {}", endpoint.getProvider(), refused.why());
        } else if (event instanceof WebhookEvent.Genuine genuine && known.add(genuine.deliveryId())) {
            wake(genuine);
        }
    }

    /** In constant time, so that the token can't be found out digit by digit. */
    private boolean hasPathToken(Message in) {
        String expected = pathToken;
        if (expected == null) {
            return true;
        }
        String path = in.getHeader(Exchange.HTTP_URI, "", String.class);
        String sent = in.getHeader(
                GenvideoWebhookEndpoint.PATH_TOKEN, path.substring(path.lastIndexOf('/') + 1), String.class);
        return MessageDigest.isEqual(sent.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] body(Message in) throws IOException {
        InputStream stream = in.getBody(InputStream.class);
        return stream == null ? new byte[0] : stream.readNBytes(MAX_BYTES + 1);
    }

    /** Nothing of the request may be part of the response. */
    private static void answer(Exchange exchange, int status) {
        Message answer = new DefaultMessage(exchange);
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        answer.setBody("");
        exchange.setMessage(answer);
    }

    private void wake(WebhookEvent.Genuine event) {
        String taskId = event.taskId();
        if (taskId == null) {
            return;
        }
        endpoint.getComponent()
                .runtime()
                .engine()
                .hint(endpoint.getProvider(), taskId)
                .thenRun(this::deliverSoon);
    }

    private void deliverSoon() {
        ScheduledExecutorService running = thread;
        if (running != null) {
            try {
                running.execute(this::deliver);
            } catch (RejectedExecutionException stopped) {
                LOG.debug("The webhook is stopped; outcomes are offered again");
            }
        }
    }

    /** Routes what nobody waits for, one after the other. */
    private void deliver() {
        DeliveryLoop from = loop;
        if (from == null) {
            return;
        }
        try {
            Queue<GenerationTask> taken = from.take(BATCH);
            while (!taken.isEmpty()) {
                from.deliver(taken);
                taken = isRunAllowed() ? from.take(BATCH) : new ArrayDeque<>();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("Outcomes of {} could not be taken, trying again: {}", endpoint.getProvider(), e.toString());
        }
    }

    private final class Routes implements DeliveryLoop.Target {
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
            try {
                next.process(exchange);
            } catch (Exception e) {
                // The end of the exchange has settled its outcome
                exchange.setException(e);
                GenerationTask task = UndeliveredResults.of(exchange);
                LOG.warn("The route of task {} failed [record {}]: {}", task.handle(), task.recordId(), e.toString());
            }
        }

        @Override
        public void fetchFailed(Exchange exchange, GenerationTask task, Exception failure) {
            LOG.warn(
                    "The result of task {} could not be fetched, trying again [record {}]: {}",
                    task.handle(),
                    task.recordId(),
                    failure.toString());
        }
    }
}
