/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Makes addresses and foreign text fit for logs and messages. Every method is linear in the length of its input. */
public final class Redaction {
    private static final char HIDDEN = '\u2026';

    private Redaction() {}

    /**
     * Scheme, host, port and path. A query is shown as {@code ?…}, because credentials and signatures travel there; user
     * information is not shown at all.
     */
    public static String uri(@Nullable URI uri) {
        if (uri == null) {
            return "";
        }
        StringBuilder shown = new StringBuilder();
        if (uri.getScheme() != null) {
            shown.append(uri.getScheme()).append("://");
        }
        if (uri.getHost() != null) {
            shown.append(uri.getHost());
            if (uri.getPort() >= 0) {
                shown.append(':').append(uri.getPort());
            }
        } else if (HttpUris.host(uri) != null) {
            shown.append(uri.getRawAuthority());
        }
        if (uri.getRawPath() != null) {
            shown.append(uri.getRawPath());
        }
        return uri.getRawQuery() == null
                ? shown.toString()
                : shown.append('?').append(HIDDEN).toString();
    }

    /**
     * Foreign text on one line and of limited length, without what addresses in it may carry: in each address the user
     * information, the query and the fragment are replaced by {@code …}.
     *
     * @param text of any length; not more than eight times {@code maxLength} of it is read
     * @param maxLength most characters of the outcome, at least 1; a cut is marked by {@code …}
     */
    public static String text(String text, int maxLength) {
        int read = (int) Math.min(text.length(), 8L * maxLength);
        String line = printable(text.substring(0, read)).strip();
        StringBuilder shown = new StringBuilder(Math.min(line.length(), maxLength + 1));
        int at = 0;
        while (at < line.length() && shown.length() <= maxLength) {
            int scheme = line.indexOf("://", at);
            if (scheme < 0) {
                shown.append(line, at, line.length());
                at = line.length();
            } else {
                int end = endOfAddress(line, scheme + 3);
                shown.append(line, at, scheme + 3);
                appendAddress(shown, line, scheme + 3, end);
                at = end;
            }
        }
        if (shown.length() > maxLength || read < text.length()) {
            shown.setLength(Math.min(shown.length(), maxLength - 1));
            if (shown.length() > 0 && Character.isHighSurrogate(shown.charAt(shown.length() - 1))) {
                shown.setLength(shown.length() - 1);
            }
            shown.append(HIDDEN);
        }
        return shown.toString();
    }

    /** An address ends at white space or at a character that usually encloses one. */
    private static int endOfAddress(String line, int from) {
        int end = from;
        while (end < line.length() && " \"'<>(){}[]|\\^`".indexOf(line.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static void appendAddress(StringBuilder shown, String line, int from, int end) {
        int path = from;
        int user = -1;
        while (path < end && "/?#".indexOf(line.charAt(path)) < 0) {
            if (line.charAt(path) == '@') {
                user = path;
            }
            path++;
        }
        if (user >= 0) {
            shown.append(HIDDEN);
        }
        int query = path;
        while (query < end && line.charAt(query) != '?' && line.charAt(query) != '#') {
            query++;
        }
        shown.append(line, user < 0 ? from : user, query);
        if (query < end) {
            shown.append(line.charAt(query)).append(HIDDEN);
        }
    }

    /** On one line: each run of white space and control characters becomes one space, lone surrogates become {@code ?}. */
    static String printable(String text) {
        StringBuilder line = new StringBuilder(text.length());
        boolean space = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                line.append(c).append(text.charAt(++i));
                space = false;
            } else if (isBlank(c)) {
                if (!space) {
                    line.append(' ');
                }
                space = true;
            } else {
                line.append(Character.isSurrogate(c) ? '?' : c);
                space = false;
            }
        }
        return line.toString();
    }

    /** White space, control characters, and the characters that change the direction of text. */
    private static boolean isBlank(char c) {
        return Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT;
    }
}
