/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

/**
 * Announcements of services about tasks that are not polled here: their owner gets them through the journal. Bounded, because
 * who sends webhooks is outside; what is dropped is found by the next poll.
 */
final class RemoteHints {
    private static final int UNDER_WAY = 100;

    private final EngineContext engine;
    private int underWay;

    RemoteHints(EngineContext engine) {
        this.engine = engine;
    }

    void leave(String provider, String taskId) {
        if (!engine.shares.areShared() || engine.closed || underWay >= UNDER_WAY) {
            return;
        }
        underWay++;
        engine.call(
                () -> engine.journal.call(r -> {
                    r.leaveHint(provider, taskId);
                    return true;
                }),
                done -> underWay--,
                failure -> {
                    underWay--;
                    engine.observer.warning("an announcement about task " + taskId
                            + " could not be passed on; it is found by the next poll: " + failure);
                });
    }
}
