/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.TaskRecord;
import java.time.Duration;

/**
 * Waits until no record of the journal has a task at work under a serialization key: one that an earlier process has left and
 * that is not taken up yet, or one of another node. Two nodes that look at the same moment are not kept apart; nothing but the
 * journal coordinates them.
 */
final class SessionGuard {
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final EngineContext engine;
    private final OpenTask task;

    SessionGuard(EngineContext engine, OpenTask task) {
        this.engine = engine;
        this.task = task;
    }

    /** @param free runs when nobody else works under the key, unless the task is over by then */
    void whenFree(String key, Runnable free) {
        engine.call(
                () -> engine.journal.call(r -> r.findSent(task.record().account())),
                sent -> {
                    if (task.isOver()) {
                        return;
                    }
                    if (sent.stream().anyMatch(r -> holds(r, key))) {
                        again(key, free);
                    } else {
                        free.run();
                    }
                },
                failure -> again(key, free));
    }

    private void again(String key, Runnable free) {
        engine.loop.schedule(AGAIN, () -> {
            if (!task.isOver()) {
                whenFree(key, free);
            }
        });
    }

    private boolean holds(TaskRecord sent, String key) {
        String state = sent.providerState();
        return state != null
                && !sent.recordId().equals(task.record().recordId())
                && key.equals(engine.serializationKey(task.account(), state));
    }
}
