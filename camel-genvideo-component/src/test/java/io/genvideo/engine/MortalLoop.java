/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import java.time.Instant;

/** The loop of a process that can die: then nothing that it had begun goes on, while the world's time does. */
final class MortalLoop implements EventLoop {
    private final EventLoop world;
    private boolean dead;

    MortalLoop(EventLoop world) {
        this.world = world;
    }

    void die() {
        dead = true;
    }

    @Override
    public Instant now() {
        return world.now();
    }

    @Override
    public Duration elapsed() {
        return world.elapsed();
    }

    @Override
    public void execute(Runnable step) {
        world.execute(living(step));
    }

    @Override
    public Timer schedule(Duration delay, Runnable step) {
        return world.schedule(delay, living(step));
    }

    private Runnable living(Runnable step) {
        return () -> {
            if (!dead) {
                step.run();
            }
        };
    }
}
