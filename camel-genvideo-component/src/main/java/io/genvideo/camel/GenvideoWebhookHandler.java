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
 * What a service sends wakes the exchange that waits for the task. A task that nobody waits for is routed from here, like by
 * the {@code tasks} consumer; in case that nothing is sent, the journal is looked at every {@code delay} too.
 *
 * <p>The sender is answered at once and hears nothing of the route: 200 for what is genuine, also if it is known already, 401
 * for what is not, 413 for what is too long.
 */
final class GenvideoWebhookHandler extends ServiceSupport implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(GenvideoWebhookHandler.class);
    private static final int LONGEST = 1 << 20;
    private static final int BATCH = 10;

    private final GenvideoWebhookEndpoint endpoint;
    private final Processor next;
    private final ReplayCache known = new ReplayCache();
    private @Nullable WebhookReader reader;
    private @Nullable DeliveryLoop loop;
    private @Nullable ScheduledExecutorService thread;

    GenvideoWebhookHandler(GenvideoWebhookEndpoint endpoint, Processor next) {
        this.endpoint = endpoint;
        this.next = next;
    }

    @Override
    protected void doStart() throws Exception {
        if (endpoint.getResolvedOperation() != Operation.TASKS) {
            throw new IllegalArgumentException("a webhook is there for the operation 'tasks', not for '"
                    + endpoint.getOperation() + "': webhook:genvideo:" + endpoint.getProvider() + "/tasks");
        }
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
        byte[] body = body(in);
        if (body.length > LONGEST) {
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

    private static byte[] body(Message in) throws IOException {
        InputStream stream = in.getBody(InputStream.class);
        return stream == null ? new byte[0] : stream.readNBytes(LONGEST + 1);
    }

    /** What came in must not go back. */
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
                LOG.debug("Stopped; what has ended is offered again");
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
