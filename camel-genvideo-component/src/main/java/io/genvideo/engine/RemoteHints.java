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
    private boolean failing;

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
                done -> {
                    underWay--;
                    failing = false;
                },
                failure -> {
                    underWay--;
                    notLeft(failure);
                });
    }

    /** Once until it works again: as many may come as somebody outside likes. */
    private void notLeft(Throwable failure) {
        if (!failing) {
            failing = true;
            engine.observer.warning(
                    "announcements of services can't be passed on to other nodes; what they are about is"
                            + " found by the next polls: " + failure);
        }
    }
}
