/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.PollRules;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TaskDurations;
import io.genvideo.sandbox.media.RenderRequest;
import io.genvideo.sandbox.media.RenderRequest.Picture;
import io.genvideo.sandbox.media.Results;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Creates tasks and finds them again. */
final class MediaioTasks {
    private static final Duration VIDEO_TAKES = Duration.ofSeconds(150);
    private static final Duration IMAGE_TAKES = Duration.ofSeconds(20);
    /** The vendor's texts have 3 to 5 s (docs/contracts/mediaio.md section 3). */
    private static final Duration POLL_FLOOR = Duration.ofSeconds(3);

    private final SandboxConfig config;
    private final Results results;
    private final TaskDurations durations;
    private final PollRules pollRules;
    private final Map<String, MediaioTask> tasks = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<MediaioTask> inOrder = new ConcurrentLinkedQueue<>();

    MediaioTasks(SandboxConfig config, Results results, Ledger ledger) {
        this.config = config;
        this.results = results;
        this.durations = new TaskDurations(config);
        this.pollRules = new PollRules(ledger, config, POLL_FLOOR);
    }

    static String newId() {
        return UUID.randomUUID().toString();
    }

    /**
     * Starts a task that is paid for.
     *
     * @param pictures the inputs
     */
    MediaioTask start(String id, String account, Generation generation, Directives directives, List<Picture> pictures) {
        Duration atService = generation.operation().image() ? IMAGE_TAKES : VIDEO_TAKES;
        MediaioTask task = new MediaioTask(
                id,
                account,
                generation,
                directives,
                config.clock().instant(),
                durations.next(directives, atService),
                Stream.generate(MediaioTasks::newId).limit(generation.count()).toList());
        tasks.put(id, task);
        inOrder.add(task);
        if (task.needsMedia()) {
            render(task, generation, directives, pictures);
        }
        return task;
    }

    private void render(MediaioTask task, Generation generation, Directives directives, List<Picture> pictures) {
        RenderRequest request = new RenderRequest(
                generation.operation().name(),
                directives.text(),
                pictures,
                generation.shortSide(),
                generation.aspect().isEmpty() ? null : generation.aspect(),
                generation.seconds());
        var unused = results.render(MediaioService.NAME, task.mediaIds(), request)
                .whenComplete((result, failure) -> {
                    Instant now = config.clock().instant();
                    if (failure != null) {
                        task.renderFailed("The sandbox could not render: " + failure.getMessage(), now);
                    } else {
                        task.rendered(result, now);
                    }
                });
    }

    /** A task of this account. */
    Optional<MediaioTask> find(String id, String account) {
        return Optional.ofNullable(tasks.get(id)).filter(t -> t.account().equals(account));
    }

    /** Whether it was issued, to whatever account. */
    boolean exists(String id) {
        return tasks.containsKey(id);
    }

    /** Forgets all tasks; they are unknown from then on. */
    void clear() {
        tasks.clear();
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
