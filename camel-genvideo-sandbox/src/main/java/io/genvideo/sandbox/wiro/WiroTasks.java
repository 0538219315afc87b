/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.PollRules;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.Scheduler;
import io.genvideo.sandbox.TaskDurations;
import io.genvideo.sandbox.media.RenderRequest;
import io.genvideo.sandbox.media.RenderRequest.Picture;
import io.genvideo.sandbox.media.Results;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Creates tasks, brings them forward and finds them again. */
final class WiroTasks {
    /** Models of videos state 60 to 300 s, pictures 5 to 30 s (docs/contracts/wiro.md section 9). */
    private static final Duration VIDEO_TAKES = Duration.ofSeconds(120);

    private static final Duration OTHERS_TAKE = Duration.ofSeconds(15);
    /** The shortest interval of the vendor's clients. */
    private static final Duration POLL_FLOOR = Duration.ofSeconds(2);

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int TOKEN_LENGTH = 30;
    private static final int FIRST_ID = 2221;

    private final SandboxConfig config;
    private final Results results;
    private final Scheduler scheduler;
    private final TaskDurations durations;
    private final PollRules pollRules;
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong lastId = new AtomicLong(FIRST_ID);
    private final Map<String, WiroTask> byId = new ConcurrentHashMap<>();
    private final Map<String, WiroTask> byToken = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<WiroTask> inOrder = new ConcurrentLinkedQueue<>();

    WiroTasks(SandboxConfig config, Results results, Scheduler scheduler, Ledger ledger) {
        this.config = config;
        this.results = results;
        this.scheduler = scheduler;
        this.durations = new TaskDurations(config);
        this.pollRules = new PollRules(ledger, config, POLL_FLOOR);
    }

    TaskIdentity newIdentity(String account) {
        StringBuilder token = new StringBuilder(TOKEN_LENGTH);
        for (int i = 0; i < TOKEN_LENGTH; i++) {
            token.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new TaskIdentity(Long.toString(lastId.incrementAndGet()), token.toString(), account);
    }

    /**
     * Starts a task that is paid for.
     *
     * @param pictures the inputs
     */
    WiroTask start(
            TaskIdentity identity,
            Run run,
            Directives directives,
            List<Picture> pictures,
            WiroTask.EndListener endListener) {
        Duration atService = run.model().kind() == Model.Kind.VIDEO ? VIDEO_TAKES : OTHERS_TAKE;
        WiroTask task = new WiroTask(
                identity,
                run,
                directives,
                config.clock().instant(),
                durations.next(directives, atService),
                Stream.generate(() -> UUID.randomUUID().toString())
                        .limit(run.count())
                        .toList(),
                endListener);
        byId.put(identity.id(), task);
        byToken.put(identity.token(), task);
        inOrder.add(task);
        advance(task);
        if (task.needsMedia()) {
            render(task, pictures);
        }
        return task;
    }

    private void advance(WiroTask task) {
        Instant now = config.clock().instant();
        task.advance(now);
        task.next(now).ifPresent(at -> scheduler.schedule(at, () -> advance(task)));
    }

    private void render(WiroTask task, List<Picture> pictures) {
        Run run = task.run();
        RenderRequest request = new RenderRequest(
                run.model().name(),
                task.directives().text(),
                pictures,
                run.shortSide(),
                run.aspect().isEmpty() ? null : run.aspect(),
                run.seconds());
        var unused = results.render(WiroService.NAME, task.mediaIds(), request).whenComplete((result, failure) -> {
            Instant now = config.clock().instant();
            if (failure != null) {
                task.renderFailed("The sandbox could not render: " + failure.getMessage(), now);
            } else {
                task.rendered(result, now);
            }
        });
    }

    Optional<WiroTask> byId(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<WiroTask> byToken(String token) {
        return Optional.ofNullable(byToken.get(token));
    }

    /** The tasks of an account, the latest first. */
    List<WiroTask> of(String account) {
        List<WiroTask> own = new ArrayList<>(inOrder.stream()
                .filter(t -> t.identity().account().equals(account))
                .toList());
        Collections.reverse(own);
        return own;
    }

    /** How many tasks of an account have not ended. */
    long open(String account) {
        Instant now = config.clock().instant();
        return inOrder.stream()
                .filter(t -> t.identity().account().equals(account))
                .peek(t -> t.advance(now))
                .filter(WiroTask::isOpen)
                .count();
    }

    /** Forgets all tasks; they are unknown from then on. */
    void clear() {
        byId.clear();
        byToken.clear();
        inOrder.clear();
    }

    PollRules pollRules() {
        return pollRules;
    }

    Collection<Ledger.TaskView> views() {
        Instant now = config.clock().instant();
        return inOrder.stream().map(t -> t.view(now)).toList();
    }
}
