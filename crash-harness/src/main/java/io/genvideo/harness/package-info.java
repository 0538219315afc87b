/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * Tests from the outside that no task is paid twice and no paid task is lost. {@link io.genvideo.harness.CrashRun} kills the
 * shipped file drop again and again while its service returns errors; {@link io.genvideo.harness.OutageRun} makes the service
 * unavailable while many tasks run. Both compare the sandbox's {@code Ledger}, which knows every charge, with what was
 * delivered. {@link io.genvideo.harness.ClusterRun} does the same with several nodes that share a journal in PostgreSQL.
 * Start with {@link io.genvideo.harness.HarnessMain}; {@link io.genvideo.harness.LedgerAudit} defines what counts
 * as delivered, failed, open, uncertain and lost. A further provider is one constant of
 * {@link io.genvideo.harness.TestedProvider}.
 */
@NullMarked
package io.genvideo.harness;

import org.jspecify.annotations.NullMarked;
