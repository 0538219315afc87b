/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.engine.ScriptedProvider.Kind;
import io.genvideo.engine.ScriptedProvider.ServiceState;
import io.genvideo.engine.ScriptedProvider.ServiceTask;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CancelOutcome;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.TaskPush;
import io.genvideo.spi.TaskSubscription;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link ScriptedProvider} answers about one kind of request. Answers that are queued are given one after the other;
 * after the last one the service behaves: it accepts, works for {@link #takes} and succeeds.
 */
public final class TaskScript {
    private final String name;
    private final ScriptedProvider service;
    private final ArrayDeque<RuntimeException> planFailures = new ArrayDeque<>();
    private final ArrayDeque<RuntimeException> stageFailures = new ArrayDeque<>();
    private final ArrayDeque<Supplier<CompletionStage<SubmitOutcome>>> creates = new ArrayDeque<>();
    private final ArrayDeque<Supplier<CompletionStage<PollOutcome>>> polls = new ArrayDeque<>();
    private @Nullable BigDecimal price = BigDecimal.TEN;
    private @Nullable BigDecimal freshPrice = BigDecimal.TEN;
    private ExpectedTime expected = new ExpectedTime(Duration.ofSeconds(30), Duration.ofSeconds(60));
    private final ArrayDeque<RuntimeException> prepareFailures = new ArrayDeque<>();
    private final ArrayDeque<Function<Supplier<PollOutcome>, CompletionStage<PollOutcome>>> performs =
            new ArrayDeque<>();
    private final ArrayDeque<RuntimeException> subscribeFailures = new ArrayDeque<>();
    private final ArrayDeque<CancelOutcome> cancels = new ArrayDeque<>();
    private boolean cancelNever;
    private boolean subscriptionsEndAtOnce;
    private boolean needsExport;
    private @Nullable Double progress;
    private @Nullable String session;
    private @Nullable String token;
    private @Nullable Error modelFailure;
    private Supplier<Duration> duration = () -> Duration.ofSeconds(40);
    private @Nullable GenerationError failure;
    private @Nullable TaskPush push;
    private @Nullable Duration submitTimeout;

    TaskScript(String name, ScriptedProvider service) {
        this.name = name;
        this.service = service;
    }

    public String name() {
        return name;
    }

    @Nullable
    GenerationError failure() {
        return failure;
    }

    Duration nextDuration() {
        return duration.get();
    }

    /** How long a create call may take, if that is longer than the request time-out. */
    public TaskScript submitTimeout(Duration value) {
        submitTimeout = value;
        return this;
    }

    /** Works in this session of the service, in which one task at a time may be. */
    public TaskScript session(@Nullable String value) {
        session = value;
        return this;
    }

    @Nullable
    String session() {
        return session;
    }

    /** Of the latest request that was prepared. */
    @Nullable
    String token() {
        return token;
    }

    /** The work is done only after an export, which the engine has to perform. */
    public TaskScript exports() {
        needsExport = true;
        return this;
    }

    boolean needsExport() {
        return needsExport;
    }

    /** The progress that the service reports while the task runs. */
    public TaskScript progress(@Nullable Double value) {
        progress = value;
        return this;
    }

    @Nullable
    Double progress() {
        return progress;
    }

    public TaskScript prepareFails(RuntimeException cause) {
        prepareFailures.add(cause);
        return this;
    }

    /** The next step has its effect, and its answer is lost. */
    public TaskScript performLost() {
        performs.add(effect -> {
            effect.get();
            return service.later(CompletableFuture.failedFuture(new IllegalArgumentException("read timed out")));
        });
        return this;
    }

    /** The next step does not reach the service. */
    public TaskScript performFails() {
        performs.add(effect ->
                service.later(CompletableFuture.failedFuture(new IllegalArgumentException("connection refused"))));
        return this;
    }

    /** The next step has its effect at once, and is never answered. */
    public TaskScript performHangs() {
        performs.add(effect -> {
            effect.get();
            return new CompletableFuture<>();
        });
        return this;
    }

    public TaskScript subscribeFails(RuntimeException cause) {
        subscribeFailures.add(cause);
        return this;
    }

    /** The next request to cancel is answered so, and has no effect. */
    public TaskScript cancel(CancelOutcome outcome) {
        cancels.add(outcome);
        return this;
    }

    /** Each subscription has ended before its opening is known. */
    public TaskScript subscriptionsEndAtOnce() {
        subscriptionsEndAtOnce = true;
        return this;
    }

    /** Requests to cancel are not answered. */
    public TaskScript cancelNever() {
        cancelNever = true;
        return this;
    }

    CompletionStage<PollOutcome> perform(Supplier<PollOutcome> effect) {
        Function<Supplier<PollOutcome>, CompletionStage<PollOutcome>> next = performs.poll();
        return next == null ? service.answer(effect.get()) : next.apply(effect);
    }

    CompletionStage<TaskSubscription> subscribe(Supplier<TaskSubscription> opened) {
        RuntimeException cause = subscribeFailures.poll();
        if (cause == null && subscriptionsEndAtOnce) {
            TaskSubscription open = opened.get();
            open.close();
            return service.answer(open);
        }
        return cause == null ? service.answer(opened.get()) : service.later(CompletableFuture.failedFuture(cause));
    }

    CompletionStage<CancelOutcome> cancel(Supplier<CancelOutcome> effect) {
        if (cancelNever) {
            return new CompletableFuture<>();
        }
        CancelOutcome next = cancels.poll();
        return service.answer(next == null ? effect.get() : next);
    }

    /** What a create call costs, by the catalogue that is read first. */
    public TaskScript price(@Nullable String credits) {
        price = credits == null ? null : new BigDecimal(credits);
        freshPrice = price;
        return this;
    }

    /** What it costs by a catalogue that is read again. */
    public TaskScript freshPrice(@Nullable String credits) {
        freshPrice = credits == null ? null : new BigDecimal(credits);
        return this;
    }

    public TaskScript expected(Duration least, Duration most) {
        expected = new ExpectedTime(least, most);
        return this;
    }

    public TaskScript takes(Duration value) {
        return takes(() -> value);
    }

    public TaskScript takes(Supplier<Duration> value) {
        duration = value;
        return this;
    }

    /** The task is accepted, and fails in the end. */
    public TaskScript failsWith(@Nullable GenerationError error) {
        failure = error;
        return this;
    }

    public TaskScript planFails(RuntimeException cause) {
        planFailures.add(cause);
        return this;
    }

    public TaskScript stageFails(RuntimeException cause) {
        stageFailures.add(cause);
        return this;
    }

    /** The next create call is answered so. An {@link SubmitOutcome.Accepted} here charges nothing. */
    public TaskScript create(SubmitOutcome outcome) {
        return create(() -> service.answer(outcome));
    }

    /** The next create call is handled so. */
    public TaskScript create(Supplier<CompletionStage<SubmitOutcome>> answer) {
        creates.add(answer);
        return this;
    }

    /** The next create call is accepted and charged. */
    public TaskScript createAccepted() {
        return create(() -> service.answer(accept()));
    }

    /** The next create call is charged, and its answer is lost. */
    public TaskScript createLost() {
        return create(() -> {
            accept();
            return service.answer(new SubmitOutcome.Unknown(
                    ScriptedProvider.error(ErrorCategory.SERVICE_UNAVAILABLE, "read timed out")));
        });
    }

    /** The next create call is charged, and never answered. */
    public TaskScript createNeverAnswered() {
        return create(() -> {
            accept();
            return new CompletableFuture<>();
        });
    }

    /** The next create call is charged and answered after this time, which may be longer than it is waited for. */
    public TaskScript createAfter(Duration delay) {
        return create(() -> {
            CompletableFuture<SubmitOutcome> answer = new CompletableFuture<>();
            service.after(delay, () -> answer.complete(accept()));
            return answer;
        });
    }

    /** The next create call ends in an exception; nobody knows whether it was charged. */
    public TaskScript createThrows(RuntimeException cause) {
        return create(() -> service.later(CompletableFuture.failedFuture(cause)));
    }

    /** The next create call is answered when the test decides. */
    public Held createHeld() {
        Held held = new Held();
        create(() -> held.answer);
        return held;
    }

    /** Where the latest create call wants to be reported what happens. */
    public TaskPush push() {
        return Objects.requireNonNull(push, "no create call with a stream");
    }

    /** Whether the latest create call has opened a stream. */
    public boolean isStreamed() {
        return push != null;
    }

    /** The next poll of the task is answered so. */
    public TaskScript poll(PollOutcome outcome) {
        polls.add(() -> service.answer(outcome));
        return this;
    }

    /** The next poll of the task ends in an exception. */
    public TaskScript pollThrows(RuntimeException cause) {
        polls.add(() -> service.later(CompletableFuture.failedFuture(cause)));
        return this;
    }

    /** The next poll of the task is handled so. */
    public TaskScript poll(Supplier<CompletionStage<PollOutcome>> answer) {
        polls.add(answer);
        return this;
    }

    /** Create calls are accepted from now on. */
    public void forgetCreates() {
        creates.clear();
    }

    /** Polls are answered truthfully from now on. */
    public void forgetPolls() {
        polls.clear();
    }

    /** The response to a create call that the test gives at any time. */
    public final class Held {
        private final CompletableFuture<SubmitOutcome> answer = new CompletableFuture<>();

        public void accept() {
            answer.complete(TaskScript.this.accept());
        }

        public void answer(SubmitOutcome outcome) {
            answer.complete(outcome);
        }
    }

    private SubmitOutcome.Accepted accept() {
        return new SubmitOutcome.Accepted(service.charge(this).taskId(), TaskStatus.QUEUED, null, null);
    }

    CompletionStage<PlannedGeneration> plan() {
        RuntimeException cause = planFailures.poll();
        return cause == null ? service.answer(new Plan(price)) : service.later(CompletableFuture.failedFuture(cause));
    }

    CompletionStage<PollOutcome> poll(ScriptedProvider provider, ServiceTask task, ServiceState state) {
        Supplier<CompletionStage<PollOutcome>> next = polls.poll();
        return next == null ? provider.answer(provider.truth(task, state)) : next.get();
    }

    /** The plans that are made from now on fail when their model is read. */
    public TaskScript modelFails(Error cause) {
        modelFailure = cause;
        return this;
    }

    /** The next create call is charged, and its outcome can't be read. */
    public TaskScript createMalformed() {
        return create(() -> {
            ServiceTask task = service.charge(this);
            return service.answer(new SubmitOutcome.Accepted(
                    task.taskId(), TaskStatus.QUEUED, null, new AbstractMap<String, Object>() {
                        @Override
                        public Set<Map.Entry<String, Object>> entrySet() {
                            throw new LinkageError("no such class");
                        }
                    }));
        });
    }

    private final class Plan implements PlannedGeneration {
        private final @Nullable BigDecimal credits;

        private Plan(@Nullable BigDecimal credits) {
            this.credits = credits;
        }

        @Override
        public String model() {
            if (modelFailure != null) {
                throw modelFailure;
            }
            return "model-of-" + name;
        }

        @Override
        public @Nullable BigDecimal credits() {
            return credits;
        }

        @Override
        public ExpectedTime expectedTime() {
            return expected;
        }

        @Override
        public CompletionStage<ReadyGeneration> stage() {
            service.called(Kind.STAGE, name);
            RuntimeException cause = stageFailures.poll();
            return cause == null
                    ? service.answer(new Ready(this))
                    : service.later(CompletableFuture.failedFuture(cause));
        }
    }

    private final class Ready implements ReadyGeneration {
        private final Plan plan;

        private Ready(Plan plan) {
            this.plan = plan;
        }

        @Override
        public PlannedGeneration plan() {
            return plan;
        }

        @Override
        public @Nullable String serializationKey() {
            return session;
        }

        @Override
        public CompletionStage<@Nullable String> prepare() {
            if (!service.isStateful()) {
                return ReadyGeneration.super.prepare();
            }
            service.called(Kind.PREPARE, name);
            RuntimeException cause = prepareFailures.poll();
            if (cause != null) {
                return service.later(CompletableFuture.failedFuture(cause));
            }
            token = service.nextToken();
            return service.answer(new ServiceState(token, session, null).text());
        }

        @Override
        public @Nullable Duration submitTimeout() {
            return submitTimeout;
        }

        @Override
        public CompletionStage<SubmitOutcome> submit(TaskPush wanted) {
            push = wanted;
            return send();
        }

        @Override
        public CompletionStage<SubmitOutcome> submit() {
            push = null;
            return send();
        }

        private CompletionStage<SubmitOutcome> send() {
            service.called(Kind.SUBMIT, name);
            Supplier<CompletionStage<SubmitOutcome>> next = creates.poll();
            return next == null ? service.answer(accept()) : next.get();
        }

        @Override
        public CompletionStage<ReadyGeneration> refresh() {
            service.called(Kind.REFRESH, name);
            return service.answer(new Ready(new Plan(freshPrice)));
        }
    }
}
