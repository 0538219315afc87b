/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

/**
 * Receives what a service pushes about one task, over the stream that its create call has opened or over a subscription
 * ({@link GenerationProvider#subscribe}). Called on any thread, in the order of what was pushed, and not before the stage of
 * the call that opened it has completed.
 */
public interface TaskPush {

    /** The service has pushed the state of the task. A final outcome ends the task. */
    void saw(PollOutcome outcome);

    /** The service has pushed that something changed, but not what can be relied on: the task is polled now. */
    void hint();

    /**
     * Nothing more comes: the service has ended the stream, it dropped, or it was silent for too long. Called once, also
     * after a final outcome. Without one the engine polls the task from now on.
     */
    void ended();
}
