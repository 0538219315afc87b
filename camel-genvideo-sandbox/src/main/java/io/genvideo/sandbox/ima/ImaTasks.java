/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.PollRules;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.media.RenderRequest;
import io.genvideo.sandbox.media.Renderer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Creates tasks and finds them again. */
final class ImaTasks {
    /** Announced by most models; for those that announce nothing. */
    private static final Leaf.Expected UNANNOUNCED = new Leaf.Expected(180, 300);

    /** As often as the service's own clients poll (docs/contracts/ima.md section 7). */
    private static final Duration POLL_FLOOR = Duration.ofSeconds(8);

    private static final double SPREAD = 0.2;
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstuvwxy";

    private static final int ID_LENGTH = 26;

    private final SandboxConfig config;
    private final MediaStore media;
    private final Renderer renderer;
    private final SecureRandom ids = new SecureRandom();
    private final Random lots;
    private final Map<String, ImaTask> tasks = new ConcurrentHashMap<>();
    private final Collection<ImaTask> inOrder = new ConcurrentLinkedQueue<>();
    private final PollRules pollRules;

    ImaTasks(SandboxConfig config, MediaStore media, Renderer renderer, Ledger ledger) {
        this.config = config;
        this.media = media;
        this.renderer = renderer;
        this.lots = new Random(config.seed());
        this.pollRules = new PollRules(ledger, config, POLL_FLOOR);
    }

    String newId() {
        return "task_" + random();
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
    ImaTask start(
            String id,
            String account,
            CreateRequest create,
            Directives directives,
            List<RenderRequest.Picture> pictures) {
        double factor;
        boolean transitional;
        synchronized (lots) {
            factor = 1 - SPREAD + 2 * SPREAD * lots.nextDouble();
            transitional = lots.nextDouble() < config.transitionalShare();
        }
        List<String> mediaIds = new ArrayList<>();
        for (int i = 0; i < create.count(); i++) {
            mediaIds.add(random());
        }
        ImaTask task = new ImaTask(
                id,
                "biz_" + random(),
                account,
                create,
                directives,
                config.clock().instant(),
                takes(create, directives, factor),
                transitional,
                mediaIds);
        tasks.put(id, task);
        inOrder.add(task);
        if (directives.outcome().needsMedia()) {
            render(task, create, directives, pictures);
        }
        return task;
    }

    private void render(
            ImaTask task, CreateRequest create, Directives directives, List<RenderRequest.Picture> pictures) {
        String aspect = create.params().path("aspect_ratio").asText("");
        RenderRequest request = new RenderRequest(
                create.leaf().name(),
                directives.text(),
                pictures,
                create.shortSide(),
                aspect.contains(":") ? aspect : null,
                create.seconds());
        var unused = renderer.render(request).whenComplete((rendered, failure) -> {
            Instant now = config.clock().instant();
            if (failure != null) {
                task.renderFailed("The sandbox could not render: " + failure.getMessage(), now);
            } else {
                task.mediaIds().forEach(m -> media.publish(ImaService.NAME, m, rendered));
                task.rendered(rendered, now);
            }
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
        Leaf.Expected expected = create.leaf().expected().orElse(UNANNOUNCED);
        double middle = (expected.min() + expected.max()) / 2d;
        return Duration.ofMillis(Math.round(middle * 1000 * factor * config.timeScale()));
    }

    /** A task of this account. */
    Optional<ImaTask> find(String id, String account) {
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

    boolean isBizId(String id) {
        return id.startsWith("biz_") && inOrder.stream().anyMatch(t -> t.isBizId(id));
    }

    Collection<Ledger.TaskView> views() {
        Instant now = config.clock().instant();
        return inOrder.stream().map(t -> t.view(now)).toList();
    }
}
