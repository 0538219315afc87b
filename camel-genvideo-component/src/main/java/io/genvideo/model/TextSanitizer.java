/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.io.Serializable;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes text that a service or a server has written fit to be stored and shown: on one line, bounded, without control
 * characters, without the queries of addresses (they may be signatures), and without the credentials and prompts that the text
 * quotes, whole or in part. The only place that does so. Every step takes time linear in the length of the text.
 */
public final class TextSanitizer {
    /** The longest message of a service that is shown, in characters. */
    public static final int MAX_MESSAGE = 300;

    /** The longest text that is kept of a raw answer, in characters. */
    public static final int MAX_RAW_TEXT = 2000;

    /** The deepest nesting that is kept of a raw answer: who reads it again must not need a deep stack. */
    public static final int MAX_RAW_DEPTH = 64;

    /** The longest text that is read; what is behind it is cut off unread. */
    private static final int MAX_READ = 8192;

    /** The longest prompt that is searched for quotations; longer ones are searched for by their beginning. */
    private static final int MAX_HIDDEN = 100_000;

    /** Stands for what is hidden. */
    static final String HIDDEN = "\u2026";

    private static final String PROMPT = "prompt";
    /** The bit that makes an ASCII letter a lower case one. */
    private static final int LOWER_CASE = 0x20;

    private static final int QUOTE_NEAR = 24;
    private static final Pattern BEARER = Pattern.compile("(?i)\\bbearer [^\\s,;\"']++");
    private static final Pattern CREDENTIAL =
            Pattern.compile("(?i)\\b((?:x-amz-|x-oss-)?(?:signature|credential|security-token)"
                    + "|sign|token|access[_-]?key(?:[_-]?id)?|api[_-]?key|secret|password|authorization)"
                    + "=[\"'<>(\\[{]*+[^\\s&\"'<>]++");

    private TextSanitizer() {}

    /**
     * One line of at most {@code maxLength} characters.
     *
     * @param hidden credentials and prompts that must not be shown; {@code null}s and texts of up to three characters are
     *     ignored
     */
    public static String clean(String text, int maxLength, Collection<? extends @Nullable String> hidden) {
        return cleanLine(text, maxLength, quotations(hidden));
    }

    private static List<Quotations> quotations(Collection<? extends @Nullable String> hidden) {
        List<Quotations> quotations = new ArrayList<>(hidden.size());
        for (String each : hidden) {
            if (each != null) {
                quotations.add(new Quotations(singleLine(bounded(each, MAX_HIDDEN))));
            }
        }
        return quotations;
    }

    private static String cleanLine(String text, int maxLength, List<Quotations> hidden) {
        String clean = withBlanks(text.length() <= MAX_READ ? text : text.substring(0, MAX_READ));
        clean = singleLine(withoutCredentials(withoutQueries(clean)));
        for (Quotations each : hidden) {
            clean = each.hiddenIn(clean);
        }
        clean = withoutQuotedPrompt(clean);
        return clean.length() <= maxLength ? clean : bounded(clean, maxLength - 3) + "...";
    }

    /**
     * A message of ours that may hold words of a service: one line of at most {@code maxLength} characters, without what looks
     * like a credential.
     */
    public static String message(String text, int maxLength) {
        String line = singleLine(withoutCredentials(withBlanks(bounded(text, 2 * maxLength))));
        return line.length() <= maxLength ? line : bounded(line, maxLength - 3) + "...";
    }

    /** As {@link #clean(String, int, Collection)} for a text in which nothing else is to be hidden. */
    public static String clean(String text, int maxLength) {
        return clean(text, maxLength, List.of());
    }

    /**
     * A raw answer as it may be kept: without the texts under a name with "prompt" in it, and with every other text clean.
     *
     * @param hidden credentials and prompts that must not be kept, in addition to the prompts that the answer itself repeats
     * @return unmodifiable, so that one which was cleaned before is not cleaned again where nothing else is hidden
     */
    public static Map<String, Object> cleanAnswer(
            Map<String, ?> answer, Collection<? extends @Nullable String> hidden) {
        if (answer instanceof CleanAnswer clean && hidden.isEmpty()) {
            return clean;
        }
        List<@Nullable String> all = new ArrayList<>(hidden);
        all.addAll(promptsIn(answer));
        return new CleanAnswer(cleanMap(answer, quotations(all), 1));
    }

    /** The texts of an answer under a name with "prompt" in it: what a service repeats of a request, to be hidden. */
    public static List<String> promptsIn(Map<String, ?> answer) {
        List<String> prompts = new ArrayList<>();
        collectPrompts(answer, prompts, 1);
        return prompts;
    }

    private static void collectPrompts(@Nullable Object value, List<String> prompts, int depth) {
        if (depth > MAX_RAW_DEPTH) {
            return;
        }
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, each) -> {
                if (each instanceof CharSequence && isPrompt(name)) {
                    prompts.add(each.toString());
                } else {
                    collectPrompts(each, prompts, depth + 1);
                }
            });
        } else if (value instanceof List<?> list) {
            list.forEach(each -> collectPrompts(each, prompts, depth + 1));
        }
    }

    private static Map<String, Object> cleanMap(Map<?, ?> answer, List<Quotations> hidden, int depth) {
        // the room that it needs: each open task keeps one
        Map<String, Object> kept = new LinkedHashMap<>(answer.size() * 4 / 3 + 1);
        answer.forEach((name, value) -> {
            if (!(value instanceof CharSequence && isPrompt(name))) {
                kept.put(clean(String.valueOf(name), MAX_MESSAGE), cleanValue(value, hidden, depth));
            }
        });
        return Collections.unmodifiableMap(kept);
    }

    private static @Nullable Object cleanValue(@Nullable Object value, List<Quotations> hidden, int depth) {
        boolean isNested = value instanceof Map<?, ?> || value instanceof List<?>;
        if (isNested && depth >= MAX_RAW_DEPTH) {
            return null;
        }
        if (value instanceof Map<?, ?> map) {
            return cleanMap(map, hidden, depth + 1);
        }
        if (value instanceof List<?> list) {
            // not toList(): an answer may hold null
            List<@Nullable Object> kept = new ArrayList<>();
            list.forEach(each -> kept.add(cleanValue(each, hidden, depth + 1)));
            return Collections.unmodifiableList(kept);
        }
        return value instanceof CharSequence text ? cleanLine(text.toString(), MAX_RAW_TEXT, hidden) : value;
    }

    private static boolean isPrompt(@Nullable Object name) {
        return mentionsPrompt(String.valueOf(name));
    }

    private static boolean mentionsPrompt(String text) {
        for (int i = 0; i <= text.length() - PROMPT.length(); i++) {
            if ((text.charAt(i) | LOWER_CASE) == PROMPT.charAt(0)
                    && (text.charAt(i + 1) | LOWER_CASE) == PROMPT.charAt(1)
                    && text.regionMatches(true, i, PROMPT, 0, PROMPT.length())) {
                return true;
            }
        }
        return false;
    }

    /**
     * White space becomes blanks; direction marks and broken characters are dropped. Other control characters stay until
     * queries and credentials are hidden: as blanks they would end these before their end.
     */
    private static String withBlanks(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            int type = Character.getType(point);
            if (Character.isWhitespace(point) || Character.isSpaceChar(point)) {
                line.append(' ');
            } else if (type != Character.FORMAT && type != Character.SURROGATE) {
                line.appendCodePoint(point);
            }
        }
        return line.toString();
    }

    /** Whether a text holds printable ASCII only, as most names and values of a response do: then nothing is dropped. */
    static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    /** White space and control characters become single blanks; direction marks and broken characters are dropped. */
    public static String singleLine(String text) {
        if (isPlain(text) && !text.startsWith(" ") && !text.endsWith(" ") && !text.contains("  ")) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            int type = Character.getType(point);
            if (Character.isWhitespace(point) || Character.isSpaceChar(point) || type == Character.CONTROL) {
                if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
                    line.append(' ');
                }
            } else if (type != Character.FORMAT && type != Character.SURROGATE) {
                line.appendCodePoint(point);
            }
        }
        return line.toString().stripTrailing();
    }

    private static String withoutCredentials(String text) {
        String clean = text.indexOf(' ') < 0 ? text : BEARER.matcher(text).replaceAll("Bearer " + HIDDEN);
        return clean.indexOf('=') < 0 ? clean : CREDENTIAL.matcher(clean).replaceAll("$1=" + HIDDEN);
    }

    private static String bounded(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /** Scheme, host and path of each address stay. */
    private static String withoutQueries(String text) {
        if (!text.contains("://")) {
            return text;
        }
        StringBuilder kept = new StringBuilder(text.length());
        int from = 0;
        for (int scheme = text.indexOf("://"); scheme >= 0; scheme = text.indexOf("://", from)) {
            int end = scheme + 3;
            int user = -1;
            while (end < text.length() && !endsAddress(text.charAt(end)) && !beginsQuery(text.charAt(end))) {
                if (text.charAt(end) == '@' && text.indexOf('/', scheme + 3) >= end) {
                    user = end + 1;
                }
                end++;
            }
            kept.append(text, from, scheme + 3).append(text, user < 0 ? scheme + 3 : user, end);
            if (end < text.length() && beginsQuery(text.charAt(end))) {
                kept.append(text.charAt(end)).append(HIDDEN);
                end = endOfQuery(text, end);
            }
            from = end;
        }
        return kept.append(text, from, text.length()).toString();
    }

    /**
     * A query may be torn, by a service or by a line break: it continues behind a character that ends an address if nothing
     * has followed its last "=", or if what follows is a parameter again.
     */
    private static int endOfQuery(String text, int from) {
        int end = endOfRun(text, from);
        while (end < text.length()) {
            int next = end + 1;
            while (next < text.length() && endsAddress(text.charAt(next))) {
                next++;
            }
            int runEnd = endOfRun(text, next);
            if (!isValueMissing(text, from, end) && !isParameter(text, next, runEnd)) {
                return end;
            }
            end = runEnd;
        }
        return end;
    }

    private static int endOfRun(String text, int from) {
        int end = from;
        while (end < text.length() && !endsAddress(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isValueMissing(String text, int from, int end) {
        int last = end - 1;
        while (last > from && Character.isISOControl(text.charAt(last))) {
            last--;
        }
        return text.charAt(last) == '=';
    }

    private static boolean isParameter(String text, int from, int end) {
        String run = text.substring(from, end);
        return run.contains("=") && !run.contains("://");
    }

    private static boolean beginsQuery(char c) {
        return c == '?' || c == '#';
    }

    private static boolean endsAddress(char c) {
        return c == ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == ')' || c == ']' || c == '}';
    }

    /** What a message quotes right after the word "prompt": also where nobody knows the prompt any more. */
    private static String withoutQuotedPrompt(String text) {
        if (!mentionsPrompt(text)) {
            return text;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.length() != text.length()) {
            return text;
        }
        StringBuilder kept = new StringBuilder(text.length());
        int from = 0;
        for (int word = lower.indexOf(PROMPT); word >= 0; word = lower.indexOf(PROMPT, from)) {
            int behind = word + PROMPT.length();
            boolean isName = word > 0 && closing(text.charAt(word - 1)) != 0;
            int open = isName ? behind + 1 : behind;
            while (open < text.length() && open < behind + QUOTE_NEAR && closing(text.charAt(open)) == 0) {
                open++;
            }
            if (open >= text.length() || open >= behind + QUOTE_NEAR) {
                kept.append(text, from, behind);
                from = behind;
                continue;
            }
            int close = text.indexOf(closing(text.charAt(open)), open + 1);
            int end = close < 0 ? text.length() : close;
            kept.append(text, from, open + 1).append(HIDDEN);
            from = end;
        }
        return kept.append(text, from, text.length()).toString();
    }

    /** The character that ends a quotation, or 0 if this one begins none. */
    private static char closing(char open) {
        return switch (open) {
            case '"', '\'', '`' -> open;
            case '\u201C' -> '\u201D';
            case '\u2018' -> '\u2019';
            case '\u300C' -> '\u300D';
            case '\u00AB' -> '\u00BB';
            default -> 0;
        };
    }

    /** An answer that was cleaned, and can't be changed since. */
    private static final class CleanAnswer extends AbstractMap<String, Object> implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // holds what JSON holds
        private final Map<String, Object> fields;

        CleanAnswer(Map<String, Object> fields) {
            this.fields = fields;
        }

        @Override
        public @Nullable Object get(@Nullable Object name) {
            return fields.get(name);
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            return fields.entrySet();
        }
    }
}
