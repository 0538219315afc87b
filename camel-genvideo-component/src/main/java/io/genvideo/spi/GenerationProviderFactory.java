/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

/**
 * Makes providers, one per account. Found through {@code META-INF/services} or as a bean in Camel's registry.
 * Implementations are stateless and thread-safe.
 */
public interface GenerationProviderFactory {

    /** What the provider can do; the same answer every time. */
    ProviderDescriptor descriptor();

    /** A provider for one account. Does no I/O. */
    GenerationProvider create(ProviderContext context);
}
