/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.EngineAccount;
import io.genvideo.engine.Outcome;
import io.genvideo.engine.TaskEngine;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Media;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.WaitReleasedException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.util.FileUtil;
import org.jspecify.annotations.Nullable;

/** Puts what came of a wait on the exchange, and tells the engine whether the exchange could use it. */
final class ResultWriter {
    private final EngineAccount account;
    private final GenvideoConfiguration options;
    private final TaskEngine engine;
    private final ResultDownloader downloader;

    ResultWriter(EngineAccount account, GenvideoConfiguration options, TaskEngine engine, ResultDownloader downloader) {
        this.account = account;
        this.options = options;
        this.engine = engine;
        this.downloader = downloader;
    }

    /** An outcome with its files, if they are wanted. */
    record Delivery(Outcome outcome, List<Path> files) {}

    /** Fetches the files that belong to an outcome. Any thread; does not touch the message. */
    CompletionStage<Delivery> fetch(Exchange exchange, Outcome outcome) {
        GenerationTask task = outcome.task();
        if (!options.isDownload() || task.status() != TaskStatus.SUCCEEDED) {
            return CompletableFuture.completedFuture(new Delivery(outcome, List.of()));
        }
        try {
            Path folder = ExchangeFiles.of(exchange).folder();
            return downloader
                    .fetch(account, task, options, folder, fileName(exchange, task))
                    .thenApply(files -> new Delivery(outcome, files));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new UncheckedIOException("no folder for the result", e));
        }
    }

    private static String fileName(Exchange exchange, GenerationTask task) {
        String incoming = exchange.getMessage().getHeader(Exchange.FILE_NAME_ONLY, String.class);
        String name = incoming != null ? incoming : exchange.getMessage().getHeader(Exchange.FILE_NAME, String.class);
        String base = name == null ? "" : FileUtil.onlyName(FileUtil.stripPath(name), true);
        String wanted = base == null || base.isBlank() ? String.valueOf(task.handle()) : base;
        // A task id comes from the service: it must not leave the folder
        return wanted.replaceAll("[/\\\\:\\p{Cntrl}]", "_");
    }

    void write(Exchange exchange, Delivery delivery) {
        if (delivery.outcome().owned()) {
            settleWhenDone(exchange, delivery.outcome().task().recordId());
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
        List<File> files = delivery.files().stream().map(Path::toFile).toList();
        if (files.isEmpty()) {
            out.setBody(task);
        } else {
            String folder = FileUtil.onlyPath(out.getHeader(Exchange.FILE_NAME, "", String.class));
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

    void writeFailure(Exchange exchange, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
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
        if (recordId != null && handle != null && cause instanceof GenvideoException) {
            settleWhenDone(exchange, recordId);
        }
        exchange.setException(cause);
    }

    private void settleWhenDone(Exchange exchange, String recordId) {
        Settlement settlement = new Settlement(engine, recordId);
        if (!exchange.getExchangeExtension().containsOnCompletion(settlement)) {
            exchange.getExchangeExtension().addOnCompletion(settlement);
        }
    }

    /** Tells the engine once how an exchange ended, however many of its attempts had to do with the record. */
    private static final class Settlement extends SynchronizationAdapter {
        private final TaskEngine engine;
        private final String recordId;

        Settlement(TaskEngine engine, String recordId) {
            this.engine = engine;
            this.recordId = recordId;
        }

        @Override
        public void onComplete(Exchange done) {
            engine.settle(recordId, true);
        }

        @Override
        public void onFailure(Exchange failed) {
            engine.settle(recordId, false);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Settlement that && that.engine == engine && that.recordId.equals(recordId);
        }

        @Override
        public int hashCode() {
            return recordId.hashCode();
        }
    }
}
