/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;

/** What the sandbox has made, to hold what has arrived against it. Not while it misbehaves. */
final class MadeVideos {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Sandbox sandbox;
    private final HttpClient http = HttpClient.newHttpClient();

    MadeVideos(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** Whether the video in the outbox is whole, and the one that was made for the task beside it. */
    boolean has(Arrivals arrivals, Picture picture) {
        try {
            byte[] arrived = Files.readAllBytes(arrivals.video(picture));
            return Mp4.isWhole(arrived)
                    && Arrays.equals(arrived, of(arrivals.taskId(picture).orElseThrow()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] of(String taskId) throws IOException {
        Ledger.TaskView task = sandbox.ledger().tasks().stream()
                .filter(t -> t.taskId().equals(taskId))
                .findFirst()
                .orElseThrow();
        URI url = URI.create(sandbox.uri() + task.mediaPaths().get(0));
        try {
            return http.send(
                            HttpRequest.newBuilder(url).timeout(PATIENCE).build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
