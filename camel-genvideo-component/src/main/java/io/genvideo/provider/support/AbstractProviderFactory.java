/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.ProviderDescriptor;

/** A factory whose descriptor is a constant. */
public abstract class AbstractProviderFactory implements GenerationProviderFactory {
    private final ProviderDescriptor descriptor;

    protected AbstractProviderFactory(ProviderDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    @Override
    public final ProviderDescriptor descriptor() {
        return descriptor;
    }
}
