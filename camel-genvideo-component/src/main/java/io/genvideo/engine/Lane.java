/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** What the tasks of one account share. */
record Lane(Admission admission, AccountHealth health, Brake brake, Streams streams) {

    static Lane of(EngineAccount account, EngineLoop loop, RandomGenerator random, TaskObserver observer) {
        Duration spread = account.descriptor().pollFloor();
        return new Lane(
                new Admission(loop),
                new AccountHealth(account.name(), loop, random, spread, observer),
                new Brake(loop, random),
                new Streams());
    }
}
