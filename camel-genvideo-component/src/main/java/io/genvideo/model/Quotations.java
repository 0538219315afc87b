/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds what a text quotes of another one that must not be shown, in linear time. */
final class Quotations {
    /** As many characters in common with a prompt are a quotation, not chance. */
    private static final int QUOTATION = 12;

    /** The same for scripts that write a word with one or two characters. */
    private static final int DENSE_QUOTATION = 4;

    private static final int HASH_BASE = 31;
    private static final char DENSE = '\u2E80';

    private Quotations() {}

    /** Hides every run of characters that is also in a text which must not be shown. */
    static String hidden(String text, String hidden) {
        if (hidden.length() <= 3) {
            return text;
        }
        if (hidden.length() < QUOTATION) {
            text = text.replace(hidden, TextSanitizer.HIDDEN);
        }
        boolean isPlain = TextSanitizer.isPlain(text);
        if (isPlain && !mayShareRun(text, hidden, QUOTATION)) {
            return text;
        }
        boolean[] quoted = new boolean[text.length()];
        boolean any = mark(text, hidden, QUOTATION, quoted);
        if (!isPlain) {
            any |= mark(text, hidden, DENSE_QUOTATION, quoted);
        }
        return any ? blanked(text, quoted) : text;
    }

    /** Whether a hash of a run of the given length, case aside, is in both texts: if not, they have none in common. */
    private static boolean mayShareRun(String text, String hidden, int length) {
        int[] runs = hashesOfRuns(text, length);
        Arrays.sort(runs);
        return Arrays.stream(runs.length == 0 ? runs : hashesOfRuns(hidden, length))
                .anyMatch(hash -> Arrays.binarySearch(runs, hash) >= 0);
    }

    /** Polynomial hashes, each made of the one before. */
    private static int[] hashesOfRuns(String text, int length) {
        int first = 1;
        for (int i = 0; i < length; i++) {
            first *= HASH_BASE;
        }
        int[] hashes = new int[Math.max(0, text.length() - length + 1)];
        int hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = hash * HASH_BASE + Character.toLowerCase(text.charAt(i));
            if (i >= length) {
                hash -= first * Character.toLowerCase(text.charAt(i - length));
            }
            if (i >= length - 1) {
                hashes[i - length + 1] = hash;
            }
        }
        return hashes;
    }

    /** Marks the runs of the given length that both texts have, case aside. */
    private static boolean mark(String text, String hidden, int length, boolean[] quoted) {
        Map<String, List<Integer>> runs = new HashMap<>();
        for (int i = 0; i + length <= text.length(); i++) {
            String run = folded(text, i, length);
            if (length >= QUOTATION || isDense(run)) {
                runs.computeIfAbsent(run, r -> new ArrayList<>()).add(i);
            }
        }
        boolean any = false;
        for (int i = 0; i + length <= hidden.length() && !runs.isEmpty(); i++) {
            List<Integer> places = runs.remove(folded(hidden, i, length));
            if (places != null) {
                any = true;
                places.forEach(at -> Arrays.fill(quoted, at, at + length, true));
            }
        }
        return any;
    }

    private static String folded(String text, int from, int length) {
        char[] run = new char[length];
        for (int i = 0; i < length; i++) {
            run[i] = Character.toLowerCase(text.charAt(from + i));
        }
        return new String(run);
    }

    private static boolean isDense(String run) {
        return run.chars().allMatch(c -> c >= DENSE);
    }

    private static String blanked(String text, boolean[] quoted) {
        StringBuilder kept = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (!quoted[i]) {
                kept.append(text.charAt(i));
            } else if (i == 0 || !quoted[i - 1]) {
                kept.append(TextSanitizer.HIDDEN);
            }
        }
        return kept.toString();
    }
}
