/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.EngineAccount;
import io.genvideo.engine.Outcome;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Media;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.WaitReleasedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.util.FileUtil;
import org.jspecify.annotations.Nullable;

/** Writes the outcome of a wait to the exchange, and settles it with the engine when the exchange has ended. */
final class ResultWriter {
    private final EngineAccount account;
    private final GenvideoConfiguration options;
    private final Settlement.Desk settlements;
    private final ResultDownloader downloader;
    private final WorkFolder workFolder;

    ResultWriter(
            EngineAccount account,
            GenvideoConfiguration options,
            Settlement.Desk settlements,
            ResultDownloader downloader,
            WorkFolder workFolder) {
        this.account = account;
        this.options = options;
        this.settlements = settlements;
        this.downloader = downloader;
        this.workFolder = workFolder;
    }

    /** An outcome with its files, if the option {@code download} is set. */
    record Delivery(Outcome outcome, List<GeneratedFile> files) {}

    /** The exchange has a finished task, but not its files. */
    private static final class NotDownloadedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String recordId;
        private final boolean owned;

        NotDownloadedException(String recordId, boolean owned, Throwable cause) {
            super(cause);
            this.recordId = recordId;
            this.owned = owned;
        }
    }

    /** As {@link #download}, for an exchange that waits: a failure is written by {@link #writeFailure}. */
    CompletionStage<Delivery> fetch(Exchange exchange, Outcome outcome, Duration retryFor) {
        return download(exchange, outcome, retryFor).exceptionally(failure -> {
            throw new NotDownloadedException(outcome.task().recordId(), outcome.owned(), unwrapped(failure));
        });
    }

    /**
     * Downloads the files that belong to an outcome, if they are wanted. Any thread; does not touch the message.
     *
     * @param retryFor how long failed downloads are repeated
     */
    CompletionStage<Delivery> download(Exchange exchange, Outcome outcome, Duration retryFor) {
        GenerationTask task = outcome.task();
        if (!options.isDownload() || task.status() != TaskStatus.SUCCEEDED) {
            return CompletableFuture.completedFuture(new Delivery(outcome, List.of()));
        }
        try {
            return downloader
                    .fetch(account, task, options, workFolder.newFiles(exchange), fileName(exchange, task), retryFor)
                    .thenApply(files -> new Delivery(outcome, files));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new UncheckedIOException("no folder for the result", e));
        }
    }

    private static String fileName(Exchange exchange, GenerationTask task) {
        String incoming = exchange.getMessage().getHeader(Exchange.FILE_NAME_ONLY, String.class);
        String name = incoming != null ? incoming : exchange.getMessage().getHeader(Exchange.FILE_NAME, String.class);
        String base = name == null ? null : FileUtil.onlyName(FileUtil.stripPath(name), true);
        for (String wanted : new @Nullable String[] {base, task.handle()}) {
            String clean = wanted == null ? null : FileNames.segment(wanted);
            if (clean != null) {
                return clean;
            }
        }
        return task.recordId();
    }

    /** @param holder the record id that was given to the engine with the call */
    void write(Exchange exchange, Delivery delivery, String holder) {
        if (delivery.outcome().owned()) {
            settlements.received(exchange, delivery.outcome().task().recordId(), holder);
        }
        fill(exchange, delivery);
    }

    /** The outcome as a message: the task or its files, headers, and the task as a property. */
    static void fill(Exchange exchange, Delivery delivery) {
        GenerationTask task = delivery.outcome().task();
        exchange.setProperty(GenvideoConstants.TASK_PROPERTY, task);
        Message out = exchange.getMessage();
        writeHeaders(out, task);
        out.setHeader(GenvideoConstants.REPLAYED, delivery.outcome().replayed());
        List<GeneratedFile> files = delivery.files();
        if (files.isEmpty()) {
            out.setBody(task);
        } else {
            String incoming = FileUtil.onlyPath(out.getHeader(Exchange.FILE_NAME, "", String.class));
            String folder = incoming == null ? null : FileNames.path(incoming);
            String name = files.get(0).getName();
            out.setHeader(Exchange.FILE_NAME, folder == null ? name : folder + "/" + name);
            out.setBody(files.size() == 1 ? files.get(0) : files);
        }
    }

    static void writeHeaders(Message out, GenerationTask task) {
        out.setHeader(GenvideoConstants.TASK_ID, task.handle());
        out.setHeader(GenvideoConstants.RECORD_ID, task.recordId());
        out.setHeader(GenvideoConstants.STATUS, task.status().name());
        out.setHeader(GenvideoConstants.PROVIDER, task.provider());
        set(out, GenvideoConstants.MODEL_USED, task.model());
        set(out, GenvideoConstants.CREDITS, task.credits());
        set(out, GenvideoConstants.REFERENCE, task.reference());
        out.setHeader(GenvideoConstants.MEDIA_COUNT, task.media().size());
        Media first = task.media().isEmpty() ? null : task.media().get(0);
        set(out, GenvideoConstants.URL, first == null ? null : first.url().toString());
        set(
                out,
                GenvideoConstants.COVER_URL,
                first == null || first.cover() == null ? null : first.cover().toString());
        set(
                out,
                GenvideoConstants.ELAPSED_MILLIS,
                task.finishedAt() == null
                        ? null
                        : Duration.between(task.createdAt(), task.finishedAt()).toMillis());
    }

    /** A header of an earlier step must not stand for this one. */
    static void set(Message out, String name, @Nullable Object value) {
        if (value == null) {
            out.removeHeader(name);
        } else {
            out.setHeader(name, value);
        }
    }

    /** A failure of something that has no outcome to settle. */
    void writeFailure(Exchange exchange, Throwable failure) {
        writeFailure(exchange, failure, null);
    }

    /** @param holder the record id that was given to the engine with the call; {@code null} if it was not called */
    void writeFailure(Exchange exchange, Throwable failure, @Nullable String holder) {
        Throwable cause = unwrapped(failure);
        boolean isOutcome = true;
        if (cause instanceof NotDownloadedException notDownloaded) {
            isOutcome = false;
            cause = Objects.requireNonNull(notDownloaded.getCause(), "has a cause");
            if (notDownloaded.owned && holder != null) {
                settlements.notReceived(exchange, notDownloaded.recordId, holder);
            }
        }
        String recordId = null;
        String handle = null;
        if (cause instanceof GenvideoException known) {
            known.setLocale(Locale.forLanguageTag(options.getLanguage()));
            recordId = known.getRecordId();
            handle = known.getHandle();
        } else if (cause instanceof WaitReleasedException released) {
            recordId = released.getRecordId();
            handle = released.getHandle();
        }
        if (recordId != null) {
            exchange.getMessage().setHeader(GenvideoConstants.RECORD_ID, recordId);
        }
        if (handle != null) {
            exchange.getMessage().setHeader(GenvideoConstants.TASK_ID, handle);
        }
        // A wait that was over has had no outcome, whatever becomes of the exception: a later result is for a consumer
        boolean ended =
                isOutcome && cause instanceof GenvideoException && !(cause instanceof GenerationTimeoutException);
        if (ended && recordId != null && handle != null && holder != null) {
            settlements.failed(exchange, recordId, holder, cause);
        }
        exchange.setException(cause);
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
