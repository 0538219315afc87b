/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.MimeTypes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** File names that any file system takes, made of what a route or a service has given. They never lead out of their folder. */
final class FileNames {
    /** In UTF-8. The usual limit is 255; routes put prefixes and other extensions to it. */
    static final int MAX_BYTES = 200;

    private static final int MAX_SEGMENTS = 16;
    private static final int MAX_EXTENSION = 10;
    private static final Pattern RESERVED = Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");

    private FileNames() {}

    /**
     * A relative path, with its folders.
     *
     * @return {@code null} if nothing is left of it
     */
    static @Nullable String path(String text) {
        String[] segments = text.split("[/\\\\]");
        String path = Arrays.stream(segments)
                .skip(Math.max(0, segments.length - MAX_SEGMENTS))
                .map(FileNames::segment)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("/"));
        return path.isEmpty() ? null : path;
    }

    /**
     * One name; a short extension survives when it is cut.
     *
     * @return {@code null} if nothing is left of it
     */
    static @Nullable String segment(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().forEach(c -> clean.appendCodePoint(isAllowed(c) ? c : '_'));
        String name = trimmed(clean.toString());
        if (name.isEmpty()) {
            return null;
        }
        String extension = MimeTypes.extensionOf(name);
        int dot = name.length() - extension.length() - 1;
        boolean keepsExtension = dot > 0 && extension.length() <= MAX_EXTENSION;
        String end = keepsExtension ? name.substring(dot) : "";
        String cut = trimmed(cut(name.substring(0, name.length() - end.length()), MAX_BYTES - bytes(end))) + end;
        return RESERVED.matcher(cut).matches() ? "_" + cut : cut;
    }

    /** Windows drops dots and spaces at the end; a name of dots alone is a folder. */
    private static String trimmed(String name) {
        int end = name.length();
        while (end > 0 && (name.charAt(end - 1) == '.' || name.charAt(end - 1) == ' ')) {
            end--;
        }
        return name.substring(0, end).stripLeading();
    }

    private static boolean isAllowed(int codePoint) {
        int type = Character.getType(codePoint);
        return type != Character.SURROGATE
                && type != Character.CONTROL
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.UNASSIGNED
                && "/\\:*?\"<>|".indexOf(codePoint) < 0;
    }

    private static String cut(String name, int maxBytes) {
        StringBuilder kept = new StringBuilder();
        int left = maxBytes;
        for (int c : name.codePoints().toArray()) {
            String one = Character.toString(c);
            left -= bytes(one);
            if (left < 0) {
                break;
            }
            kept.append(one);
        }
        return kept.toString();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** For a file system that can write nothing else. */
    static String ascii(String name) {
        return name.replaceAll("[^\\x20-\\x7e]", "_");
    }
}
