/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.quarkus.deployment;

import io.genvideo.spi.ProviderDescriptor;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The accounts whose services the sandbox simulates: those that have neither a key nor an address. An account with one of them
 * is the application's decision.
 *
 * @param providers the provider of each of them, by account name
 * @param complete whether these are all accounts, so that no service is called but the sandbox
 */
record SimulatedAccounts(SortedMap<String, String> providers, boolean complete) {
    static final String PREFIX = "camel.component.genvideo.accounts";
    private static final Pattern OPTION =
            Pattern.compile(Pattern.quote(PREFIX) + "[\\[.]\"?([^\\].\"]+)\"?\\]?\\.(.+)");

    /**
     * Selects the accounts, of which each provider has a default one that is named like it.
     *
     * @param known all providers
     * @param simulated names of those that the sandbox has
     * @param names of all configuration properties
     * @param value of a configuration property; empty if it has none
     * @param environment whether an environment variable holds a key that counts
     */
    static SimulatedAccounts select(
            Collection<ProviderDescriptor> known,
            Set<String> simulated,
            Iterable<String> names,
            Function<String, Optional<String>> value,
            Predicate<String> environment) {
        Map<String, String> owners = new HashMap<>();
        known.forEach(p -> owners.put(p.name(), p.name()));
        Set<String> decided = new HashSet<>();
        for (String name : names) {
            Matcher option = OPTION.matcher(name);
            if (!option.matches()) {
                continue;
            }
            Optional<String> text = value.apply(name).filter(v -> !v.isBlank());
            String account = option.group(1);
            switch (option.group(2).replace("-", "").toLowerCase(Locale.ROOT)) {
                // The last is how an account of NemoVideo has a token without a key
                case "apikey", "baseurl", "settings[tokenfile]", "settings.tokenfile" ->
                    text.ifPresent(v -> decided.add(account));
                case "provider" -> text.ifPresent(v -> owners.put(account, v));
                default -> {}
            }
        }
        known.stream()
                .filter(p -> hasKey(p, environment))
                .forEach(p -> owners.forEach((account, owner) -> {
                    if (owner.equals(p.name())) {
                        decided.add(account);
                    }
                }));
        SortedMap<String, String> selected = new TreeMap<>(owners);
        selected.keySet().removeAll(decided);
        selected.values().retainAll(simulated);
        return new SimulatedAccounts(selected, selected.size() == owners.size());
    }

    private static boolean hasKey(ProviderDescriptor provider, Predicate<String> environment) {
        return provider.credentials().stream()
                .filter(c -> c.option().equals("apiKey"))
                .flatMap(c -> c.environment().stream())
                .anyMatch(environment);
    }
}
