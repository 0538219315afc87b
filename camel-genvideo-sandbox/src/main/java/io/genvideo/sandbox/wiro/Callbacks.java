/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Posts to the {@code callbackUrl} of a task when it ends. Body and delivery are not documented (docs/contracts/wiro.md
 * section 7): here it is one unsigned {@code POST} of the task, without repetition. To addresses beyond this machine nothing
 * is sent. Thread-safe.
 */
public final class Callbacks implements AutoCloseable {
    /** Most deliveries that are remembered. */
    public static final int MAX_DELIVERIES = 10_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /**
     * One delivery.
     *
     * @param status HTTP status of the response; 0 if there was none
     */
    public record Delivery(String taskId, String body, int status) {}

    private final Ledger ledger;
    private final List<Delivery> deliveries = new ArrayList<>();
    private @Nullable HttpClient http;
    private @Nullable ExecutorService executor;
    private boolean closed;

    Callbacks(Ledger ledger) {
        this.ledger = ledger;
    }

    /** What was sent so far, in the order of the responses. */
    public synchronized List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    /** Posts what {@code [[callback: early]]} and {@code [[callback: lying]]} send right after the create. */
    void created(WiroTask task, String origin) {
        if (says(task, "early")) {
            send(task, body(task, task.json(origin)));
        }
        if (says(task, "lying")) {
            ObjectNode lie = task.json(origin).put("status", Step.END).put("pexit", "0");
            lie.putArray("outputs")
                    .addObject()
                    .put("name", "0.mp4")
                    .put("contenttype", "video/mp4")
                    .put("url", "http://127.0.0.1:9/never-made.mp4");
            send(task, body(task, lie));
        }
    }

    /** Posts the end of a task. */
    void ended(WiroTask task, String origin) {
        if (!says(task, "none")) {
            send(task, body(task, task.json(origin)));
        }
    }

    private static boolean says(WiroTask task, String what) {
        return List.of(task.directives().argument("callback").split("\\s*,\\s*"))
                .contains(what);
    }

    private static byte[] body(WiroTask task, ObjectNode json) {
        if (says(task, "malformed")) {
            return "{\"taskid\":".getBytes(StandardCharsets.UTF_8);
        }
        ObjectNode body = Json.MAPPER.createObjectNode();
        if (says(task, "tasklist")) {
            body.putArray("tasklist").add(json);
        } else if (says(task, "data")) {
            body.set("data", json);
        } else {
            body.put("taskid", task.identity().id());
            body.setAll(json);
        }
        return Json.bytes(body);
    }

    private void send(WiroTask task, byte[] body) {
        String address = task.run().callbackUrl();
        if (address.isEmpty()) {
            return;
        }
        URI url = URI.create(address);
        String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
        if (!host.equals("localhost") && !host.matches("127(\\.\\d{1,3}){3}") && !host.equals("[::1]")) {
            ledger.note(WiroService.NAME, "create", "a callbackUrl beyond this machine, to which nothing is sent");
            return;
        }
        for (int i = 0; i < (says(task, "double") ? 2 : 1); i++) {
            post(task, url, body);
        }
    }

    private synchronized void post(WiroTask task, URI url, byte[] body) {
        if (closed) {
            return;
        }
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        var unused = client().sendAsync(request, BodyHandlers.discarding())
                .whenComplete((response, failure) -> delivered(new Delivery(
                        task.identity().id(),
                        new String(body, StandardCharsets.UTF_8),
                        response == null ? 0 : response.statusCode())));
    }

    private synchronized void delivered(Delivery delivery) {
        if (deliveries.size() < MAX_DELIVERIES) {
            deliveries.add(delivery);
        }
    }

    private HttpClient client() {
        HttpClient client = http;
        if (client == null) {
            executor = Executors.newFixedThreadPool(2, task -> {
                Thread thread = new Thread(task, "sandbox-callback");
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

    /** Stops sending. */
    @Override
    public synchronized void close() {
        closed = true;
        if (executor != null) {
            executor.shutdownNow();
        }
    }
}
