/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * What others may implement: a service ({@link io.genvideo.spi.GenerationProvider}, made by a
 * {@link io.genvideo.spi.GenerationProviderFactory}) and a journal ({@link io.genvideo.spi.TaskRepository}).
 *
 * <p>A generation passes through three objects of its provider: {@link io.genvideo.spi.PlannedGeneration} (checked and
 * priced), {@link io.genvideo.spi.ReadyGeneration} (uploaded, every byte decided) and {@link io.genvideo.spi.SubmitOutcome}
 * (what the create call's answer means); afterwards the engine polls for {@link io.genvideo.spi.PollOutcome}s until one is final.
 */
@NullMarked
package io.genvideo.spi;

import org.jspecify.annotations.NullMarked;
