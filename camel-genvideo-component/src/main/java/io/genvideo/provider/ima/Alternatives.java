/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which models to try after one has failed: the advice of the service's own clients (docs/contracts/ima.md section 8), limited
 * to what the list
 * has, because several of the advised models are gone.
 */
final class Alternatives {
    private static final Map<String, List<String>> ADVICE = Map.of(
            "kling o1", List.of("Kling 2.1 Master", "Kling 2.5 Turbo"),
            "google veo 3.1", List.of("Kling 2.1 Master", "Sora 2"),
            "wan 2.6", List.of("Hailuo 2.0", "Kling 1.6"),
            "sora", List.of("Kling 2.1 Master", "Veo"));

    private static final List<String> OTHERWISE = List.of("Wan 2.6", "Hailuo 2.0");

    private Alternatives() {}

    /**
     * At most two names.
     *
     * @param failed as the task keeps it; {@code null} if it is not known
     */
    static List<String> to(@Nullable String failed, List<ImaLeaf> leaves) {
        Optional<ImaLeaf> leaf = Optional.ofNullable(failed).flatMap(name -> byName(name, leaves));
        String name = leaf.map(ImaLeaf::name).orElse("").toLowerCase(Locale.ROOT);
        Stream<String> advised = ADVICE.entrySet().stream()
                .filter(a -> name.startsWith(a.getKey()))
                .flatMap(a -> a.getValue().stream());
        return Stream.concat(advised, OTHERWISE.stream())
                .flatMap(n -> byName(n, leaves).stream())
                .map(ImaLeaf::name)
                .filter(n -> !n.equalsIgnoreCase(name))
                .distinct()
                .limit(2)
                .toList();
    }

    private static Optional<ImaLeaf> byName(String name, List<ImaLeaf> leaves) {
        String key = ModelAliases.key(name);
        List<String> ids =
                ModelAliases.modelIds(name).stream().map(ModelAliases::key).toList();
        return leaves.stream()
                .filter(l -> Stream.of(l.id(), l.modelId(), l.name())
                        .map(ModelAliases::key)
                        .anyMatch(k -> k.equals(key) || ids.contains(k)))
                .findFirst();
    }
}
