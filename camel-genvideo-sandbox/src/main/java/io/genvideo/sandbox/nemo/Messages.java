/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.NemoSettings;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.Scheduler;
import io.genvideo.sandbox.TaskDurations;
import io.genvideo.sandbox.media.Results;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts messages and brings them forward. */
final class Messages {
    /** Between two heartbeats at the service (docs/contracts/nemo.md section 6); scaled as the work is. */
    private static final Duration BEAT = Duration.ofSeconds(12);

    private static final Duration LEAST_BEAT = Duration.ofMillis(100);
    private static final Duration LATE_STAGE = Duration.ofSeconds(15);

    private final SandboxConfig config;
    private final Results results;
    private final Scheduler scheduler;
    private final TaskDurations durations;
    private final Random random;
    private final AtomicInteger started = new AtomicInteger();

    Messages(SandboxConfig config, Results results, Scheduler scheduler) {
        this.config = config;
        this.results = results;
        this.scheduler = scheduler;
        this.durations = new TaskDurations(config);
        this.random = new Random(config.seed());
    }

    /** A message that is not paid for yet. */
    Message prepare(Session session, Directives directives, String promptHash) {
        MessageKind kind = session.kindOfNext(directives.has("talk"));
        Duration takes = durations.next(directives, kind.atService);
        Duration beat = scaled(BEAT, takes, kind);
        Duration late = directives.time("late-stage", scaled(LATE_STAGE, takes, kind));
        Message.Plan plan = new Message.Plan(
                config.clock().instant(),
                takes,
                beat.compareTo(LEAST_BEAT) < 0 ? LEAST_BEAT : beat,
                late,
                shape(directives),
                isSilent(directives, kind));
        return new Message(
                session,
                session.nextNumber(),
                kind,
                directives,
                promptHash,
                Brief.of(directives.text(), session.briefs()),
                plan);
    }

    private static Duration scaled(Duration atService, Duration takes, MessageKind kind) {
        return Duration.ofMillis(atService.toMillis() * takes.toMillis() / kind.atService.toMillis());
    }

    private EventShape shape(Directives directives) {
        boolean even = started.getAndIncrement() % 2 == 0;
        boolean adk = switch (directives.argument("events").toLowerCase(Locale.ROOT)) {
            case "typed" -> false;
            case "adk" -> true;
            default ->
                config.nemo().events() == NemoSettings.Events.ADK
                        || (config.nemo().events() == NemoSettings.Events.BOTH && !even);
        };
        return adk ? EventShape.adk(config.clock()) : EventShape.typed();
    }

    private synchronized boolean isSilent(Directives directives, MessageKind kind) {
        boolean drawn = random.nextDouble() < config.nemo().silentShare();
        return kind != MessageKind.TALK && (directives.has("silent") || (kind == MessageKind.EDIT && drawn));
    }

    /** Starts a message that is paid for. */
    void start(Session session, Message message) {
        advance(message);
        if (!message.needsMedia()) {
            return;
        }
        var unused = results.render(NemoService.NAME, List.of(message.mediaId()), session.result(message.brief()))
                .whenComplete((result, failure) -> {
                    if (failure != null) {
                        message.renderFailed("The sandbox could not render: " + failure.getMessage());
                    } else {
                        message.rendered(result, config.clock().instant());
                    }
                    advance(message);
                });
    }

    /** Takes the steps whose time has come, and comes back for the next one. */
    void advance(Message message) {
        Instant now = config.clock().instant();
        message.advance(now);
        message.next(now).ifPresent(at -> scheduler.schedule(at, () -> advance(message)));
    }
}
