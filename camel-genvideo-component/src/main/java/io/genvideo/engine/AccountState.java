/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** What the tasks of one account share. */
record AccountState(ConcurrencyLimiter limiter, AccountHealth health, Brake brake, StreamLimiter streams) {

    static AccountState of(EngineAccount account, EventLoop loop, RandomGenerator random, TaskObserver observer) {
        Duration spread = account.descriptor().pollFloor();
        return new AccountState(
                new ConcurrencyLimiter(loop),
                new AccountHealth(account.name(), loop, random, spread, observer),
                new Brake(loop, random),
                new StreamLimiter());
    }
}
