/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.Credits;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.CancelOutcome;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.OwnOperation;
import io.genvideo.spi.OwnOperationCall;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ProviderDescriptor.CredentialSpec;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SettingSpec;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import io.genvideo.spi.WebhookAuthentication;
import io.genvideo.spi.WebhookEvent;
import io.genvideo.spi.WebhookReader;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A service of the tests, in memory, with what no built-in provider has yet: operations and settings of its own, cancel, and
 * webhooks that are not signed. A task runs until {@link #finish} or a cancel.
 */
final class StudioService implements GenerationProviderFactory {
    static final String NAME = "studio";

    private final List<ProviderContext> accounts = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final Queue<OwnOperationCall> ownCalls = new ConcurrentLinkedQueue<>();
    private final Collection<Duration> timeouts = new ConcurrentLinkedQueue<>();
    private final Map<String, Double> fractions = new ConcurrentHashMap<>();
    private final Set<String> finished = ConcurrentHashMap.newKeySet();
    private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    private final AtomicInteger created = new AtomicInteger();
    private final AtomicInteger polls = new AtomicInteger();
    volatile boolean refusesCancel;

    @Override
    public ProviderDescriptor descriptor() {
        return ProviderDescriptor.builder(NAME, "Studio", "https://studio.example.com")
                .operations(
                        Operation.TEXT_TO_VIDEO, Operation.TASK, Operation.RESULT, Operation.CANCEL, Operation.CREDITS)
                .ownOperations(
                        new OwnOperation("chat", "Sends a message to a session."),
                        new OwnOperation("film_state", "Returns the state of a session."))
                .credentials(new CredentialSpec(
                        "apiKey", List.of("STUDIO_API_KEY_OF_TESTS"), true, "Get a key from the studio."))
                .settings(
                        new SettingSpec("attribution", "Name of the calling application; default camel.", "camel"),
                        new SettingSpec("region", "Region of the service.", null))
                .webhooks(WebhookAuthentication.PATH_TOKEN)
                .build();
    }

    /** The account of each provider instance, in the order of their creation. */
    List<ProviderContext> accounts() {
        return accounts;
    }

    Queue<OwnOperationCall> ownCalls() {
        return ownCalls;
    }

    /** The request timeout of each call. */
    Collection<Duration> timeouts() {
        return timeouts;
    }

    int created() {
        return created.get();
    }

    int polls() {
        return polls.get();
    }

    Set<String> cancelled() {
        return cancelled;
    }

    /** Reports how far a task is, 0 to 1. */
    void progress(String taskId, double fraction) {
        fractions.put(taskId, fraction);
    }

    void finish(String taskId) {
        finished.add(taskId);
    }

    @Override
    public GenerationProvider create(ProviderContext context) {
        accounts.add(context);
        return new Provider();
    }

    @Override
    public WebhookReader webhookReader(String secret, InstantSource clock) {
        if (secret != null) {
            throw new IllegalArgumentException("requests are not signed");
        }
        return (header, body) -> {
            String taskId = new String(body, StandardCharsets.UTF_8);
            return new WebhookEvent.Genuine(taskId + System.nanoTime(), taskId);
        };
    }

    private final class Provider implements GenerationProvider {

        @Override
        public CompletionStage<PlannedGeneration> plan(GenerationRequest request, CallOptions options) {
            timeouts.add(options.requestTimeout());
            return CompletableFuture.completedStage(new Plan());
        }

        @Override
        public CompletionStage<PollOutcome> poll(SubmittedTask task, CallOptions options) {
            polls.incrementAndGet();
            if (finished.contains(task.taskId())) {
                Media video = new Media(
                        URI.create("https://studio.example.com/" + task.taskId() + ".mp4"),
                        MediaKind.VIDEO,
                        "video/mp4",
                        null,
                        null,
                        null,
                        null,
                        null);
                return CompletableFuture.completedStage(new PollOutcome.Succeeded(List.of(video), null, Map.of()));
            }
            if (cancelled.contains(task.taskId())) {
                return CompletableFuture.completedStage(new PollOutcome.Cancelled(
                        GenerationError.of(ErrorCategory.CANCELLED, NAME, "the task was cancelled"), null));
            }
            return CompletableFuture.completedStage(
                    new PollOutcome.Pending(TaskStatus.RUNNING, fractions.get(task.taskId()), null));
        }

        @Override
        public CompletionStage<CancelOutcome> cancel(SubmittedTask task, CallOptions options) {
            timeouts.add(options.requestTimeout());
            if (refusesCancel) {
                return CompletableFuture.completedStage(new CancelOutcome.Refused(
                        GenerationError.of(ErrorCategory.INVALID_REQUEST, NAME, "a running task can't be cancelled")));
            }
            cancelled.add(task.taskId());
            return CompletableFuture.completedStage(new CancelOutcome.Requested());
        }

        @Override
        public CompletionStage<Credits> credits(CallOptions options) {
            timeouts.add(options.requestTimeout());
            return CompletableFuture.failedStage(
                    GenerationError.of(ErrorCategory.SERVICE_UNAVAILABLE, NAME, "the balance is not known now")
                            .toException());
        }

        @Override
        public CompletionStage<Object> invoke(OwnOperationCall call, CallOptions options) {
            ownCalls.add(call);
            timeouts.add(options.requestTimeout());
            if (call.operation().equals("film_state")) {
                return CompletableFuture.completedStage(null);
            }
            return call.parameters().containsKey("fail")
                    ? CompletableFuture.failedStage(
                            GenerationError.of(ErrorCategory.CONTENT_REJECTED, NAME, "the session rejects this")
                                    .toException())
                    : CompletableFuture.completedStage("heard: " + call.body());
        }

        @Override
        public boolean ownsOrigin(URI uri) {
            return false;
        }
    }

    private final class Plan implements PlannedGeneration, ReadyGeneration {
        @Override
        public String model() {
            return "studio-1";
        }

        @Override
        public BigDecimal credits() {
            return BigDecimal.ONE;
        }

        @Override
        public ExpectedTime expectedTime() {
            return new ExpectedTime(Duration.ofSeconds(10), Duration.ofSeconds(20));
        }

        @Override
        public CompletionStage<ReadyGeneration> stage() {
            return CompletableFuture.completedStage(this);
        }

        @Override
        public PlannedGeneration plan() {
            return this;
        }

        @Override
        public CompletionStage<SubmitOutcome> submit() {
            return CompletableFuture.completedStage(new SubmitOutcome.Accepted(
                    "studio-task-" + created.incrementAndGet(), TaskStatus.RUNNING, null, null));
        }

        @Override
        public CompletionStage<ReadyGeneration> refresh() {
            return stage();
        }
    }
}
