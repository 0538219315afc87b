/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.util.concurrent.Executor;

/**
 * Where calls of a repository that blocks run. Neither may run a call on the thread that submits it, which is the engine's,
 * nor refuse one: what waits is bounded by the tasks in flight.
 *
 * @param calls one thread, so that the writes of one task keep their order
 * @param renewals one thread of its own, so that leases do not lapse while many calls wait
 */
public record JournalExecutors(Executor calls, Executor renewals) {

    /** The same thread for both. */
    public static JournalExecutors single(Executor executor) {
        return new JournalExecutors(executor, executor);
    }
}
