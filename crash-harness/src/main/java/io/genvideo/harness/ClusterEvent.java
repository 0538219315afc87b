/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

/** What happens to one of the nodes, or to their database. */
enum ClusterEvent {
    /** SIGKILL; started again after a while. */
    KILL(true),
    /** SIGTERM; started again after a while. */
    STOP(true),
    /** SIGSTOP, often for longer than the lease, then SIGCONT. */
    FREEZE(true),
    /** SIGSTOP right after a charge whose response is on its way, for longer than the lease. */
    FREEZE_IN_CREATE(true),
    /** No connection between the node and the database. */
    CUT(true),
    /** Stopped in good order and started. */
    DATABASE_RESTART(false),
    /** Ended at once and started. */
    DATABASE_CRASH(false),
    /** Connections are open, and nothing responds. */
    DATABASE_HANG(false);

    private final boolean ofNode;

    ClusterEvent(boolean ofNode) {
        this.ofNode = ofNode;
    }

    boolean isOfNode() {
        return ofNode;
    }
}
