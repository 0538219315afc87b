/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.ProviderDescriptor;

/**
 * An account with the provider that speaks for it.
 *
 * @param name {@code provider/account name}, as journalled
 * @param requests of which each process that shares the journal gets its part
 */
public record EngineAccount(
        String name, ProviderDescriptor descriptor, GenerationProvider provider, RequestRate requests) {

    /** An account without a limit of requests per second. */
    public EngineAccount(String name, ProviderDescriptor descriptor, GenerationProvider provider) {
        this(name, descriptor, provider, RequestRate.UNLIMITED);
    }
}
