/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.camel.util.SensitiveUtils;

/** What is wrong with a property, and what would be right. */
final class PropertyMessages {
    private static final int SIMILAR = 3;
    private static final int MAX_SHOWN = 100;

    private PropertyMessages() {}

    /**
     * @param property the property and where it stands
     * @param names of all options, in camel case
     */
    static GenvideoPropertyException unknown(String property, String option, String owner, Collection<String> names) {
        List<String> similar = names.stream()
                .filter(name -> distance(option, name.toLowerCase(Locale.ROOT)) <= SIMILAR)
                .sorted(Comparator.comparingInt(name -> distance(option, name.toLowerCase(Locale.ROOT))))
                .map(PropertyMessages::kebab)
                .toList();
        return new GenvideoPropertyException(
                property + " is not an option of " + owner + ".",
                similar.isEmpty()
                        ? "There are: "
                                + names.stream().map(PropertyMessages::kebab).collect(Collectors.joining(", ")) + "."
                        : "Did you mean " + String.join(" or ", similar) + "?");
    }

    /** The value is shown unless the option is a secret. */
    static GenvideoPropertyException wrongValue(String property, String option, String value, Class<?> type) {
        String shown = SensitiveUtils.containsSensitive(option)
                ? "a value that"
                : "the value '" + value.substring(0, Math.min(value.length(), MAX_SHOWN)) + "', which";
        return new GenvideoPropertyException(
                property + " has " + shown + " is not valid.", "It must be " + allowed(type) + ".");
    }

    private static String allowed(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "));
        }
        if (type == Duration.class) {
            return "a time such as 500ms, 30s, 5m, 1h or 7d";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        return "the name of a bean of type " + type.getName() + ", as '#bean:name'";
    }

    private static String kebab(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** How many characters must be added, removed or replaced. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
