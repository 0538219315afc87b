/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * Shows from the outside that nothing is paid twice and nothing paid is lost. {@link io.genvideo.harness.CrashHarness} kills
 * the shipped file drop again and again while its service misbehaves; {@link io.genvideo.harness.OutageHarness} takes the
 * service away from five hundred waiting tasks. Both end with the books of the service ({@code Ledger}) held against what
 * arrived. Start with {@link io.genvideo.harness.CrashRun}; what counts as what is in
 * {@link io.genvideo.harness.Reckoning}.
 */
@NullMarked
package io.genvideo.harness;

import org.jspecify.annotations.NullMarked;
