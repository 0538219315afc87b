/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationTask;

/** Receives what happens to tasks, for logs and people. Called on the engine's thread: short, and never throwing. */
public interface TaskObserver {
    TaskObserver NONE = new TaskObserver() {};

    /** The service has the task. */
    default void accepted(GenerationTask task) {}

    /** The task runs: called soon after acceptance, then about twice a minute. */
    default void progress(TaskProgress progress) {}

    default void finished(GenerationTask task) {}

    /** Something happened that a person should know: an outage, a slow-down, an uncertain or forgotten task. */
    default void warning(String text) {}

    /** One of many events of the same kind, of which a {@link #warning} has reported the first. */
    default void detail(String text) {}
}
