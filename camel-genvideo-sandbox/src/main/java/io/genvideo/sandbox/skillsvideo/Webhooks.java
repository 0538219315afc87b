/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.Scheduler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to one URL (docs/contracts/skillsvideo.md section 6): signed, at least once, and again after 1, 2, 4, 8
 * and 16 seconds of the sandbox's clock until the response is 2xx. Without {@link #unordered} the events of one task are first sent
 * in their order. It is the only thing in the sandbox that makes requests. Thread-safe.
 */
public final class Webhooks implements AutoCloseable {
    /** Most events that wait to be delivered; more are dropped. */
    public static final int MAX_WAITING = 10_000;
    /** Most deliveries that are remembered. */
    public static final int MAX_DELIVERIES = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
    private static final int MAX_ATTEMPTS = 6;
    private static final int MAX_AT_ONCE = 16;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_DELAY_MILLIS = 300;

    /**
     * One attempt.
     *
     * @param attempt 1 for the first
     * @param status HTTP status of the answer; 0 if there was none
     */
    public record Delivery(String webhookId, String type, String taskId, int attempt, int status) {}

    private record Target(URI url, WebhookSigner signer) {}

    private record Event(Target target, String webhookId, String type, String taskId, byte[] body, int attempt) {
        private Event again() {
            return new Event(target, webhookId, type, taskId, body, attempt + 1);
        }
    }

    private final Scheduler scheduler;
    private final InstantSource clock;
    private final Random lots;
    /** Tasks with an event on its way, and their events that wait for it. */
    private final Map<String, Queue<Event>> lines = new HashMap<>();

    private final Queue<Event> ready = new ArrayDeque<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private @Nullable Target target;
    private @Nullable HttpClient http;
    private @Nullable ExecutorService executor;
    private boolean duplicates;
    private boolean unordered;
    private boolean closed;
    private int waiting;
    private int atOnce;

    Webhooks(SandboxConfig config, Scheduler scheduler) {
        this.scheduler = scheduler;
        this.clock = config.clock();
        this.lots = new Random(config.seed());
        target(config.webhookUrl(), config.webhookSecret());
    }

    /**
     * Sets where the events of tasks go from now on.
     *
     * @param url null: nowhere
     * @throws IllegalArgumentException if the secret is not {@code whsec_} and Base64
     */
    public synchronized void target(@Nullable URI url, String secret) {
        target = url == null ? null : new Target(url, new WebhookSigner(secret));
    }

    /** Sets whether every event is sent twice, with the same {@code webhook-id}. */
    public synchronized void duplicates(boolean value) {
        duplicates = value;
    }

    /** Sets whether each event is held back for a time of its own, up to {@value #MAX_DELAY_MILLIS} ms. */
    public synchronized void unordered(boolean value) {
        unordered = value;
    }

    /** What was sent so far, in the order of the answers. */
    public synchronized List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    /** Whether there is a URL to which events go. */
    synchronized boolean wanted() {
        return target != null;
    }

    synchronized void send(String type, String taskId, ObjectNode body) {
        Target to = target;
        if (to == null) {
            return;
        }
        if (waiting >= MAX_WAITING) {
            LOG.warn("webhook {} of {} is dropped, {} others wait", type, taskId, waiting);
            return;
        }
        Event event = new Event(to, "msg_" + UUID.randomUUID(), type, taskId, Json.bytes(body), 1);
        for (int i = 0; i < (duplicates ? 2 : 1); i++) {
            waiting++;
            if (unordered) {
                later(event, Duration.ofMillis(lots.nextInt(MAX_DELAY_MILLIS)));
            } else {
                inLine(event);
            }
        }
    }

    private void later(Event event, Duration pause) {
        scheduler.schedule(clock.instant().plus(pause), () -> ready(event));
    }

    private void inLine(Event event) {
        Queue<Event> line = lines.get(event.taskId());
        if (line == null) {
            lines.put(event.taskId(), new ArrayDeque<>());
            ready(event);
        } else {
            line.add(event);
        }
    }

    private synchronized void ready(Event event) {
        ready.add(event);
        work();
    }

    private void work() {
        while (atOnce < MAX_AT_ONCE && !ready.isEmpty() && !closed) {
            Event event = ready.remove();
            atOnce++;
            var unused = client().sendAsync(request(event), BodyHandlers.discarding())
                    .whenComplete((answer, failure) -> done(event, answer));
        }
    }

    private HttpClient client() {
        HttpClient client = http;
        if (client == null) {
            executor = Executors.newFixedThreadPool(2, task -> {
                Thread thread = new Thread(task, "sandbox-webhook");
                thread.setDaemon(true);
                return thread;
            });
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(TIMEOUT)
                    .executor(executor)
                    .build();
            http = client;
        }
        return client;
    }

    private HttpRequest request(Event event) {
        long now = clock.instant().getEpochSecond();
        return HttpRequest.newBuilder(event.target().url())
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("webhook-id", event.webhookId())
                .header("webhook-timestamp", Long.toString(now))
                .header("webhook-signature", event.target().signer().sign(event.webhookId(), now, event.body()))
                .POST(BodyPublishers.ofByteArray(event.body()))
                .build();
    }

    private synchronized void done(Event event, @Nullable HttpResponse<Void> answer) {
        int status = answer == null ? 0 : answer.statusCode();
        atOnce--;
        if (deliveries.size() < MAX_DELIVERIES) {
            deliveries.add(new Delivery(event.webhookId(), event.type(), event.taskId(), event.attempt(), status));
        }
        if (status / 100 != 2 && event.attempt() < MAX_ATTEMPTS) {
            later(event.again(), Duration.ofSeconds(1L << (event.attempt() - 1)));
        } else {
            waiting--;
        }
        if (event.attempt() == 1) {
            nextInLine(event.taskId());
        }
        work();
    }

    private void nextInLine(String taskId) {
        Queue<Event> line = lines.get(taskId);
        if (line == null) {
            return;
        }
        Event next = line.poll();
        if (next == null) {
            lines.remove(taskId);
        } else {
            ready.add(next);
        }
    }

    /** Stops sending; what waits is dropped. */
    @Override
    public synchronized void close() {
        closed = true;
        ready.clear();
        if (executor != null) {
            executor.shutdownNow();
        }
    }
}
