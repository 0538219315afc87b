/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.conformance.VirtualLoop;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.CancelOutcome;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.LostSubmission;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.PollOutcome.Trouble;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.RecoveryOutcome;
import io.genvideo.spi.SubmittedTask;
import io.genvideo.spi.TaskPush;
import io.genvideo.spi.TaskSubscription;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A service that responds as a test scripts it, and remembers its requests and their times. The prompt of a request names its
 * {@link TaskScript}; a request without one is accepted and succeeds. The service keeps a ledger: what it has charged is
 * the truth that the journal is held against.
 */
public final class ScriptedProvider implements GenerationProvider {
    public static final String NAME = "scripted";
    public static final Duration POLL_FLOOR = Duration.ofSeconds(2);
    private static final Duration EXPORT_TAKES = Duration.ofSeconds(3);

    private final EventLoop loop;
    private final Map<String, TaskScript> scripts = new LinkedHashMap<>();
    private final Map<String, ServiceTask> tasks = new HashMap<>();
    private final Set<String> cancelled = new HashSet<>();
    private final List<Call> calls = new ArrayList<>();
    private Consumer<Call> listener = call -> {};
    private Duration latency = Duration.ofMillis(20);
    private @Nullable Supplier<CompletionStage<PollOutcome>> everyPoll;
    private boolean remembering = true;
    private boolean streaming;
    private boolean subscribing;
    private boolean stateful;
    private long polls;
    private int tokens;
    /** How often each step was performed, by the state that was journalled for it. */
    private final Map<String, Integer> effects = new LinkedHashMap<>();

    private final Map<String, Instant> exports = new HashMap<>();
    private final Map<String, TaskPush> subscriptions = new LinkedHashMap<>();
    private final List<String> overlaps = new ArrayList<>();
    private int subscriptionsOpened;
    private int subscriptionsClosed;
    private @Nullable Supplier<CompletionStage<RecoveryOutcome>> everyRecovery;

    /** The calls of a provider. */
    public enum Kind {
        PLAN,
        STAGE,
        PREPARE,
        SUBMIT,
        REFRESH,
        POLL,
        RECOVER,
        PERFORM,
        SUBSCRIBE,
        CANCEL
    }

    /** One call. @param name of the script */
    public record Call(Kind kind, String name, Instant at) {
        @Override
        public String toString() {
            return kind.name().toLowerCase() + " " + name;
        }
    }

    /** A task that the service has made, and charged. */
    public record ServiceTask(
            String taskId,
            TaskScript script,
            @Nullable String token,
            @Nullable String session,
            Instant acceptedAt,
            Duration duration) {
        public Instant doneAt() {
            return acceptedAt.plus(duration);
        }
    }

    /** What is journalled with a task: the token of its request, its session, and the step that is under way. */
    public record ServiceState(
            @Nullable String token,
            @Nullable String session,
            @Nullable String step) {
        static final ServiceState NONE = new ServiceState(null, null, null);

        static ServiceState parse(@Nullable String text) {
            if (text == null) {
                return NONE;
            }
            String[] parts = text.split("\\|", -1);
            return parts.length == 3 ? new ServiceState(part(parts[0]), part(parts[1]), part(parts[2])) : NONE;
        }

        private static @Nullable String part(String text) {
            return text.isEmpty() ? null : text;
        }

        String exporting(String taskId) {
            return new ServiceState(token, session, "exporting " + taskId).text();
        }

        String text() {
            return Objects.requireNonNullElse(token, "") + "|" + Objects.requireNonNullElse(session, "") + "|"
                    + Objects.requireNonNullElse(step, "");
        }
    }

    public ScriptedProvider(EventLoop loop) {
        this.loop = loop;
    }

    /** The service has a clock of its own, which nobody sets. */
    private Instant now() {
        return VirtualLoop.START.plus(loop.elapsed());
    }

    /** The script of the requests with this prompt. */
    public TaskScript on(String prompt) {
        return scripts.computeIfAbsent(prompt, p -> new TaskScript(p, this));
    }

    /** How long each answer takes. */
    public void latency(Duration value) {
        latency = value;
    }

    /** Answers every poll with this from now on, whatever the scripts say; {@code null} ends it. */
    public void everyPoll(@Nullable PollOutcome outcome) {
        everyPoll = outcome == null ? null : () -> CompletableFuture.completedFuture(outcome);
    }

    /** The service cannot be reached, or can be again; create calls are refused by the network meanwhile. */
    public void down(boolean down) {
        everyPoll(down ? trouble(Trouble.Kind.UNAVAILABLE, null) : null);
    }

    /** Accounts that are made from now on are reported what happens, where the script says so. */
    public void streaming() {
        streaming = true;
    }

    /** Accounts that are made from now on can subscribe to what happens to their tasks. */
    public void subscribing() {
        subscribing = true;
    }

    /** Requests are prepared with a token of their own from now on, by which the service finds what they have created. */
    public void stateful() {
        stateful = true;
    }

    boolean isStateful() {
        return stateful;
    }

    String nextToken() {
        return "token-" + ++tokens;
    }

    /** Answers every recovery of a lost create call with this, whatever the ledger has; {@code null} ends it. */
    public void everyRecovery(@Nullable RecoveryOutcome outcome) {
        everyRecovery = outcome == null ? null : () -> answer(outcome);
    }

    /** The next and all later recoveries of lost create calls are handled so. */
    public void everyRecoveryBy(Supplier<CompletionStage<RecoveryOutcome>> answer) {
        everyRecovery = answer;
    }

    /** How often each step with effects was performed, by the state that was journalled for it. */
    public Map<String, Integer> effects() {
        return effects;
    }

    /** Where the service pushes what happens to a task. */
    public TaskPush subscription(String name) {
        return Objects.requireNonNull(subscriptions.get(task(name).taskId()), "no subscription to " + name);
    }

    /** Where the service would push now. */
    public List<TaskPush> subscriptionsOpen() {
        return List.copyOf(subscriptions.values());
    }

    public int subscriptionsOpened() {
        return subscriptionsOpened;
    }

    public int subscriptionsClosed() {
        return subscriptionsClosed;
    }

    /** Tasks that were created in a session while another one was at work there. */
    public List<String> overlaps() {
        return overlaps;
    }

    /** Keeps only counts from now on: for very many tasks. */
    public void forgetCalls() {
        remembering = false;
    }

    public void listener(Consumer<Call> value) {
        listener = value;
    }

    public List<Call> calls(Kind kind) {
        return calls.stream().filter(c -> c.kind() == kind).toList();
    }

    /** The times of the polls of one task, since it was accepted. */
    public List<Duration> pollsAt(String name) {
        Instant accepted = task(name).acceptedAt();
        return calls.stream()
                .filter(c -> c.kind() == Kind.POLL && c.name().equals(name))
                .map(c -> Duration.between(accepted, c.at()))
                .toList();
    }

    public int creates() {
        return calls(Kind.SUBMIT).size();
    }

    public long polls() {
        return polls;
    }

    /** Everything that was charged. */
    public List<ServiceTask> ledger() {
        return List.copyOf(tasks.values());
    }

    public ServiceTask task(String name) {
        return tasks.values().stream()
                .filter(t -> t.script().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the service has no task " + name));
    }

    /** The tasks that were cancelled at the service. */
    public List<String> cancelledTasks() {
        return List.copyOf(cancelled);
    }

    /** The task is cancelled at the service. */
    public void cancelAtService(String name) {
        cancelled.add(task(name).taskId());
    }

    @Override
    public CompletionStage<PlannedGeneration> plan(GenerationRequest request, CallOptions options) {
        TaskScript script = on(String.valueOf(request.prompt()));
        called(Kind.PLAN, script.name());
        return script.plan();
    }

    @Override
    public CompletionStage<PollOutcome> poll(SubmittedTask handle, CallOptions options) {
        ServiceTask task = tasks.get(handle.taskId());
        called(Kind.POLL, task == null ? handle.taskId() : task.script().name());
        if (everyPoll != null) {
            return later(everyPoll.get());
        }
        if (task == null) {
            return answer(trouble(Trouble.Kind.UNKNOWN_TASK, null));
        }
        return task.script().poll(this, task, ServiceState.parse(handle.providerState()));
    }

    @Override
    public CompletionStage<PollOutcome> perform(SubmittedTask handle, String action, CallOptions options) {
        ServiceTask task = Objects.requireNonNull(tasks.get(handle.taskId()));
        called(Kind.PERFORM, task.script().name());
        String state = Objects.requireNonNull(handle.providerState());
        return task.script().perform(() -> {
            effects.merge(state, 1, Integer::sum);
            exports.put(task.taskId(), now());
            return truth(task, ServiceState.parse(state));
        });
    }

    @Override
    public CompletionStage<RecoveryOutcome> recover(LostSubmission lost, CallOptions options) {
        called(Kind.RECOVER, lost.recordId());
        if (everyRecovery != null) {
            return everyRecovery.get();
        }
        ServiceState state = ServiceState.parse(lost.providerState());
        if (state.token() == null) {
            return GenerationProvider.super.recover(lost, options);
        }
        return answer(tasks.values().stream()
                .filter(t -> state.token().equals(t.token()))
                .findFirst()
                .<RecoveryOutcome>map(t -> new RecoveryOutcome.Found(t.taskId(), TaskStatus.RUNNING, null, null))
                .orElseGet(() -> new RecoveryOutcome.NotCreated(
                        error(ErrorCategory.SERVICE_UNAVAILABLE, "the service has no task of this token"))));
    }

    @Override
    public @Nullable String serializationKey(String providerState) {
        return ServiceState.parse(providerState).session();
    }

    @Override
    public CompletionStage<TaskSubscription> subscribe(SubmittedTask handle, TaskPush push, CallOptions options) {
        ServiceTask task = Objects.requireNonNull(tasks.get(handle.taskId()));
        called(Kind.SUBSCRIBE, task.script().name());
        return task.script().subscribe(() -> {
            subscriptions.put(task.taskId(), push);
            subscriptionsOpened++;
            return () -> {
                if (subscriptions.remove(task.taskId(), push)) {
                    subscriptionsClosed++;
                    push.ended();
                }
            };
        });
    }

    @Override
    public CompletionStage<CancelOutcome> cancel(SubmittedTask handle, CallOptions options) {
        ServiceTask task = tasks.get(handle.taskId());
        called(Kind.CANCEL, task == null ? handle.taskId() : task.script().name());
        if (task == null) {
            return answer(new CancelOutcome.Refused(error(ErrorCategory.TASK_NOT_FOUND, "no such task")));
        }
        return task.script().cancel(() -> {
            if (!now().isBefore(task.doneAt())) {
                return new CancelOutcome.Refused(error(ErrorCategory.CANCELLED, "the task is done"));
            }
            cancelled.add(task.taskId());
            return new CancelOutcome.Requested();
        });
    }

    @Override
    public boolean ownsOrigin(URI uri) {
        return "media.example".equals(uri.getHost());
    }

    void called(Kind kind, String name) {
        Call call = new Call(kind, name, now());
        if (kind == Kind.POLL) {
            polls++;
        }
        if (remembering) {
            calls.add(call);
        }
        listener.accept(call);
    }

    /** Makes a task and charges it. */
    ServiceTask charge(TaskScript script) {
        String session = script.session();
        tasks.values().stream()
                .filter(t -> session != null && session.equals(t.session()))
                .filter(t -> truth(t, ServiceState.NONE) instanceof PollOutcome.Pending)
                .forEach(t ->
                        overlaps.add(script.name() + " while " + t.script().name() + " was at work in " + session));
        ServiceTask task = new ServiceTask(
                "task-" + (tasks.size() + 1), script, script.token(), session, now(), script.nextDuration());
        tasks.put(task.taskId(), task);
        return task;
    }

    PollOutcome truth(ServiceTask task, ServiceState state) {
        if (cancelled.contains(task.taskId())) {
            return new PollOutcome.Cancelled(error(ErrorCategory.CANCELLED, "cancelled"), null);
        }
        if (now().isBefore(task.doneAt())) {
            return new PollOutcome.Pending(TaskStatus.RUNNING, task.script().progress(), null);
        }
        if (task.script().needsExport()) {
            Instant exported = exports.get(task.taskId());
            if (exported == null) {
                return new PollOutcome.ActionDue("export", state.exporting(task.taskId()));
            }
            if (now().isBefore(exported.plus(EXPORT_TAKES))) {
                return new PollOutcome.Pending(TaskStatus.RUNNING, null, null);
            }
        }
        GenerationError failure = task.script().failure();
        return failure == null
                ? new PollOutcome.Succeeded(List.of(video(task.taskId())), null, Map.of("id", task.taskId()))
                : new PollOutcome.Failed(failure, Map.of("id", task.taskId()));
    }

    void after(Duration delay, Runnable step) {
        loop.schedule(delay, step);
    }

    /** This answer, after the latency. */
    <T> CompletionStage<T> answer(T value) {
        return later(CompletableFuture.completedFuture(value));
    }

    <T> CompletionStage<T> later(CompletionStage<T> stage) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.schedule(
                latency,
                () -> stage.whenComplete((value, failure) -> {
                    if (failure != null) {
                        answer.completeExceptionally(failure);
                    } else {
                        answer.complete(value);
                    }
                }));
        return answer;
    }

    public static Media video(String name) {
        return new Media(
                URI.create("https://media.example/" + name + ".mp4"),
                MediaKind.VIDEO,
                "video/mp4",
                null,
                5.0,
                null,
                null,
                null);
    }

    public static GenerationError error(ErrorCategory category, String message) {
        return GenerationError.of(category, NAME, message);
    }

    /** A failure of a task that the service had accepted, and billed. */
    public static GenerationError paidFailure(String message) {
        return error(ErrorCategory.GENERATION_FAILED, message).withPaid(Paid.YES);
    }

    public static Trouble trouble(Trouble.Kind kind, @Nullable Duration retryAfter) {
        ErrorCategory category = switch (kind) {
            case UNAVAILABLE -> ErrorCategory.SERVICE_UNAVAILABLE;
            case RATE_LIMITED -> ErrorCategory.RATE_LIMITED;
            case UNAUTHORISED -> ErrorCategory.AUTHENTICATION;
            case UNKNOWN_TASK -> ErrorCategory.TASK_NOT_FOUND;
            case UNUSABLE_RESULT -> ErrorCategory.RESULT_GONE;
        };
        return new Trouble(kind, error(category, kind.name()), retryAfter);
    }

    /** An account that this service speaks for. */
    public EngineAccount account(String name) {
        return new EngineAccount(NAME + "/" + name, descriptor(), this);
    }

    private ProviderDescriptor descriptor() {
        return ProviderDescriptor.builder(NAME, "Scripted", "https://service.example")
                .operations(Operation.generations())
                .operations(Operation.CANCEL)
                .streamsCreate(streaming)
                .subscribes(subscribing)
                .pollFloor(POLL_FLOOR)
                .build();
    }
}
