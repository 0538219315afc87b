/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.JournalExecutors;
import io.genvideo.engine.TaskEngine;
import io.genvideo.engine.ThreadedEventLoop;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.apache.ApacheHttpGateway;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRepository;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ManagementStrategy;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all endpoints of a started component share: one engine, one timer, one client, one pool. A start that fails closes
 * what it has opened.
 */
final class GenvideoRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GenvideoComponent.class);
    private static final int NAMED_AT_STOP = 50;
    private static final int LEAVE_SECONDS = 5;

    private final GenvideoComponent component;
    private final CamelContext context;
    private final TaskRepository repository;
    private final ProviderRegistry providers;
    private final AccountRegistry accounts;
    private final TaskEngine engine;
    private final ExchangeResumer resumer;
    private final ResultDownloader downloader;
    private final RedeliveryMarker redeliveryMarker;
    private final LiveExchanges exchanges = new LiveExchanges();
    private final WorkFolder workFolder;
    private final UploadRoutes uploadRoutes;
    private final ProgressRoutes progressRoutes;
    /** How to close what is open, in that order. */
    private final Deque<Runnable> opened = new ArrayDeque<>();

    private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();
    private boolean running;
    /** Read at the start: the stop must not wait for the repository. */
    private final boolean durable;

    private volatile boolean closed;
    private @Nullable CompletionStage<List<GenerationTask>> stopping;

    GenvideoRuntime(GenvideoComponent component) throws Exception {
        this.component = component;
        context = component.getCamelContext();
        try {
            ThreadPools pools = new ThreadPools(component, opened::push);
            InstantSource clock = InstantSource.system();
            RandomGenerator random = new SecureRandom();
            TaskRepository configured = component.findTaskRepository();
            repository = configured == null ? new MemoryTaskRepository(clock) : configured;
            TaskOwner owner = TaskOwner.inThisProcess(UUID.randomUUID().toString());
            repository.open(owner);
            opened.push(repository::close);
            watchExchanges();
            JournalExecutors journal =
                    new JournalExecutors(pools.journal("GenvideoJournal"), pools.journal("GenvideoLeases"));
            opened.push(this::rejectPending);
            ScheduledThreadPoolExecutor timer = pools.timer();
            opened.push(this::releaseLeases);
            workFolder = new WorkFolder(Path.of(System.getProperty("java.io.tmpdir")));
            opened.push(workFolder::close);
            uploadRoutes = uploadRoutes(pools);
            progressRoutes = progressRoutes(pools);
            resumer = new ExchangeResumer(pools.workers(), timer, pools::spareWorker);
            HttpGateway http = new ApacheHttpGateway(component.httpSettings(timer, random));
            opened.push(http::close);
            providers = new ProviderRegistry(context);
            accounts = new AccountRegistry(
                    component,
                    providers,
                    http,
                    clock,
                    random,
                    configured == null ? "in memory" : configured.getClass().getSimpleName(),
                    repository.isShared());
            downloader = new ResultDownloader(http, timer);
            redeliveryMarker = new RedeliveryMarker(
                    context.getCamelContextExtension().getExchangeFactory().isPooled());
            engine = new TaskEngine(
                    new ThreadedEventLoop(timer, clock),
                    repository,
                    owner,
                    journal,
                    component.engineSettings(),
                    new ProgressLog(),
                    random,
                    pools.preparation());
            durable = engine.isDurable();
            engine.start();
            accounts.whenLimited(engine::shareRequests);
            running = true;
        } catch (Exception | Error e) {
            closeOpened();
            throw e;
        }
        warnIfNotDurable();
        engine.tally().whenComplete(this::resumeOpenTasks);
    }

    private UploadRoutes uploadRoutes(ThreadPools pools) {
        UploadRoutes routes = new UploadRoutes(context, pools.uploads());
        opened.push(routes::close);
        return routes;
    }

    private ProgressRoutes progressRoutes(ThreadPools pools) {
        ProgressRoutes routes = new ProgressRoutes(context, pools.progress());
        opened.push(routes::close);
        return routes;
    }

    private void warnIfNotDurable() {
        if (!durable) {
            LOG.warn(
                    "The journal of tasks is in memory: paid tasks that are open when this process ends are not resumed."
                            + " Set the option 'taskRepository' to keep them.");
        }
    }

    /** Tasks that an earlier process has left are resumed, whatever endpoint of their account starts, or none. */
    private void resumeOpenTasks(@Nullable List<TaskCount> counts, @Nullable Throwable failure) {
        if (counts == null) {
            LOG.warn(
                    "The journal could not be read; open tasks are resumed once an endpoint uses their account",
                    failure);
            return;
        }
        counts.stream()
                .filter(t -> t.status().isWatched() || t.status() == TaskStatus.SUBMITTING)
                .map(TaskCount::account)
                .distinct()
                .map(accounts::openConfigured)
                .flatMap(Optional::stream)
                .forEach(engine::use);
    }

    private void watchExchanges() {
        ServiceHelper.startService(exchanges);
        ManagementStrategy management = context.getManagementStrategy();
        management.addEventNotifier(exchanges);
        opened.push(() -> management.removeEventNotifier(exchanges));
    }

    ProviderRegistry providers() {
        return providers;
    }

    AccountRegistry accounts() {
        return accounts;
    }

    TaskEngine engine() {
        return engine;
    }

    ExchangeResumer resumer() {
        return resumer;
    }

    ResultDownloader downloader() {
        return downloader;
    }

    WorkFolder workFolder() {
        return workFolder;
    }

    UploadRoutes uploadRoutes() {
        return uploadRoutes;
    }

    ProgressRoutes progressRoutes() {
        return progressRoutes;
    }

    /** Where exchanges report what has become of the outcomes that they have received. */
    Settlement.Desk settlements() {
        return new Settlement.Desk(engine, exchanges);
    }

    RedeliveryMarker redeliveryMarker() {
        return redeliveryMarker;
    }

    /**
     * The same stage, except that it is rejected when this is closed: an engine without a timer completes nothing, and an
     * exchange that comes late must not wait for it.
     */
    @SuppressWarnings("CollectionUndefinedEquality") // one future is meant, not one like it
    <T> CompletionStage<T> untilClosed(CompletionStage<T> asked) {
        CompletableFuture<T> end = new CompletableFuture<>();
        pending.add(end);
        asked.whenComplete((value, failure) -> {
            pending.remove(end);
            if (failure != null) {
                end.completeExceptionally(failure);
            } else {
                end.complete(value);
            }
        });
        if (closed) {
            reject(end);
        }
        return end;
    }

    @SuppressWarnings("CollectionUndefinedEquality")
    private void reject(CompletableFuture<?> end) {
        pending.remove(end);
        end.completeExceptionally(new RejectedExecutionException("the genvideo component is stopped"));
    }

    /** The context stops: every waiting exchange goes back to its source. Returns at once. */
    synchronized void releaseWaits() {
        if (stopping == null) {
            if (!pending.isEmpty()) {
                LOG.info("{} waiting exchanges go back to their sources, because the context stops", pending.size());
            }
            stopping = engine.stop();
            downloader.stop();
            progressRoutes.stop();
        }
    }

    @Override
    public void close() {
        releaseWaits();
        try {
            logOpenTasks(Objects.requireNonNull(stopping)
                    .toCompletableFuture()
                    .get(component.engineSettings().stopGrace().toSeconds() + 5, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("Interrupted while create calls were still under way; their tasks may exist at the service");
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Create calls were still under way at the stop; their tasks may exist at the service", e);
        } finally {
            closeOpened();
        }
    }

    /** The client first and the journal last, so that what exchanges do meanwhile is still journalled. */
    private void closeOpened() {
        while (!opened.isEmpty()) {
            Runnable close = opened.pop();
            try {
                close.run();
            } catch (RuntimeException e) {
                LOG.warn("A part of the genvideo component could not be closed", e);
            }
        }
    }

    private void rejectPending() {
        closed = true;
        List.copyOf(pending).forEach(this::reject);
    }

    private void releaseLeases() {
        if (!running) {
            return;
        }
        try {
            engine.release().toCompletableFuture().get(LEAVE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "The leases of open tasks could not be ended; the next start takes them up when they have lapsed",
                    e);
        }
    }

    private void logOpenTasks(List<GenerationTask> left) {
        if (left.isEmpty()) {
            return;
        }
        if (durable) {
            LOG.info("{} tasks go on at their services and are watched again after the start", left.size());
            return;
        }
        LOG.warn(
                "{} paid tasks go on at their services, and the journal in memory ends with this process. Their results"
                        + " can be had with the operation 'result'; the same message sent again pays again.",
                left.size());
        left.stream()
                .limit(NAMED_AT_STOP)
                .forEach(t -> LOG.warn(
                        "Left at {}: task {}, model {}, reference {} [record {}]",
                        t.provider(),
                        t.handle() == null ? "not known, its create call was not answered" : t.handle(),
                        t.model(),
                        t.reference(),
                        t.recordId()));
        if (left.size() > NAMED_AT_STOP) {
            LOG.warn("Left too: {} more", left.size() - NAMED_AT_STOP);
        }
    }
}
