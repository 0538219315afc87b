/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/** Texts that Camel's converters would read as 0, such as {@code 3GB} for a number or {@code x5} for a time. */
final class ValueFormats {
    private static final Set<Class<?>> WHOLE_NUMBERS = Set.of(int.class, Integer.class, long.class, Long.class);
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?\\d{1,19}");
    private static final Pattern TIME = Pattern.compile("\\d{1,19}|(\\d{1,19}(ms|[smhd])){1,5}|P[0-9A-Z.]{1,50}");

    private ValueFormats() {}

    /** Other types are left to their converters, and references to beans to Camel. */
    static boolean isValid(String value, Class<?> type) {
        String text = value.trim();
        if (text.startsWith("#")) {
            return true;
        }
        if (WHOLE_NUMBERS.contains(type)) {
            return WHOLE_NUMBER.matcher(text).matches();
        }
        return type != Duration.class || TIME.matcher(text).matches();
    }
}
