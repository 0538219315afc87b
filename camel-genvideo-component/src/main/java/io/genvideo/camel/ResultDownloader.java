/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.EngineAccount;
import io.genvideo.http.HttpGateway;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.WaitReleasedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Downloads the media of tasks to disk (docs/design.md section 7). A download that fails is repeated while the exchange
 * waits, then a fresh address is read from the service; a paid result is not given up for one bad response.
 */
final class ResultDownloader {
    private final HttpGateway http;
    private final ScheduledExecutorService timer;
    private final Set<Pause> pauses = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    ResultDownloader(HttpGateway http, ScheduledExecutorService timer) {
        this.http = http;
        this.timer = timer;
    }

    /**
     * @param files where they go; kept until the download has ended
     * @param baseName of the files, without extension
     * @param retryFor how long failed downloads are repeated; zero for no repetition
     * @return the files in the order of the media; fails with a {@link io.genvideo.model.GenvideoException} that is paid
     */
    CompletionStage<List<GeneratedFile>> fetch(
            EngineAccount account,
            GenerationTask task,
            GenvideoConfiguration options,
            ExchangeFiles files,
            String baseName,
            Duration retryFor) {
        long startNanos = System.nanoTime();
        CompletableFuture<List<GeneratedFile>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (int i = 0; i < task.media().size(); i++) {
            String name = task.media().size() == 1 ? baseName : baseName + "-" + (i + 1);
            MediaDownload download = new MediaDownload(http, account, task, i, options, files.folder(), name);
            all = all.thenCompose(done -> attempt(download, startNanos, retryFor, MediaDownload.FIRST_PAUSE)
                    .thenApply(path -> {
                        done.add(new GeneratedFile(path, files, task));
                        return done;
                    }));
        }
        return all;
    }

    private CompletableFuture<Path> attempt(
            MediaDownload download, long startNanos, Duration retryFor, Duration pause) {
        return download.attempt()
                .handle((path, failure) -> {
                    if (path != null) {
                        return CompletableFuture.completedFuture(path);
                    }
                    Duration left = retryFor.minusNanos(System.nanoTime() - startNanos);
                    boolean later = pause.compareTo(left) < 0;
                    if (!download.mayRepeat(failure, later)) {
                        return CompletableFuture.<Path>failedFuture(download.failure(failure));
                    }
                    Duration next = pause.multipliedBy(2);
                    Duration nextPause = next.compareTo(MediaDownload.MAX_PAUSE) < 0 ? next : MediaDownload.MAX_PAUSE;
                    return pause(download, later ? pause : Duration.ZERO)
                            .thenCompose(over -> attempt(download, startNanos, retryFor, nextPause));
                })
                .thenCompose(next -> next);
    }

    private CompletableFuture<Void> pause(MediaDownload download, Duration length) {
        Pause pause = new Pause(download);
        pauses.add(pause);
        try {
            Future<?> wakeUp = timer.schedule(() -> pause.complete(null), length.toMillis(), TimeUnit.MILLISECONDS);
            pause.whenComplete((over, released) -> {
                pauses.remove(pause);
                wakeUp.cancel(false);
            });
        } catch (RejectedExecutionException closed) {
            pause.release();
        }
        if (stopping) {
            pause.release();
        }
        return pause;
    }

    /** The component stops: exchanges that wait for a repetition go back to their sources. */
    void stop() {
        stopping = true;
        List.copyOf(pauses).forEach(Pause::release);
    }

    private static final class Pause extends CompletableFuture<Void> {
        private final MediaDownload download;

        Pause(MediaDownload download) {
            this.download = download;
        }

        void release() {
            GenerationTask task = download.task();
            completeExceptionally(new WaitReleasedException(
                    "the component stops before the result could be downloaded", task.recordId(), task.handle()));
        }
    }
}
