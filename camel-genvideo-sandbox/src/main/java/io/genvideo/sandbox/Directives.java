/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Instructions to the sandbox inside of a prompt, in double square brackets. They work on every service, as far as it has
 * what they ask for, and are not drawn.
 *
 * <table>
 * <caption>Directives</caption>
 * <tr><td>{@code [[fail]]} {@code [[fail: message]]}</td><td>the task fails with that message</td></tr>
 * <tr><td>{@code [[deleted]]} {@code [[canceled]]}</td><td>the task is deleted, or canceled</td></tr>
 * <tr><td>{@code [[failed-status]]}</td><td>fails in the status text only</td></tr>
 * <tr><td>{@code [[failed-after]]}</td><td>its resource is ready, its status is failed</td></tr>
 * <tr><td>{@code [[fail-one]]}</td><td>with several results the last one fails; with one it is {@code [[fail]]}</td></tr>
 * <tr><td>{@code [[empty-status]]}</td><td>unfinished results have an empty {@code resource_status}</td></tr>
 * <tr><td>{@code [[completed]]}</td><td>success is spelled {@code completed}</td></tr>
 * <tr><td>{@code [[stuck]]}</td><td>the task never ends</td></tr>
 * <tr><td>{@code [[no-url]]}</td><td>success without a URL in the first three polls</td></tr>
 * <tr><td>{@code [[watermark-only]]}</td><td>only the watermarked URL is there</td></tr>
 * <tr><td>{@code [[reject]]} {@code [[reject: message]]}</td><td>create refuses the content</td></tr>
 * <tr><td>{@code [[insufficient]]}</td><td>create says that points are missing</td></tr>
 * <tr><td>{@code [[subscription]]}</td><td>create says that a subscription is needed</td></tr>
 * <tr><td>{@code [[no-terminal]]}</td><td>its event stream ends without the terminal event</td></tr>
 * <tr><td>{@code [[old-status]]}</td><td>its states are spelled as in older answers</td></tr>
 * <tr><td>{@code [[take: 30s]]}</td><td>the task takes this long; {@code ms}, {@code s} or {@code m}</td></tr>
 * </table>
 *
 * @param outcome how the task ends
 * @param message text for the outcome, or empty
 * @param take how long the task takes, or null for what the sandbox is set to
 * @param noTerminal whether its event stream ends without the terminal event
 * @param oldStatus whether its states are spelled as in older answers
 * @param own directives of single services with their arguments, e.g. {@code timeout}; an argument may be empty
 * @param text the prompt without directives
 */
public record Directives(
        Outcome outcome,
        String message,
        @Nullable Duration take,
        boolean noTerminal,
        boolean oldStatus,
        Map<String, String> own,
        String text) {

    /** How a task, or its create, ends. */
    public enum Outcome {
        SUCCEED,
        FAIL,
        DELETED,
        CANCELED,
        FAILED_STATUS,
        FAILED_AFTER,
        STUCK,
        NO_URL,
        WATERMARK_ONLY,
        FAIL_ONE,
        EMPTY_STATUS,
        COMPLETED,
        REJECT,
        INSUFFICIENT,
        SUBSCRIPTION;

        /** Whether a video is to be rendered for it. */
        public boolean needsMedia() {
            return this == SUCCEED
                    || this == NO_URL
                    || this == WATERMARK_ONLY
                    || this == FAIL_ONE
                    || this == EMPTY_STATUS
                    || this == COMPLETED;
        }
    }

    private static final Map<String, Outcome> OUTCOMES = Map.ofEntries(
            Map.entry("fail", Outcome.FAIL),
            Map.entry("deleted", Outcome.DELETED),
            Map.entry("canceled", Outcome.CANCELED),
            Map.entry("failed-status", Outcome.FAILED_STATUS),
            Map.entry("failed-after", Outcome.FAILED_AFTER),
            Map.entry("fail-one", Outcome.FAIL_ONE),
            Map.entry("empty-status", Outcome.EMPTY_STATUS),
            Map.entry("completed", Outcome.COMPLETED),
            Map.entry("stuck", Outcome.STUCK),
            Map.entry("no-url", Outcome.NO_URL),
            Map.entry("watermark-only", Outcome.WATERMARK_ONLY),
            Map.entry("reject", Outcome.REJECT),
            Map.entry("insufficient", Outcome.INSUFFICIENT),
            Map.entry("subscription", Outcome.SUBSCRIPTION));
    /** What single services add, with an example of the argument. */
    private static final Map<String, String> OWN = Map.ofEntries(
            Map.entry("busy", ""),
            Map.entry("callback", "early, double"),
            Map.entry("code", "490505"),
            Map.entry("drop", "2"),
            Map.entry("error-line", "text"),
            Map.entry("events", "adk"),
            Map.entry("expire-token", "0"),
            Map.entry("export-plan", ""),
            Map.entry("gui", ""),
            Map.entry("heartbeat", "text"),
            Map.entry("kill-lost", ""),
            Map.entry("kill-refused", "reason"),
            Map.entry("late-stage", "15s"),
            Map.entry("no-draft", ""),
            Map.entry("queued", ""),
            Map.entry("render-duplicate", ""),
            Map.entry("render-fail", "1"),
            Map.entry("render-shape", "a"),
            Map.entry("render-stuck", ""),
            Map.entry("result", "object"),
            Map.entry("silent", ""),
            Map.entry("socket-drop", "3"),
            Map.entry("socket-garbage", ""),
            Map.entry("socket-repeat", ""),
            Map.entry("socket-replay", ""),
            Map.entry("socket-silent", "0"),
            Map.entry("socket-text", ""),
            Map.entry("talk", ""),
            Map.entry("task-error", "message"),
            Map.entry("temporary-issue", ""),
            Map.entry("text-parameters", ""),
            Map.entry("timeout", ""),
            Map.entry("unchanged", ""),
            Map.entry("upper-case", ""),
            Map.entry("url-gone", ""));

    private static final Pattern DIRECTIVE =
            Pattern.compile("\\[\\[\\s*([a-z-]{1,20})\\s*(?::\\s*([^\\]]{0,200}?)\\s*)?\\]\\]");
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})\\s*(ms|s|m)");

    /** The names of all directives, in alphabetical order. */
    static List<String> names() {
        Stream<String> own = OWN.entrySet().stream()
                .map(e -> e.getValue().isEmpty() ? e.getKey() : e.getKey() + ": " + e.getValue());
        return Stream.of(OUTCOMES.keySet().stream(), Stream.of("take: 30s", "no-terminal", "old-status"), own)
                .flatMap(names -> names)
                .sorted()
                .toList();
    }

    /** Reads the directives of a prompt; what is not one of them stays in the text. */
    public static Directives parse(String prompt) {
        Outcome outcome = Outcome.SUCCEED;
        String message = "";
        Duration take = null;
        boolean noTerminal = false;
        boolean oldStatus = false;
        Map<String, String> own = new TreeMap<>();
        StringBuilder text = new StringBuilder();
        Matcher m = DIRECTIVE.matcher(prompt);
        while (m.find()) {
            String name = m.group(1);
            String argument = m.group(2) == null ? "" : m.group(2);
            Outcome named = OUTCOMES.get(name);
            Duration time = name.equals("take") ? time(argument) : null;
            if (named != null) {
                outcome = named;
                message = argument;
            } else if (time != null) {
                take = time;
            }
            boolean isNoTerminal = name.equals("no-terminal");
            boolean isOldStatus = name.equals("old-status");
            noTerminal |= isNoTerminal;
            oldStatus |= isOldStatus;
            boolean isOwn = OWN.containsKey(name);
            if (isOwn) {
                own.put(name, argument);
            }
            boolean known = named != null || time != null || isNoTerminal || isOldStatus || isOwn;
            m.appendReplacement(text, known ? "" : Matcher.quoteReplacement(m.group()));
        }
        m.appendTail(text);
        return new Directives(
                outcome,
                message,
                take,
                noTerminal,
                oldStatus,
                Map.copyOf(own),
                text.toString().strip());
    }

    /** Whether the prompt has a directive of a single service. */
    public boolean has(String name) {
        return own.containsKey(name);
    }

    /** The argument of a directive of a single service; empty without it. */
    public String argument(String name) {
        return own.getOrDefault(name, "");
    }

    /** The argument of a directive of a single service as a time; {@code otherwise} if it is none. */
    public Duration time(String name, Duration otherwise) {
        Duration time = time(argument(name));
        return time == null ? otherwise : time;
    }

    /** The argument of a directive of a single service as a number; {@code otherwise} if it is none. */
    public int number(String name, int otherwise) {
        String argument = argument(name);
        return argument.matches("\\d{1,6}") ? Integer.parseInt(argument) : otherwise;
    }

    private static @Nullable Duration time(String argument) {
        Matcher m = TIME.matcher(argument.toLowerCase(Locale.ROOT));
        if (!m.matches()) {
            return null;
        }
        long n = Long.parseLong(m.group(1));
        return switch (m.group(2)) {
            case "ms" -> Duration.ofMillis(n);
            case "m" -> Duration.ofMinutes(n);
            default -> Duration.ofSeconds(n);
        };
    }
}
