/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.EngineAccount;
import io.genvideo.http.Download;
import io.genvideo.http.Downloaded;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.Redaction;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MimeTypes;
import io.genvideo.model.Paid;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmittedTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Fetches the media of a task to disk; replaces expired addresses (docs/design.md section 7). */
final class ResultDownloader {
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Set<Integer> EXPIRED = Set.of(403, 404, 410);

    private final HttpGateway http;

    ResultDownloader(HttpGateway http) {
        this.http = http;
    }

    /**
     * @param folder where the files go
     * @param baseName of the files, without extension
     * @return the files in the order of the media; fails with a {@link io.genvideo.model.GenvideoException} that is paid
     */
    CompletionStage<List<Path>> fetch(
            EngineAccount account, GenerationTask task, GenvideoConfiguration options, Path folder, String baseName) {
        Fetch fetch = new Fetch(account, task, options, folder, baseName);
        CompletableFuture<List<Path>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (int i = 0; i < task.media().size(); i++) {
            int index = i;
            all = all.thenCompose(files -> fetch.one(index).thenApply(file -> {
                files.add(file);
                return files;
            }));
        }
        return all;
    }

    private final class Fetch {
        private final EngineAccount account;
        private final GenerationTask task;
        private final GenvideoConfiguration options;
        private final Path folder;
        private final String baseName;

        Fetch(EngineAccount account, GenerationTask task, GenvideoConfiguration options, Path folder, String baseName) {
            this.account = account;
            this.task = task;
            this.options = options;
            this.folder = folder;
            this.baseName = baseName;
        }

        CompletableFuture<Path> one(int index) {
            Media medium = task.media().get(index);
            return get(medium.url(), index).thenCompose(got -> {
                if (got.status() == 200) {
                    return CompletableFuture.completedFuture(named(got, medium, index));
                }
                if (EXPIRED.contains(got.status())) {
                    return freshUrl(index).thenCompose(url -> get(url, index)).thenApply(again -> {
                        if (again.status() == 200) {
                            return named(again, medium, index);
                        }
                        throw gone(again.status());
                    });
                }
                throw failed(
                        "the result at " + Redaction.uri(medium.url()) + " was answered with HTTP " + got.status(),
                        got.status(),
                        null);
            });
        }

        private CompletableFuture<Downloaded> get(URI url, int index) {
            return http.download(new Download(
                            url,
                            folder.resolve("result-" + (index + 1)),
                            options.getMaxDownloadSize(),
                            LONGEST,
                            options.isAllowPrivateUrls(),
                            account.provider()::ownsOrigin))
                    .exceptionally(failure -> {
                        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure;
                        if (cause instanceof HttpGatewayException) {
                            throw failed("the result was not fetched: " + cause.getMessage(), null, cause);
                        }
                        throw new CompletionException(cause);
                    });
        }

        private CompletableFuture<URI> freshUrl(int index) {
            SubmittedTask handle = new SubmittedTask(
                    task.recordId(),
                    Objects.requireNonNull(task.handle(), "a finished task has a handle"),
                    task.operation(),
                    task.model(),
                    null);
            return account.provider()
                    .poll(handle, CallOptions.DEFAULT)
                    .toCompletableFuture()
                    .thenApply(outcome -> {
                        if (outcome instanceof PollOutcome.Succeeded done
                                && done.media().size() > index) {
                            return done.media().get(index).url();
                        }
                        if (outcome instanceof PollOutcome.Trouble trouble) {
                            throw trouble.error()
                                    .withPaid(Paid.YES)
                                    .withRetryable(true)
                                    .at(task.recordId(), task.handle())
                                    .toException();
                        }
                        throw gone(null);
                    });
        }

        private Path named(Downloaded got, Media medium, int index) {
            String suffix = task.media().size() == 1 ? "" : "-" + (index + 1);
            Path target = folder.resolve(baseName + suffix + "." + extension(got, medium));
            try {
                return Files.move(got.file(), target);
            } catch (IOException e) {
                throw new UncheckedIOException("the fetched result can't be named", e);
            }
        }

        private RuntimeException gone(@Nullable Integer status) {
            return GenerationError.of(
                            ErrorCategory.RESULT_GONE,
                            task.provider(),
                            "the task succeeded, but its result is no longer offered by the service")
                    .withPaid(Paid.YES)
                    .withCode(null, status)
                    .at(task.recordId(), task.handle())
                    .toException();
        }

        private RuntimeException failed(String message, @Nullable Integer status, @Nullable Throwable cause) {
            return GenerationError.of(ErrorCategory.SERVICE_UNAVAILABLE, task.provider(), message)
                    .withPaid(Paid.YES)
                    .withRetryable(true)
                    .withCode(null, status)
                    .at(task.recordId(), task.handle())
                    .toException(cause);
        }
    }

    private static String extension(Downloaded got, Media medium) {
        String byType = MimeTypes.extensionFor(got.contentType());
        if (byType != null) {
            return byType;
        }
        String announced = MimeTypes.extensionFor(medium.mimeType());
        if (announced != null) {
            return announced;
        }
        return medium.kind() == MediaKind.VIDEO ? "mp4" : medium.kind() == MediaKind.IMAGE ? "png" : "bin";
    }
}
