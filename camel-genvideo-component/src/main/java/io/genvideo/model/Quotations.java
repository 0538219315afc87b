/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds what a text quotes of another one that must not be shown, in linear time. */
final class Quotations {
    /** As many characters in common with a prompt are a quotation, not chance. */
    private static final int QUOTATION = 12;

    /** The same for scripts that write a word with one or two characters. */
    private static final int DENSE_QUOTATION = 4;

    private static final int HASH_BASE = 31;
    private static final char DENSE = '\u2E80';

    private final String hidden;
    /** Of its runs, sorted, so that many texts can be searched; {@code null} before the first. */
    private int @Nullable [] hashes;

    /** @param hidden a text that must not be shown */
    Quotations(String hidden) {
        this.hidden = hidden;
    }

    /** Hides every run of characters in a text that is also in the one which must not be shown. */
    String hiddenIn(String shown) {
        if (hidden.length() <= 3) {
            return shown;
        }
        String text = hidden.length() < QUOTATION ? shown.replace(hidden, TextSanitizer.HIDDEN) : shown;
        boolean isPlain = TextSanitizer.isPlain(text);
        if (isPlain && !mayShareRun(text)) {
            return text;
        }
        boolean[] quoted = new boolean[text.length()];
        boolean any = mark(text, hidden, QUOTATION, quoted);
        if (!isPlain) {
            any |= mark(text, hidden, DENSE_QUOTATION, quoted);
        }
        return any ? blanked(text, quoted) : text;
    }

    /** Whether a hash of a run, case aside, is in both texts: if not, they have none in common. */
    private boolean mayShareRun(String text) {
        if (text.length() < QUOTATION || hidden.length() < QUOTATION) {
            return false;
        }
        int[] sorted = hashes;
        if (sorted == null) {
            sorted = hashesOfRuns(hidden);
            Arrays.sort(sorted);
            hashes = sorted;
        }
        for (int hash : hashesOfRuns(text)) {
            if (Arrays.binarySearch(sorted, hash) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Polynomial hashes, each made of the one before. */
    private static int[] hashesOfRuns(String text) {
        int first = 1;
        for (int i = 0; i < QUOTATION; i++) {
            first *= HASH_BASE;
        }
        int[] hashes = new int[text.length() - QUOTATION + 1];
        int hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = hash * HASH_BASE + Character.toLowerCase(text.charAt(i));
            if (i >= QUOTATION) {
                hash -= first * Character.toLowerCase(text.charAt(i - QUOTATION));
            }
            if (i >= QUOTATION - 1) {
                hashes[i - QUOTATION + 1] = hash;
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
