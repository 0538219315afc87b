/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

/** What is limited for an account over all nodes that use the same journal. */
enum Limit {
    /** {@code maxInFlight}: tasks between their create call and their end. */
    IN_FLIGHT,
    /** {@code maxStreams}: open streams and sockets. */
    STREAMS,
    /** {@code requestsPerSecond}, in thousandths. Used by the moment, so that it can be given back at once. */
    REQUESTS;

    /** Whether of different values the lowest holds for all endpoints; else each endpoint has its own. */
    boolean isLowestForAll() {
        return this == REQUESTS;
    }
}
