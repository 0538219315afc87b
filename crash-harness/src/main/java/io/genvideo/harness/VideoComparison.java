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

/** Compares delivered videos with those that the sandbox rendered. Only valid while no faults are injected. */
final class VideoComparison {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Sandbox sandbox;
    private final DropFolders folders;
    private final HttpClient http = HttpClient.newHttpClient();

    VideoComparison(Sandbox sandbox, DropFolders folders) {
        this.sandbox = sandbox;
        this.folders = folders;
    }

    /** Whether the picture's video is complete, and equal to the one of the task whose JSON is beside it. */
    boolean matches(Picture picture) {
        try {
            byte[] delivered = Files.readAllBytes(folders.video(picture));
            return Mp4.isComplete(delivered)
                    && Arrays.equals(delivered, rendered(folders.taskId(picture).orElseThrow()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] rendered(String taskId) throws IOException {
        Ledger.TaskView task = sandbox.ledger().tasks().stream()
                .filter(t -> t.taskId().equals(taskId))
                .findFirst()
                .orElseThrow();
        URI url = URI.create(sandbox.uri() + task.mediaPaths().get(0));
        try {
            return http.send(
                            HttpRequest.newBuilder(url).timeout(TIMEOUT).build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
