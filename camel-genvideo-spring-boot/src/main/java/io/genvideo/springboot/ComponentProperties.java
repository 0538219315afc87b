/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Reads the properties under {@code camel.component.genvideo}, in each of Spring's spellings. Spring's own binder is not used,
 * because it passes over names that it does not know, and folds account names that differ in a dash only.
 */
final class ComponentProperties {
    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("camel.component.genvideo");

    private final ConfigurableEnvironment environment;

    ComponentProperties(Environment environment) {
        this.environment = (ConfigurableEnvironment) environment;
    }

    /** @return all of them, those of a source that takes precedence first; the same option may stand there several times */
    List<ComponentProperty> read() {
        List<ComponentProperty> found = new ArrayList<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> enumerable) {
                for (String name : enumerable.getPropertyNames()) {
                    ComponentProperty property = property(enumerable, name);
                    if (property != null) {
                        found.add(property);
                    }
                }
            }
        }
        return found;
    }

    private static @Nullable ComponentProperty property(EnumerablePropertySource<?> source, String written) {
        boolean isVariable = source instanceof SystemEnvironmentPropertySource && written.indexOf('.') < 0;
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(written, isVariable ? '_' : '.');
        if (!PREFIX.isAncestorOf(name)) {
            return null;
        }
        List<String> path = IntStream.range(PREFIX.getNumberOfElements(), name.getNumberOfElements())
                .mapToObj(i -> name.getElement(i, Form.ORIGINAL))
                .toList();
        Origin origin = OriginLookup.getOrigin(source, written);
        return new ComponentProperty(
                written,
                path,
                isVariable,
                String.valueOf(source.getProperty(written)),
                origin == null ? source.getName() : origin.toString());
    }
}
