/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.PollRules;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.Scheduler;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.media.RenderRequest;
import io.genvideo.sandbox.media.RenderRequest.Picture;
import io.genvideo.sandbox.media.Renderer;
import io.genvideo.sandbox.skillsvideo.SkillsvideoTask.Audience;
import io.genvideo.sandbox.skillsvideo.SkillsvideoTask.Result;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.StreamSupport;

/** Creates tasks, brings them forward and finds them again. */
final class SkillsvideoTasks {
    /** The service announces no running times. */
    private static final Duration VIDEO_TAKES = Duration.ofSeconds(120);

    private static final Duration IMAGE_TAKES = Duration.ofSeconds(20);
    /** No interval is documented; shorter ones are only noted. */
    private static final Duration POLL_FLOOR = Duration.ofSeconds(3);

    private static final double SPREAD = 0.2;
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstuvwxy";
    private static final int ID_LENGTH = 24;

    private final SandboxConfig config;
    private final MediaStore media;
    private final Renderer renderer;
    private final Scheduler scheduler;
    private final SecureRandom ids = new SecureRandom();
    private final Random lots;
    private final PollRules pollRules;
    private final Map<String, SkillsvideoTask> tasks = new ConcurrentHashMap<>();
    private final ConcurrentLinkedDeque<SkillsvideoTask> inOrder = new ConcurrentLinkedDeque<>();

    SkillsvideoTasks(SandboxConfig config, MediaStore media, Renderer renderer, Scheduler scheduler, Ledger ledger) {
        this.config = config;
        this.media = media;
        this.renderer = renderer;
        this.scheduler = scheduler;
        this.lots = new Random(config.seed());
        this.pollRules = new PollRules(ledger, config, POLL_FLOOR);
    }

    String newId() {
        return "gen_" + random();
    }

    private String random() {
        byte[] bytes = new byte[ID_LENGTH];
        ids.nextBytes(bytes);
        StringBuilder id = new StringBuilder(ID_LENGTH);
        for (byte b : bytes) {
            id.append(ALPHABET.charAt(b & 31));
        }
        return id.toString();
    }

    /**
     * Starts a task that is paid for.
     *
     * @param pictures the inputs
     */
    SkillsvideoTask start(
            String id,
            String account,
            CreateRequest create,
            Directives directives,
            Usage usage,
            List<Picture> pictures,
            Audience audience) {
        double factor;
        synchronized (lots) {
            factor = 1 - SPREAD + 2 * SPREAD * lots.nextDouble();
        }
        List<String> mediaIds = new ArrayList<>();
        for (int i = 0; i < create.count(); i++) {
            mediaIds.add(random());
        }
        Instant now = config.clock().instant();
        SkillsvideoTask task = new SkillsvideoTask(
                id,
                account,
                create,
                directives,
                usage,
                config.olderAnswers() || directives.oldStatus(),
                now,
                takes(create, directives, factor),
                config.progressFrames(),
                mediaIds,
                audience);
        go(task);
        tasks.put(id, task);
        inOrder.add(task);
        if (directives.outcome().needsMedia()) {
            render(task, create, directives, pictures);
        }
        return task;
    }

    private void go(SkillsvideoTask task) {
        Instant now = config.clock().instant();
        task.advance(now);
        task.next(now).ifPresent(at -> scheduler.schedule(at, () -> go(task)));
    }

    private void render(SkillsvideoTask task, CreateRequest create, Directives directives, List<Picture> pictures) {
        String aspect = create.aspect();
        RenderRequest request = new RenderRequest(
                create.model().name(),
                directives.text(),
                pictures,
                create.shortSide(),
                aspect.contains(":") ? aspect : null,
                create.seconds());
        var unused = files(task, create, request).whenComplete((result, failure) -> {
            Instant now = config.clock().instant();
            if (failure != null) {
                task.renderFailed("The sandbox could not render: " + failure.getMessage(), now);
            } else {
                task.rendered(result, now);
            }
        });
    }

    private CompletableFuture<Result> files(SkillsvideoTask task, CreateRequest create, RenderRequest request) {
        if (create.model().image()) {
            return renderer.still(request).thenApply(still -> {
                task.mediaIds().forEach(m -> media.publish(SkillsvideoService.NAME, m, still));
                return new Result(still.width(), still.height(), "image/png", ".png");
            });
        }
        return renderer.render(request).thenApply(video -> {
            task.mediaIds().forEach(m -> media.publish(SkillsvideoService.NAME, m, video));
            return new Result(video.width(), video.height(), "video/mp4", ".mp4");
        });
    }

    private Duration takes(CreateRequest create, Directives directives, double factor) {
        Duration own = directives.take();
        if (own != null) {
            return own;
        }
        Duration fixed = config.taskDuration();
        if (fixed != null) {
            return fixed;
        }
        Duration middle = create.model().image() ? IMAGE_TAKES : VIDEO_TAKES;
        return Duration.ofMillis(Math.round(middle.toMillis() * factor * config.timeScale()));
    }

    /** A task of this account. */
    Optional<SkillsvideoTask> find(String id, String account) {
        return Optional.ofNullable(tasks.get(id)).filter(t -> t.account().equals(account));
    }

    /** Whether it was issued, to whatever account. */
    boolean exists(String id) {
        return tasks.containsKey(id);
    }

    /** Forgets all tasks; they are unknown from then on. */
    void clear() {
        tasks.clear();
        pollRules.clear();
        inOrder.clear();
    }

    PollRules pollRules() {
        return pollRules;
    }

    /** The open tasks of an account, the latest first. */
    List<ObjectNode> running(String account, int limit) {
        Instant now = config.clock().instant();
        Iterable<SkillsvideoTask> latestFirst = inOrder::descendingIterator;
        return StreamSupport.stream(latestFirst.spliterator(), false)
                .filter(t -> t.account().equals(account))
                .flatMap(t -> t.running(now).stream())
                .limit(limit)
                .toList();
    }

    Collection<Ledger.TaskView> views() {
        Instant now = config.clock().instant();
        return inOrder.stream().map(t -> t.view(now)).toList();
    }
}
