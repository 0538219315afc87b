/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a message wants, read from its text as a person would: {@code a 10-second video, 16:9}.
 *
 * @param text the message without directives
 * @param seconds length of the video
 * @param aspect {@code width:height}; empty if the text has none
 */
record Brief(String text, int seconds, String aspect) {
    private static final int DEFAULT_SECONDS = 5;
    private static final int MAX_SECONDS = 60;
    private static final Pattern SECONDS =
            Pattern.compile("(?i)(?<![\\d.])(\\d{1,2})[ -]?(?:seconds?|secs?|s|秒)(?![a-z])");
    private static final Pattern ASPECT = Pattern.compile("(?<!\\d)(16:9|9:16|1:1|4:3|3:4|21:9)(?!\\d)");

    /** @param before what the messages before it wanted; empty for the first one */
    static Brief of(String text, List<Brief> before) {
        Matcher seconds = SECONDS.matcher(text);
        Matcher aspect = ASPECT.matcher(text);
        Brief last = before.isEmpty() ? null : before.get(before.size() - 1);
        int length =
                seconds.find() ? Integer.parseInt(seconds.group(1)) : last == null ? DEFAULT_SECONDS : last.seconds();
        return new Brief(
                text,
                Math.max(1, Math.min(MAX_SECONDS, length)),
                aspect.find() ? aspect.group(1) : last == null ? "" : last.aspect());
    }
}
