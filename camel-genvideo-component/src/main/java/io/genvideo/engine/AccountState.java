/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.util.random.RandomGenerator;

/**
 * What the tasks of one account share.
 *
 * @param keys which tasks have to follow one another
 * @param polls opens when polls fail
 * @param sending opens when planning, staging or creating finds the service unreachable; only a response about a task closes
 *     it, because a plan may come from a cache, and staging may send nothing
 */
record AccountState(
        ConcurrencyLimiter limiter,
        SerializationKeys keys,
        CircuitBreaker polls,
        CircuitBreaker sending,
        StreamLimiter streams) {

    static AccountState of(
            EngineAccount account, EventLoop loop, LimitShares shares, RandomGenerator random, TaskObserver observer) {
        CircuitBreaker.Rules ofPolls =
                CircuitBreaker.Rules.ofPolls(account.descriptor().pollFloor());
        return new AccountState(
                new ConcurrencyLimiter(loop, shares.of(account.name(), Limit.IN_FLIGHT)),
                new SerializationKeys(),
                new CircuitBreaker(account.name(), ofPolls, loop, shares, random, observer),
                // each submitter warns of what it waits for, with its record id
                new CircuitBreaker(
                        account.name(), CircuitBreaker.Rules.ofSending(), loop, shares, random, TaskObserver.NONE),
                new StreamLimiter(shares.of(account.name(), Limit.STREAMS)));
    }
}
