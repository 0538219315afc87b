/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationTask;

/**
 * What an exchange gets when its wait ends well.
 *
 * @param replayed whether the task had ended before this exchange asked for it
 * @param owned whether the exchange has to say, through {@link TaskEngine#settle}, whether it could use the result
 */
public record Outcome(GenerationTask task, boolean replayed, boolean owned) {}
