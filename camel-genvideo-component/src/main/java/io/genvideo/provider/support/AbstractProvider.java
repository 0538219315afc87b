/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import io.genvideo.model.Operation;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.ProviderDescriptor;
import java.net.URI;
import java.util.Set;
import java.util.stream.Collectors;

/** What every provider has: its account's address, its errors, and the operations that its descriptor declares. */
public abstract class AbstractProvider implements GenerationProvider {
    private final ServiceAddress address;
    private final ServiceErrors errors;
    private final Set<Operation> generations;

    protected AbstractProvider(ProviderDescriptor descriptor, ServiceAddress address, ServiceErrors errors) {
        this.address = address;
        this.errors = errors;
        this.generations = descriptor.operations().stream()
                .filter(Operation::isGeneration)
                .sorted()
                .collect(Collectors.toCollection(java.util.LinkedHashSet::new));
    }

    /** Fails with {@code OPERATION_NOT_SUPPORTED} unless the provider has this generation. */
    protected final void checkGeneration(Operation operation) {
        if (!generations.contains(operation)) {
            throw errors.unsupported(operation, generations);
        }
    }

    @Override
    public final boolean ownsOrigin(URI uri) {
        return address.owns(uri);
    }
}
