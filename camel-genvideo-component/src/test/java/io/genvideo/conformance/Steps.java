/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The steps of one process that are seen from outside: what it writes to the journal, sends to the service, and receives from
 * it. The process can be made to die at one of them.
 */
final class Steps {
    /** Never. */
    static final int IMMORTAL = Integer.MAX_VALUE;

    private final List<String> names = new CopyOnWriteArrayList<>();
    private final int last;
    private final Runnable death;
    private volatile boolean dead;

    /**
     * @param last at which step the process dies, counted from 0
     * @param death ends everything else of the process
     */
    Steps(int last, Runnable death) {
        this.last = last;
        this.death = death;
    }

    /** @return whether the process lives, so that the step may be taken */
    synchronized boolean take(String name) {
        if (!dead) {
            names.add(name);
            if (names.size() > last) {
                dead = true;
                death.run();
            }
        }
        return !dead;
    }

    /** In the order in which they were taken. */
    List<String> names() {
        return names;
    }
}
