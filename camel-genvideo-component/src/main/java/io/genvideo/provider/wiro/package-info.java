/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * Wiro: models of many vendors, each run as a task that a WebSocket follows. Start at
 * {@link io.genvideo.provider.wiro.WiroProvider}.
 *
 * <p>A request passes {@code WiroPlanner}, which reads the model's parameters from the service ({@code WiroCatalogue}), and becomes
 * a {@code RequestBody}: JSON, or a form that streams files. {@code CreateResponseMapper} says what an answer to the paid call
 * means, {@code RunRecovery} finds the task of a call whose answer was lost, {@code PollResponseMapper} says what a task has come
 * to. {@code TaskSocket} carries progress; how a task has ended is always read by a poll.
 */
@NullMarked
package io.genvideo.provider.wiro;

import org.jspecify.annotations.NullMarked;
