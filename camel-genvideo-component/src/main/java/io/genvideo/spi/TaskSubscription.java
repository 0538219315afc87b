/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

/** A subscription to what a service pushes about one task. */
public interface TaskSubscription extends AutoCloseable {

    /** Ends the subscription; without effect when it has ended. {@link TaskPush#ended} is called once in any case. */
    @Override
    void close();
}
