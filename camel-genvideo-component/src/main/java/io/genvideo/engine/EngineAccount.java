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
 */
public record EngineAccount(String name, ProviderDescriptor descriptor, GenerationProvider provider) {}
