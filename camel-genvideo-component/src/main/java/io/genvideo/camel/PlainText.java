/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

/** Texts that a database and a JSON body take. What they do not take would fail after something was paid. */
final class PlainText {
    static final String NOT_WRITABLE = "a character that can't be stored: NUL, or half of a surrogate pair";

    private PlainText() {}

    /** Whether the text has neither NUL nor an unpaired surrogate. */
    static boolean isWritable(String text) {
        return text.codePoints().noneMatch(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
