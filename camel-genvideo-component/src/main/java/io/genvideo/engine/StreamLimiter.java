/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

/** How many streams of an account are open. A task that finds no room is polled. */
final class StreamLimiter {
    private int open;

    /** @return whether there was room */
    boolean enter(int most) {
        if (open >= most) {
            return false;
        }
        open++;
        return true;
    }

    void leave() {
        open--;
    }
}
