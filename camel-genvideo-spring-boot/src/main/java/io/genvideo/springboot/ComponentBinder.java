/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import io.genvideo.camel.GenvideoAccount;
import io.genvideo.camel.GenvideoAccountConfigurer;
import io.genvideo.camel.GenvideoComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.support.service.ServiceHelper;
import org.springframework.core.env.Environment;

/**
 * Sets the component's options from properties, through the component's generated configurer. Every name and value is
 * checked: an option that is passed over, such as the address of a sandbox, would let the application call the real service.
 */
final class ComponentBinder {
    private static final String ACCOUNTS = "accounts";
    private static final String CONFIGURATION = "configuration";
    private static final String PARAMETERS = "parameters";
    private static final String SETTINGS = "settings";
    /** Begins a value that names a bean or a class, such as {@code #class:io.genvideo.camel.GenvideoAccount}. */
    private static final String REFERENCE = "#";
    /** Switches that Camel reads: whether the starter, and whether its customizer is active. */
    private static final Set<String> SWITCHES = Set.of("enabled", "customizerenabled");

    private final CamelContext camel;
    private final GenvideoComponent component;
    private final Environment environment;

    ComponentBinder(CamelContext camel, GenvideoComponent component, Environment environment) {
        this.camel = camel;
        this.environment = environment;
        this.component = component;
    }

    /** The key under which the same option is found, however it was written. */
    private record Option(String account, String name, String key) {
        boolean isAccount() {
            return !account.isEmpty() && name.isEmpty();
        }
    }

    /** @throws GenvideoPropertyException at the first property that is wrong */
    void bind() {
        List<ComponentProperty> properties = new ComponentProperties(environment).read();
        // a component has its configurer once it is initialised
        ServiceHelper.initService(component);
        Map<String, String> accountNames = accountNames(properties);
        Map<Option, ComponentProperty> effective = new LinkedHashMap<>();
        for (ComponentProperty property : properties) {
            option(property, accountNames).ifPresent(option -> effective.putIfAbsent(option, property));
        }
        // a whole account before its options
        effective.forEach((option, property) -> {
            if (option.isAccount()) {
                set(option, property);
            }
        });
        effective.forEach((option, property) -> {
            if (!option.isAccount()) {
                set(option, property);
            }
        });
    }

    /** The names of accounts as files spell them, by the spelling of environment variables. */
    private static Map<String, String> accountNames(List<ComponentProperty> properties) {
        Map<String, String> names = new TreeMap<>();
        properties.stream()
                .filter(property -> !property.isVariable())
                .map(ComponentProperty::path)
                .filter(path -> path.size() > 1 && plain(path.get(0)).equals(ACCOUNTS))
                .forEach(path -> names.putIfAbsent(plain(path.get(1)), path.get(1)));
        return names;
    }

    private Optional<Option> option(ComponentProperty property, Map<String, String> accountNames) {
        List<String> path = property.path();
        String first = plain(path.get(0));
        if (SWITCHES.contains(plain(String.join("", path)))) {
            return Optional.empty();
        }
        if (first.equals(ACCOUNTS) && path.size() > 1) {
            return Optional.of(accountOption(property, accountNames));
        }
        if (first.equals(PARAMETERS) && path.size() > 1) {
            return Optional.of(new Option("", PARAMETERS, join(path, 1)));
        }
        // the fields of the option 'configuration' are options of the component
        int begin = first.equals(CONFIGURATION) && path.size() > 1 ? 1 : 0;
        return Optional.of(new Option("", name(property, begin), ""));
    }

    private Option accountOption(ComponentProperty property, Map<String, String> accountNames) {
        List<String> path = property.path();
        String account = path.get(1);
        if (property.isVariable()) {
            account = accountNames.getOrDefault(plain(account), account);
        }
        if (path.size() < 3 && property.text().startsWith(REFERENCE)) {
            return new Option(account, "", "");
        }
        if (path.size() < 3) {
            throw new GenvideoPropertyException(
                    described(property) + " names an account, but none of its options.",
                    "Write " + property.name() + ".api-key, for example.");
        }
        if (plain(path.get(2)).equals(SETTINGS) && path.size() > 3) {
            return new Option(account, SETTINGS, join(path, 3));
        }
        return new Option(account, name(property, 2), "");
    }

    /** A variable can't tell a dash from a dot: MAX_IN_FLIGHT is meant for max-in-flight. */
    private static String name(ComponentProperty property, int begin) {
        List<String> rest = property.path().subList(begin, property.path().size());
        return property.isVariable() ? plain(String.join("", rest)) : plain(String.join(".", rest));
    }

    private void set(Option option, ComponentProperty property) {
        String value = value(property);
        if (value.isBlank()) {
            return;
        }
        if (option.account().isEmpty()) {
            if (option.key().isEmpty()) {
                set(component, component.getComponentPropertyConfigurer(), option.name(), value, property);
            } else {
                component.getConfiguration().getParameters().put(option.key(), value);
            }
            return;
        }
        if (option.isAccount()) {
            component.getAccounts().put(option.account(), account(value, property));
            return;
        }
        GenvideoAccount account =
                component.getAccounts().computeIfAbsent(option.account(), name -> new GenvideoAccount());
        if (option.key().isEmpty()) {
            set(account, new GenvideoAccountConfigurer(), option.name(), value, property);
        } else {
            account.getSettings().put(option.key(), value);
        }
    }

    private GenvideoAccount account(String reference, ComponentProperty property) {
        try {
            return (GenvideoAccount) PropertyBindingSupport.resolveBean(camel, reference);
        } catch (Exception e) {
            throw PropertyMessages.wrongValue(described(property), "account", reference, GenvideoAccount.class);
        }
    }

    private String value(ComponentProperty property) {
        try {
            return camel.resolvePropertyPlaceholders(environment.resolveRequiredPlaceholders(property.text()));
        } catch (IllegalArgumentException e) {
            throw new GenvideoPropertyException(
                    described(property) + " has a placeholder that can't be resolved: " + e.getMessage() + ".",
                    "Define the placeholder, or give it a default value.");
        }
    }

    private void set(
            Object target, PropertyConfigurer configurer, String option, String value, ComponentProperty property) {
        PropertyConfigurerGetter options = (PropertyConfigurerGetter) configurer;
        Class<?> type = options.getOptionType(option, true);
        if (type == null) {
            throw unknown(target, options, option, property);
        }
        if (!ValueFormats.isValid(value, type)) {
            throw PropertyMessages.wrongValue(described(property), option, value, type);
        }
        try {
            PropertyBindingSupport.build()
                    .withConfigurer(configurer)
                    .withReflection(false)
                    .withIgnoreCase(true)
                    .withMandatory(true)
                    .bind(camel, target, option, value);
        } catch (RuntimeException e) {
            throw PropertyMessages.wrongValue(described(property), option, value, type);
        }
    }

    private GenvideoPropertyException unknown(
            Object target, PropertyConfigurerGetter options, String option, ComponentProperty property) {
        Set<String> names = new TreeSet<>(names(target, options));
        if (target == component) {
            names.addAll(names(component.getConfiguration(), options));
        }
        String owner = target == component ? "the component genvideo" : "an account";
        return PropertyMessages.unknown(described(property), option, owner, names);
    }

    private Set<String> names(Object bean, PropertyConfigurerGetter options) {
        Map<String, Object> properties = new TreeMap<>();
        PluginHelper.getBeanIntrospection(camel).getProperties(bean, properties, null, true);
        properties.keySet().removeIf(name -> options.getOptionType(name, false) == null);
        return properties.keySet();
    }

    private static String described(ComponentProperty property) {
        return "The property '" + property.name() + "' (" + property.origin() + ")";
    }

    private static String join(List<String> path, int begin) {
        return String.join(".", path.subList(begin, path.size()));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }
}
