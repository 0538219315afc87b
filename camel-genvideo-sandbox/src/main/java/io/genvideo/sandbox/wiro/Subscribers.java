/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The clients that follow one task on the socket (docs/contracts/wiro.md section 6). Frames are built for those who receive them
 * only, as most tasks are followed by nobody. Guarded by the task.
 */
final class Subscribers {
    /** Receives each frame from the time of its registration. */
    @FunctionalInterface
    interface Subscriber {
        void frame(ObjectNode frame);
    }

    private final TaskIdentity identity;
    private final boolean replays;
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final List<ObjectNode> past = new ArrayList<>();
    private boolean used;

    /** @param replays whether a registration begins with the frames of the past */
    Subscribers(TaskIdentity identity, boolean replays) {
        this.identity = identity;
        this.replays = replays;
    }

    void publish(String type, Supplier<JsonNode> message) {
        if (subscribers.isEmpty() && !replays) {
            return;
        }
        ObjectNode frame = Json.MAPPER.createObjectNode().put("type", type).put("id", identity.id());
        frame.put("tasktoken", identity.token());
        frame.set("message", message.get());
        frame.put("result", true);
        if (replays) {
            past.add(frame);
        }
        List.copyOf(subscribers).forEach(s -> s.frame(frame));
    }

    /** @param open whether frames are still to come */
    void add(Subscriber subscriber, boolean open) {
        used = true;
        past.forEach(subscriber::frame);
        if (open) {
            subscribers.add(subscriber);
        }
    }

    void remove(Subscriber subscriber) {
        subscribers.remove(subscriber);
    }

    /** No more frames will come. */
    void end() {
        subscribers.clear();
    }

    /** Whether there was a registration. */
    boolean isUsed() {
        return used;
    }
}
