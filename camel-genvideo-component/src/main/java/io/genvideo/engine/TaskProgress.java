/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationTask;
import io.genvideo.spi.ExpectedTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a task is, as far as that is known.
 *
 * @param fraction 0..1 as the service reports it; {@code null} if it does not, because nothing is estimated here
 * @param elapsed since the service accepted the task
 * @param usual how long such a task usually takes, by the catalogue or by what was measured; {@code null} if unknown
 * @param openTasks how many tasks the engine has open
 */
public record TaskProgress(
        GenerationTask task,
        @Nullable Double fraction,
        Duration elapsed,
        @Nullable ExpectedTime usual,
        int openTasks) {}
