/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.model.Operation;
import io.genvideo.provider.support.Values;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the leaf that a user means (docs/contracts/ima.md sections 3.1, 3.5 and 3.6), by leaf id, model id, name or alias, case
 * and spacing aside.
 * Where several versions share a name the newest is taken; the service's own clients take the last of the list, which is
 * the oldest.
 */
final class LeafSelector {
    private static final Pattern NUMBERS = Pattern.compile("\\d{1,18}");

    /** As many characters of a name that does not exist are compared with those that do. */
    private static final int MAX_COMPARED = 100;

    private LeafSelector() {}

    /** The leaf meant by {@code model}; {@code null} means the task type's default. Empty if there is none. */
    static Optional<ImaLeaf> find(@Nullable String model, Operation taskType, List<ImaLeaf> leaves) {
        String wanted = model == null || model.isBlank() ? ModelAliases.defaultFor(taskType) : model;
        String key = ModelAliases.key(wanted);
        return newest(leaves, ImaLeaf::id, key)
                .or(() -> newest(leaves, ImaLeaf::modelId, key))
                .or(() -> newest(leaves, ImaLeaf::name, key))
                .or(() -> ModelAliases.modelIds(wanted).stream()
                        .flatMap(id -> newest(leaves, ImaLeaf::modelId, ModelAliases.key(id)).stream())
                        .findFirst());
    }

    /** What to call a leaf so that exactly this one is found again: its model id if no other shares it, else its own id. */
    static String nameOf(ImaLeaf leaf, List<ImaLeaf> leaves) {
        long sharing =
                leaves.stream().filter(l -> l.modelId().equals(leaf.modelId())).count();
        return sharing == 1 ? leaf.modelId() : leaf.id();
    }

    /**
     * Why nothing was found: the option, its value, and the nearest names, or the task types that have the model.
     *
     * @param elsewhere the leaves of the other task types, as far as they are known
     */
    static RuntimeException notFound(
            @Nullable String model, Operation taskType, List<ImaLeaf> leaves, Map<Operation, List<ImaLeaf>> elsewhere) {
        String given = model == null || model.isBlank()
                ? "the default model=" + ModelAliases.defaultFor(taskType)
                : "model=" + Values.shown(model);
        String others = elsewhere.entrySet().stream()
                .filter(e -> find(model, e.getKey(), e.getValue()).isPresent() && model != null && !model.isBlank())
                .map(Map.Entry::getKey)
                .sorted()
                .map(Operation::path)
                .collect(Collectors.joining(", "));
        String reason = others.isEmpty()
                ? given + " is not in IMA Studio's list for " + taskType.path()
                : given + " is not offered for " + taskType.path() + ", only for " + others;
        String names = nearest(model == null ? "" : model, leaves);
        return ImaErrors.ERRORS.invalid(
                reason + (names.isEmpty() ? "; no model is" : "; option model takes for example " + names));
    }

    private static Optional<ImaLeaf> newest(List<ImaLeaf> leaves, Function<ImaLeaf, String> property, String key) {
        // Of equal versions the first in the list: max() would take the last.
        return leaves.stream()
                .filter(l -> ModelAliases.key(property.apply(l)).equals(key))
                .reduce((a, b) -> byVersion(a, b) >= 0 ? a : b);
    }

    private static int byVersion(ImaLeaf a, ImaLeaf b) {
        int byName = Arrays.compare(version(a.name()), version(b.name()));
        return byName != 0 ? byName : Arrays.compare(version(a.id()), version(b.id()));
    }

    /** The numbers in a name, part by part: {@code Pixverse V5.5} is 5, 5 and newer than {@code V5}. */
    private static long[] version(String name) {
        return NUMBERS.matcher(name)
                .results()
                .mapToLong(number -> Long.parseLong(number.group()))
                .toArray();
    }

    /** Up to five names, the most similar ones first. */
    private static String nearest(String wanted, List<ImaLeaf> leaves) {
        String full = ModelAliases.key(wanted);
        String key = full.length() <= MAX_COMPARED ? full : full.substring(0, MAX_COMPARED);
        Set<String> families = new HashSet<>();
        return leaves.stream()
                .sorted(Comparator.comparingInt(l -> Math.min(
                        distance(key, ModelAliases.key(l.name())), distance(key, ModelAliases.key(l.modelId())))))
                // one of each family, unless a version is all that differs from the wanted name
                .filter(l -> families.add(l.modelId()) || key.contains(ModelAliases.key(l.modelId())))
                .map(l -> l.name().equals(nameOf(l, leaves)) ? l.name() : nameOf(l, leaves) + " (" + l.name() + ")")
                .distinct()
                .limit(5)
                .collect(Collectors.joining(", "));
    }

    /** How many letters differ (Levenshtein); 0 for a part of the other, because people leave versions out. */
    private static int distance(String a, String b) {
        if (!a.isEmpty() && (b.contains(a) || a.contains(b))) {
            return 0;
        }
        int[] previous = new int[b.length() + 1];
        Arrays.setAll(previous, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
