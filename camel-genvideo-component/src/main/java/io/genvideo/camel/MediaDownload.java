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
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Media;
import io.genvideo.model.Paid;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmittedTask;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The download of one medium of a task, attempt by attempt. Used by one attempt at a time. */
final class MediaDownload {
    static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    private static final Duration MAX_TRANSFER = Duration.ofHours(1);
    /** Refusals that end by themselves; any other one of the 4xx means that the address does not work any more. */
    private static final Set<Integer> TEMPORARY = Set.of(408, 425, 429);

    /** A media server that fails more often is tried again at a fresh address of the service. */
    private static final int ATTEMPTS_BEFORE_FRESH_ADDRESS = 3;

    private final HttpGateway http;
    private final EngineAccount account;
    private final GenerationTask task;
    private final int index;
    private final GenvideoConfiguration options;
    private final Path folder;
    private final String name;
    private URI address;
    private int attempts;
    private boolean fresh;
    private boolean renew;

    MediaDownload(
            HttpGateway http,
            EngineAccount account,
            GenerationTask task,
            int index,
            GenvideoConfiguration options,
            Path folder,
            String name) {
        this.http = http;
        this.account = account;
        this.task = task;
        this.index = index;
        this.options = options;
        this.folder = folder;
        this.name = name;
        this.address = medium().url();
    }

    GenerationTask task() {
        return task;
    }

    private Media medium() {
        return task.media().get(index);
    }

    CompletableFuture<Path> attempt() {
        attempts++;
        if (!renew) {
            return download();
        }
        return freshAddress().thenCompose(url -> {
            address = url;
            fresh = true;
            renew = false;
            return download();
        });
    }

    private CompletableFuture<Path> download() {
        return http.download(new Download(
                        address,
                        folder.resolve("result-" + (index + 1)),
                        options.getMaxDownloadSize(),
                        MAX_TRANSFER,
                        options.isAllowPrivateUrls(),
                        account.provider()::ownsOrigin))
                .thenApply(this::checked);
    }

    private Path checked(Downloaded got) {
        if (got.status() != 200) {
            throw new BadResponseException(
                    "the result at " + Redaction.uri(address) + " was answered with HTTP " + got.status(),
                    got.status());
        }
        try {
            MediaContent content = MediaContent.of(got.file(), medium(), got.contentType());
            String mismatch = content.mismatch();
            if (mismatch != null) {
                Files.deleteIfExists(got.file());
                throw new BadResponseException(
                        "the result at " + Redaction.uri(address) + " is " + mismatch, got.status());
            }
            return Files.move(got.file(), target(name + "." + content.extension()));
        } catch (IOException e) {
            throw new BadResponseException("the downloaded result could not be stored: " + e, null);
        }
    }

    private Path target(String fileName) {
        try {
            return folder.resolve(fileName);
        } catch (InvalidPathException notInThisLocale) {
            return folder.resolve(FileNames.ascii(fileName));
        }
    }

    private CompletableFuture<URI> freshAddress() {
        SubmittedTask submitted = new SubmittedTask(
                task.recordId(),
                Objects.requireNonNull(task.handle(), "a finished task has a task id"),
                task.operation(),
                task.model(),
                null);
        return account.provider()
                .poll(submitted, CallOptions.DEFAULT)
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

    /**
     * Whether another attempt makes sense after a failed one; prepares it.
     *
     * @param later whether there is time left for a pause before it
     */
    boolean mayRepeat(Throwable failure, boolean later) {
        Throwable cause = unwrapped(failure);
        boolean expired = cause instanceof BadResponseException bad && bad.isExpired();
        // An attempt that was to renew the address and has not is one more that failed
        if (isFinal(cause) || expired && fresh || renew && !later) {
            return false;
        }
        renew = !fresh && (expired || !later || attempts >= ATTEMPTS_BEFORE_FRESH_ADDRESS);
        return later || renew;
    }

    private static boolean isFinal(Throwable cause) {
        return cause instanceof HttpGatewayException gateway
                ? gateway.isPermanent()
                : cause instanceof GenvideoException known
                        ? !known.isRetryable()
                        : !(cause instanceof BadResponseException);
    }

    /** The failure of the last attempt, as a route sees it. */
    Throwable failure(Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof BadResponseException bad) {
            return bad.isExpired() ? gone(bad.status) : unavailable(bad.getMessage(), bad.status, null);
        }
        if (cause instanceof HttpGatewayException gateway) {
            String message = "the result was not downloaded: " + gateway.getMessage();
            return gateway.isPermanent()
                    ? error(ErrorCategory.RESULT_GONE, message).toException(gateway)
                    : unavailable(message, null, gateway);
        }
        return cause;
    }

    private GenvideoException unavailable(
            @Nullable String message, @Nullable Integer status, @Nullable Throwable cause) {
        return error(ErrorCategory.SERVICE_UNAVAILABLE, String.valueOf(message))
                .withRetryable(true)
                .withCode(null, status)
                .toException(cause);
    }

    private GenvideoException gone(@Nullable Integer status) {
        return error(
                        ErrorCategory.RESULT_GONE,
                        "the task succeeded, but its result is no longer offered by the service")
                .withCode(null, status)
                .toException();
    }

    private GenerationError error(ErrorCategory category, String message) {
        return GenerationError.of(category, task.provider(), message)
                .withPaid(Paid.YES)
                .at(task.recordId(), task.handle());
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** A response without the medium. Another attempt may bring it. */
    private static final class BadResponseException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final @Nullable Integer status;

        BadResponseException(String message, @Nullable Integer status) {
            super(message);
            this.status = status;
        }

        boolean isExpired() {
            return status != null && status >= 400 && status < 500 && !TEMPORARY.contains(status);
        }
    }
}
