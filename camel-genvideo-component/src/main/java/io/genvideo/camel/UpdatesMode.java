/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

/** How the component learns how a task stands. */
public enum UpdatesMode {
    /** By a stream where the service has one and there is room for it, else by polling. */
    auto,
    /** By polling. */
    poll,
    /** By a stream; refused for a service that has none. Above {@code maxStreams}, and after a stream has dropped, by polling. */
    stream
}
