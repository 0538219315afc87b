/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * The words of the project as records: what is requested ({@link io.genvideo.model.GenerationRequest}), what comes back
 * ({@link io.genvideo.model.GenerationTask}), where it stands ({@link io.genvideo.model.TaskStatus}) and how it fails
 * ({@link io.genvideo.model.GenvideoException}).
 *
 * <p>No I/O and no other package of ours. The one Camel type is {@code HttpResponseAware}, on the exceptions, so that
 * Camel's health checks see the HTTP status without a wrapper around what a route catches.
 */
@NullMarked
package io.genvideo.model;

import org.jspecify.annotations.NullMarked;
