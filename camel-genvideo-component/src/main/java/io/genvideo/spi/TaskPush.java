/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

/**
 * Where a provider tells what its service pushes about one task, while the stream that its create call has opened lasts.
 * Called on any thread, in the order of what was pushed, and not before the create call's stage has completed with
 * {@link SubmitOutcome.Accepted}.
 */
public interface TaskPush {

    /** The service said how the task stands. */
    void saw(PollOutcome outcome);

    /**
     * Nothing more comes: the service has ended the stream, it dropped, or it was silent for too long. Called once, also
     * after a final outcome. Without one the engine asks for the task from now on.
     */
    void ended();
}
