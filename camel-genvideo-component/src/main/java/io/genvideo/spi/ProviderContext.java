/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.http.HttpGateway;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What a provider gets from its surroundings. Nothing here is global: time and chance are injected, so that tests decide
 * both.
 *
 * @param account whose credentials and addresses to use
 * @param http the component's one client
 * @param clock for time stamps that go over the wire
 * @param random for nonces
 */
public record ProviderContext(AccountSettings account, HttpGateway http, InstantSource clock, RandomGenerator random) {}
