/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Texts as columns can hold them. A database refuses NUL, and changes half of a surrogate pair, both of which a service may
 * send in an id. They are escaped, reversibly, so that no id makes the record of a paid task unwritable; all other texts
 * stay as they are.
 */
final class ColumnText {
    /** The control character SUBSTITUTE, followed by four hex digits. */
    private static final char ESCAPE = '\u001a';

    private static final int DIGITS = 4;

    private ColumnText() {}

    static String encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isEscaped(text, i)) {
                return encode(text, i);
            }
        }
        return text;
    }

    private static String encode(String text, int firstEscaped) {
        StringBuilder encoded = new StringBuilder(text.length() + 2 * DIGITS).append(text, 0, firstEscaped);
        for (int i = firstEscaped; i < text.length(); i++) {
            if (isEscaped(text, i)) {
                encoded.append(ESCAPE).append(HexFormat.of().toHexDigits(text.charAt(i)));
            } else {
                encoded.append(text.charAt(i));
            }
        }
        return encoded.toString();
    }

    private static boolean isEscaped(String text, int index) {
        char c = text.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return index == 0 || !Character.isHighSurrogate(text.charAt(index - 1));
        }
        return c == 0 || c == ESCAPE;
    }

    static @Nullable String decode(@Nullable String column) {
        if (column == null || column.indexOf(ESCAPE) < 0) {
            return column;
        }
        StringBuilder text = new StringBuilder(column.length());
        for (int i = 0; i < column.length(); i++) {
            char c = column.charAt(i);
            int end = i + 1 + DIGITS;
            if (c == ESCAPE && end <= column.length() && isHex(column, i + 1, end)) {
                text.append((char) HexFormat.fromHexDigits(column, i + 1, end));
                i += DIGITS;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static boolean isHex(String text, int from, int to) {
        return text.substring(from, to).chars().allMatch(HexFormat::isHexDigit);
    }
}
