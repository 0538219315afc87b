/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds properties under {@code camel.component.genvideo} that a Spring application sets, but nothing reads. Camel's own
 * configuration reads them outside Spring; in Spring Boot that takes the starter, and without it an application that is
 * configured for a sandbox would call the real service.
 */
final class UnboundSpringProperties {
    /** The bean name that Spring gives to its environment. */
    private static final String ENVIRONMENT = "environment";

    private static final String NAME = "genvideo";
    private static final String PREFIX = "camel.component." + NAME + ".";
    private static final Set<String> SWITCHES = Set.of("enabled", "customizer.enabled");
    private static final Set<String> SWITCHES_OFF = Set.of(
            "camel.component.enabled",
            "camel.component.customizer.enabled",
            PREFIX + "enabled",
            PREFIX + "customizer.enabled");
    private static final Pattern ACCOUNT = Pattern.compile("accounts(?:\\[([^\\]]+)\\]|\\.([^.\\[]+)).*");

    private final CamelContext camel;
    private final GenvideoComponent component;

    UnboundSpringProperties(GenvideoComponent component) {
        this.camel = component.getCamelContext();
        this.component = component;
    }

    /**
     * Properties of Camel's style belong to the component that has Camel's name for it.
     *
     * @throws IllegalStateException if there are such properties, and none of them has taken effect
     */
    void refuse() {
        if (camel.hasComponent(NAME) != component
                || !(camel.getRegistry().lookupByName(ENVIRONMENT) instanceof ConfigurableEnvironment environment)
                || SWITCHES_OFF.stream().anyMatch(name -> "false".equalsIgnoreCase(environment.getProperty(name)))) {
            return;
        }
        Map<String, String> names = names(environment);
        if (names.isEmpty() || hasEffect(environment, names)) {
            return;
        }
        throw new IllegalStateException(names.values().iterator().next()
                + (names.size() == 1 ? " is" : " and " + (names.size() - 1) + " more properties are")
                + " set, but nothing reads them: the component would call the public address of each service with the"
                + " credentials of the environment. Add the dependency io.genvideo:camel-genvideo-spring-boot, which"
                + " reads them, or remove them, or set " + PREFIX + "customizer.enabled=false.");
    }

    /** The properties as they are written, by their names below the prefix in lower case and without dashes. */
    private static Map<String, String> names(ConfigurableEnvironment environment) {
        Map<String, String> names = new LinkedHashMap<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> enumerable) {
                for (String written : enumerable.getPropertyNames()) {
                    String dotted =
                            source instanceof SystemEnvironmentPropertySource ? written.replace('_', '.') : written;
                    String plain = plain(dotted);
                    if (plain.startsWith(PREFIX) && !SWITCHES.contains(plain.substring(PREFIX.length()))) {
                        names.putIfAbsent(plain.substring(PREFIX.length()), written);
                    }
                }
            }
        }
        return names;
    }

    /** One is enough: the application may configure the component in a way of its own. */
    private boolean hasEffect(ConfigurableEnvironment environment, Map<String, String> names) {
        return names.entrySet().stream()
                .anyMatch(name -> hasEffect(
                        name.getKey(), Objects.requireNonNullElse(environment.getProperty(name.getValue()), "")));
    }

    private boolean hasEffect(String name, String text) {
        Matcher account = ACCOUNT.matcher(name);
        if (account.matches()) {
            String wanted = account.group(1) == null ? account.group(2) : account.group(1);
            return component.getAccounts().keySet().stream().anyMatch(a -> plain(a).equals(wanted));
        }
        String option = name.replaceFirst("^configuration\\.", "").replaceFirst("[.\\[].*", "");
        PropertyConfigurerGetter options = (PropertyConfigurerGetter) component.getComponentPropertyConfigurer();
        Class<?> type = options.getOptionType(option, true);
        Object value = options.getOptionValue(component, option, true);
        if (type == null || value == null) {
            return false;
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        Object wanted = camel.getTypeConverter().tryConvertTo(value.getClass(), text.trim());
        return wanted == null || wanted.equals(value);
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "");
    }
}
