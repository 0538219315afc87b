/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps an observer that throws, also an Error, from stopping the task that it observes: whoever waits for that would wait for ever. */
final class SafeTaskObserver implements TaskObserver {
    private static final Logger LOG = LoggerFactory.getLogger(SafeTaskObserver.class);

    private final TaskObserver observer;

    SafeTaskObserver(TaskObserver observer) {
        this.observer = observer;
    }

    @Override
    public void accepted(GenerationTask task) {
        call(() -> observer.accepted(task));
    }

    @Override
    public void progress(TaskProgress progress) {
        call(() -> observer.progress(progress));
    }

    @Override
    public void finished(GenerationTask task) {
        call(() -> observer.finished(task));
    }

    @Override
    public void warning(String text) {
        call(() -> observer.warning(text));
    }

    @Override
    public void detail(String text) {
        call(() -> observer.detail(text));
    }

    private static void call(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("An observer of tasks failed; the tasks go on", e);
        }
    }
}
