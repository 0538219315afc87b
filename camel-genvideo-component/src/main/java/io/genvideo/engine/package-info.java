/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * The life of a task, without Camel, SQL or any provider in it: submit, journal, await, complete.
 *
 * <p>Start at {@link io.genvideo.engine.TaskEngine}. {@code SubmissionHandler} finds or makes an {@code OpenTask} for a submission, which has the task's
 * journal record and the exchanges that wait. A {@code TaskSubmitter} brings it from RESERVED to accepted; each create call that it
 * makes is a {@code CreateCall}, the only place that sends one. A {@code TaskPoller} polls it to its end, {@code TaskEnding} journals the end and hands
 * it over, {@code ResultDelivery} records what became of it. A {@code LateTask} is one whose create call had been given up. What tasks of one
 * account share is in {@code ConcurrencyLimiter} (how many may be in flight) and {@code CircuitBreaker} (whether the service
 * answers). What nodes on one journal share goes through {@code Cluster}: {@code LimitAllotment} divides the limits of accounts, {@code OwnerLease}
 * says until when this node may act. All of them run on one thread, the
 * {@link io.genvideo.engine.EventLoop}, so none of them locks; tests replace the loop by one whose time they turn.
 */
@NullMarked
package io.genvideo.engine;

import org.jspecify.annotations.NullMarked;
