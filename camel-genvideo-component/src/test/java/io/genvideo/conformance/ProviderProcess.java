/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import io.genvideo.engine.EngineAccount;
import io.genvideo.engine.EngineSettings;
import io.genvideo.engine.JournalExecutors;
import io.genvideo.engine.Outcome;
import io.genvideo.engine.Submission;
import io.genvideo.engine.TaskEngine;
import io.genvideo.engine.TaskObserver;
import io.genvideo.model.GenerationRequest;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A process with the component in it: an engine, a provider and one account. It lives until a step at which it is to die. */
final class ProviderProcess {
    private static final Set<String> WRITES = Set.of("reserve", "replace", "update", "discard");
    private static final Duration TIMEOUT = Duration.ofHours(12);

    private final MortalLoop loop;
    private final Steps steps;
    private final TaskEngine engine;
    private final EngineAccount account;
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final String name;
    private int records;

    /** @param lastStep at which it dies; {@link Steps#IMMORTAL} for never */
    ProviderProcess(
            String name,
            VirtualLoop world,
            CallsUnderWay underWay,
            TaskRepository repository,
            GenerationProviderFactory factory,
            AccountSettings settings,
            int lastStep) {
        this.name = name;
        this.loop = new MortalLoop(world);
        this.steps = new Steps(lastStep, loop::die);
        InstantSource clock = world::now;
        GenerationProvider provider = factory.create(
                new ProviderContext(settings, new ProcessGateway(underWay, steps), clock, new Random(42)));
        this.account = new EngineAccount(settings.provider() + "/" + settings.name(), factory.descriptor(), provider);
        TaskObserver observer = new TaskObserver() {
            @Override
            public void warning(String text) {
                warnings.add(text);
            }
        };
        this.engine = new TaskEngine(
                loop,
                observed(repository),
                new TaskOwner(name, "engine of " + name),
                JournalExecutors.single(Runnable::run),
                EngineSettings.DEFAULT,
                observer,
                new Random(42),
                Runnable::run);
        engine.start();
        engine.use(account);
    }

    /** Each write is a step before it and a step after it. */
    private TaskRepository observed(TaskRepository repository) {
        return (TaskRepository) Proxy.newProxyInstance(
                TaskRepository.class.getClassLoader(),
                new Class<?>[] {TaskRepository.class},
                (proxy, method, arguments) -> {
                    if (!WRITES.contains(method.getName())) {
                        return invoke(repository, method, arguments);
                    }
                    String step = "the journal has " + method.getName() + " "
                            + ((TaskRecord) arguments[method.getName().equals("replace") ? 1 : 0]).status();
                    alive("before " + step);
                    Object result = invoke(repository, method, arguments);
                    alive("after " + step);
                    return result;
                });
    }

    private void alive(String step) {
        if (!steps.take(step)) {
            throw new IllegalStateException("the process has died");
        }
    }

    private static Object invoke(TaskRepository repository, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(repository, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    GenerationProvider provider() {
        return account.provider();
    }

    Steps steps() {
        return steps;
    }

    /** What a person would read in the log. */
    List<String> warnings() {
        return warnings;
    }

    /**
     * An exchange submits a request and waits for its result.
     *
     * @param streams whether the create call may open a stream
     */
    CompletableFuture<Outcome> submit(GenerationRequest request, String key, CallOptions options, boolean streams) {
        Submission submission = Submission.builder(
                        "record-" + name + "-" + ++records, account, request, "fingerprint of " + key)
                .key(key)
                .timeout(TIMEOUT)
                .callOptions(options)
                .maxStreams(streams ? 1 : 0)
                .build();
        return engine.submit(submission).toCompletableFuture();
    }
}
