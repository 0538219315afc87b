/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import io.genvideo.engine.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The loop of a process that can die: then nothing that it had begun goes on, while the world's time does. */
public final class MortalLoop implements EventLoop {
    private final EventLoop world;
    private final List<Runnable> late = new ArrayList<>();
    private volatile boolean dead;
    private boolean paused;

    /** @param world goes on when this process has died */
    public MortalLoop(EventLoop world) {
        this.world = world;
    }

    /** From now on nothing runs. From any thread. */
    public void die() {
        dead = true;
    }

    /** The process stands still for a while, as in a long collection: what is due meanwhile happens afterwards. */
    public void pause(Duration time) {
        paused = true;
        world.schedule(time, () -> {
            paused = false;
            List<Runnable> due = List.copyOf(late);
            late.clear();
            due.forEach(Runnable::run);
        });
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
        world.execute(new Step(step));
    }

    @Override
    public Timer schedule(Duration delay, Runnable step) {
        Step living = new Step(step);
        Timer timer = world.schedule(delay, living);
        return () -> {
            timer.cancel();
            living.cancelled = true;
        };
    }

    private final class Step implements Runnable {
        private final Runnable work;
        /** Also one that was due during a pause does not run any more. */
        private boolean cancelled;

        Step(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (paused) {
                late.add(this);
            } else if (!dead && !cancelled) {
                work.run();
            }
        }
    }
}
