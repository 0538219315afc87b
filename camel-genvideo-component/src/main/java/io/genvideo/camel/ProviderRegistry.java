/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.ProviderDescriptor;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.apache.camel.CamelContext;

/**
 * The providers that a context has, by name: from {@code META-INF/services} of the component's and the application's class
 * loader, and from Camel's registry, which wins.
 */
final class ProviderRegistry {
    private final Map<String, GenerationProviderFactory> factories = new TreeMap<>();

    ProviderRegistry(CamelContext context) {
        ServiceLoader.load(GenerationProviderFactory.class, GenvideoComponent.class.getClassLoader())
                .forEach(this::add);
        ClassLoader application = context.getApplicationContextClassLoader();
        if (application != null) {
            ServiceLoader.load(GenerationProviderFactory.class, application).forEach(this::add);
        }
        context.getRegistry().findByType(GenerationProviderFactory.class).stream()
                .sorted(Comparator.comparing(f -> f.descriptor().name()))
                .forEach(this::add);
    }

    private void add(GenerationProviderFactory factory) {
        factories.put(factory.descriptor().name(), factory);
    }

    Optional<GenerationProviderFactory> find(String provider) {
        return Optional.ofNullable(factories.get(provider));
    }

    /** @throws IllegalArgumentException if there is no such provider; the message lists those that exist */
    GenerationProviderFactory factory(String provider) {
        return find(provider)
                .orElseThrow(() -> new IllegalArgumentException(
                        "No provider '" + provider + "'. There are: " + String.join(", ", factories.keySet())));
    }

    /** @throws IllegalArgumentException if there is no such provider; the message lists those that exist */
    ProviderDescriptor descriptor(String provider) {
        return factory(provider).descriptor();
    }
}
