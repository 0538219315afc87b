/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

/** How many streams of an account are open here. A task that finds no room is polled. */
final class StreamLimiter {
    private final LimitShare share;
    private int open;
    private int refused;

    /** @param share of the limit, which holds over all nodes */
    StreamLimiter(LimitShare share) {
        this.share = share.usedBy(() -> open, () -> open + refused, () -> refused = 0);
    }

    /** @return whether there was room */
    boolean enter(int most) {
        if (!share.allows(open, most)) {
            refused++;
            return false;
        }
        open++;
        return true;
    }

    void leave() {
        open--;
    }
}
