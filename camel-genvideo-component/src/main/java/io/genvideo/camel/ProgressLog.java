/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.TaskObserver;
import io.genvideo.engine.TaskProgress;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.ExpectedTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the progress of tasks, one line each. Of many tasks at once the lines are on DEBUG, so that a log stays readable. */
final class ProgressLog implements TaskObserver {
    private static final Logger LOG = LoggerFactory.getLogger("io.genvideo.progress");
    private static final int READABLE = 20;

    @Override
    public void accepted(GenerationTask task) {
        LOG.info(
                "{} {} accepted by {}: task {}{}{}",
                task.operation().path(),
                named(task),
                task.provider(),
                task.handle(),
                task.model() == null ? "" : ", model " + task.model(),
                task.credits() == null ? "" : ", " + task.credits().toPlainString() + " credits");
    }

    @Override
    public void progress(TaskProgress progress) {
        GenerationTask task = progress.task();
        String line = task.operation().path() + " " + named(task) + " " + howFar(progress) + " (" + task.status()
                + ", task " + task.handle() + ")";
        if (progress.openTasks() > READABLE) {
            LOG.debug(line);
        } else {
            LOG.info(line);
        }
    }

    @Override
    public void finished(GenerationTask task) {
        if (task.status() == TaskStatus.SUCCEEDED) {
            LOG.info(
                    "{} {} 100 % after {} s: task {}",
                    task.operation().path(), named(task), seconds(task.createdAt(), task.finishedAt()), task.handle());
        } else {
            LOG.warn(
                    "{} {} {}: {}",
                    task.operation().path(),
                    named(task),
                    task.status(),
                    task.error() == null ? "no reason given" : task.error().message());
        }
    }

    @Override
    public void warning(String text) {
        LOG.warn(text);
    }

    @Override
    public void detail(String text) {
        LOG.debug(text);
    }

    /** What the service reports, else what is known: how long the task runs, and how long such tasks usually do. */
    private static String howFar(TaskProgress progress) {
        Double fraction = progress.fraction();
        if (fraction != null) {
            return Math.round(fraction * 100) + " %";
        }
        ExpectedTime usual = progress.usual();
        String running = "running " + progress.elapsed().toSeconds() + " s";
        return usual == null
                ? running
                : running + ", usually " + usual.least().toSeconds() + "–"
                        + usual.most().toSeconds() + " s";
    }

    private static String named(GenerationTask task) {
        return task.reference() instanceof String name ? "'" + name + "'" : task.recordId();
    }

    private static long seconds(Instant from, @Nullable Instant to) {
        return to == null ? 0 : Duration.between(from, to).toSeconds();
    }
}
