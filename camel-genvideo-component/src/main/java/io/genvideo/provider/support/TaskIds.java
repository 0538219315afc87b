/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

/** Which task ids of services can be kept. An id is kept whole or not at all: a shortened one is another task's. */
public final class TaskIds {
    /** In characters. */
    public static final int MAX_LENGTH = 256;

    private TaskIds() {}

    /** Whether an id is not empty, short enough, and printable, so that a journal, a header and a URL can hold it. */
    public static boolean isStorable(String id) {
        return !id.isBlank() && id.length() <= MAX_LENGTH && id.codePoints().allMatch(TaskIds::isPrintable);
    }

    private static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
