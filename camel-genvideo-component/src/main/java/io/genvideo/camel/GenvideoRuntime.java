/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.EngineSettings;
import io.genvideo.engine.EventLoop;
import io.genvideo.engine.TaskEngine;
import io.genvideo.engine.ThreadedEventLoop;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.HttpGatewaySettings;
import io.genvideo.http.apache.ApacheHttpGateway;
import io.genvideo.model.GenerationTask;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRepository;
import io.genvideo.spi.WebhookAuthentication;
import io.genvideo.spi.WebhookReader;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all endpoints of a started component share: one engine, one timer, one client, one pool. */
final class GenvideoRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GenvideoComponent.class);
    private static final int NAMED_AT_STOP = 50;
    /** Of all accounts; the option {@code maxStreams} is for each. */
    private static final int ALL_STREAMS = 1000;

    private static final int LEAVE_SECONDS = 5;

    private final GenvideoComponent component;
    private final CamelContext context;
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService journalThread;
    private final TaskRepository repository;
    private final HttpGateway http;
    private final AccountRegistry accounts;
    private final TaskEngine engine;
    private final Continuations continuations;
    private final ResultDownloader downloader;
    private final Set<CompletableFuture<?>> unended = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private @Nullable CompletionStage<List<GenerationTask>> stopping;

    GenvideoRuntime(GenvideoComponent component) throws Exception {
        this.component = component;
        context = component.getCamelContext();
        ExecutorServiceManager threads = context.getExecutorServiceManager();
        InstantSource clock = InstantSource.system();
        RandomGenerator random = new SecureRandom();
        // Not from Camel's manager: deadlines of waits that ended must leave the queue at once, not when they are due
        timer = new ScheduledThreadPoolExecutor(1, work -> threads.newThread("GenvideoTimer", work));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        journalThread = threads.newSingleThreadExecutor(component, "GenvideoJournal");
        TaskRepository configured = component.findTaskRepository();
        repository = configured == null ? new MemoryTaskRepository(clock) : configured;
        SSLContextParameters tls = component.getSslContextParameters();
        http = new ApacheHttpGateway(HttpGatewaySettings.builder(timer, random)
                .name(context.getName())
                .maxConnections(component.getMaxConnections())
                .maxStreams(ALL_STREAMS)
                .sslContext(tls == null ? null : tls.createSSLContext(context))
                .proxy(component.getProxyHost(), component.getProxyPort())
                .configurer(component.getHttpClientConfigurer())
                .build());
        accounts = new AccountRegistry(component, http, clock, random);
        EventLoop loop = new ThreadedEventLoop(timer, clock);
        EngineSettings settings = new EngineSettings(
                component.getWatchFor(),
                EngineSettings.DEFAULT.unavailableBudget(),
                EngineSettings.DEFAULT.stopGrace(),
                component.getRetention(),
                component.getKeyRetention());
        TaskOwner owner = TaskOwner.inThisProcess(UUID.randomUUID().toString());
        repository.open(owner);
        engine = new TaskEngine(loop, repository, owner, journalThread, settings, new ProgressLog(), random);
        continuations = new Continuations(component, timer);
        downloader = new ResultDownloader(http);
        engine.start();
        engine.tally().whenComplete((tallies, failure) -> {
            if (failure != null) {
                LOG.warn(
                        "The journal could not be read; open tasks go on once an endpoint uses their account", failure);
            } else {
                // Tasks that an earlier process has left go on, whatever endpoint of their account starts, or none
                tallies.stream()
                        .filter(t -> t.status().isWatched())
                        .map(TaskCount::account)
                        .distinct()
                        .map(accounts::find)
                        .flatMap(Optional::stream)
                        .forEach(engine::use);
            }
        });
    }

    AccountRegistry accounts() {
        return accounts;
    }

    TaskEngine engine() {
        return engine;
    }

    /**
     * How to read what a provider's service sends to a webhook.
     *
     * @throws IllegalArgumentException if it sends nothing that is signed, or the secret is missing or none
     */
    WebhookReader webhooks(String provider) {
        ProviderDescriptor descriptor = accounts.descriptor(provider);
        String title = descriptor.title();
        if (descriptor.webhooks() == WebhookAuthentication.NONE) {
            throw new IllegalArgumentException(
                    title + " sends nothing to webhooks; its tasks are consumed from genvideo:" + provider + "/tasks");
        }
        String secret = component.getWebhookVerifyToken();
        if (secret == null || secret.isBlank()) {
            throw new IllegalArgumentException("the webhook of " + title
                    + " needs the component's option 'webhookVerifyToken', with what the service signs");
        }
        return accounts.webhookReader(
                provider, descriptor.webhooks() == WebhookAuthentication.SIGNATURE ? secret.trim() : null);
    }

    Continuations continuations() {
        return continuations;
    }

    ResultDownloader downloader() {
        return downloader;
    }

    /**
     * What is asked for, or a rejection once this is closed: an engine whose timer is gone ends nothing, and an exchange
     * that comes late must not wait for it.
     */
    @SuppressWarnings("CollectionUndefinedEquality") // one future is meant, not one like it
    <T> CompletionStage<T> untilClosed(CompletionStage<T> asked) {
        CompletableFuture<T> end = new CompletableFuture<>();
        unended.add(end);
        asked.whenComplete((value, failure) -> {
            unended.remove(end);
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
        unended.remove(end);
        end.completeExceptionally(new RejectedExecutionException("the genvideo component is stopped"));
    }

    /** The context stops: every waiting exchange goes back to its source. Returns at once. */
    synchronized void releaseWaits() {
        if (stopping == null) {
            stopping = engine.stop();
        }
    }

    @Override
    public void close() {
        releaseWaits();
        try {
            sayWhatIsLeft(Objects.requireNonNull(stopping)
                    .toCompletableFuture()
                    .get(EngineSettings.DEFAULT.stopGrace().toSeconds() + 5, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("Interrupted while create calls were still under way; their tasks may exist at the service");
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Create calls were still under way at the stop; their tasks may exist at the service", e);
        } finally {
            http.close();
            continuations.close();
            leaveTheJournal();
            timer.shutdownNow();
            closed = true;
            List.copyOf(unended).forEach(this::reject);
            context.getExecutorServiceManager().shutdownGraceful(journalThread);
            repository.close();
        }
    }

    private void leaveTheJournal() {
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

    private void sayWhatIsLeft(List<GenerationTask> left) {
        if (left.isEmpty()) {
            return;
        }
        if (engine.isDurable()) {
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
