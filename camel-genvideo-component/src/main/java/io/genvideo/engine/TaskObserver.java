/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationTask;

/** Hears about the way of tasks; for logs and people. Called on the engine's thread: short, and never throwing. */
public interface TaskObserver {
    TaskObserver NONE = new TaskObserver() {};

    /** The service has the task. */
    default void accepted(GenerationTask task) {}

    /** @param percent 0..95, by the time that has passed */
    default void progress(GenerationTask task, int percent, int openTasks) {}

    default void finished(GenerationTask task) {}

    /** Something happened that a person should know: an outage, a slow-down, an uncertain or forgotten task. */
    default void warning(String text) {}
}
