/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.util.stream.Collectors.joining;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes share, as it stands in the journal: one line for each fact, so that a node keeps what a newer version has
 * written about itself. A line that can't be read is dropped.
 *
 * @param nodes owners that take part
 * @param unknown lines of a newer version; their second word is the owner
 */
record ClusterState(Set<String> nodes, List<Share> shares, List<Pause> pauses, List<String> unknown) {
    private static final String NODE = "node";
    private static final String SHARE = "share";
    private static final String PAUSE = "pause";

    ClusterState {
        nodes = Set.copyOf(nodes);
        shares = List.copyOf(shares);
        pauses = List.copyOf(pauses);
        unknown = List.copyOf(unknown);
    }

    /**
     * A node's part of a limit.
     *
     * @param most the limit as this node knows it; 0 if it does not
     * @param held what it may use at most
     * @param wanted what it would use if it could; 0 as long as it is alone
     */
    record Share(String owner, String account, Limit limit, long most, long held, long wanted) {
        boolean isOf(String account, Limit limit) {
            return this.account.equals(account) && this.limit == limit;
        }

        Share holding(long value) {
            return new Share(owner, account, limit, most, value, wanted);
        }

        private String line() {
            return String.join(" ", SHARE, word(owner), word(account), limit.name(), most + " " + held + " " + wanted);
        }

        private static Share parse(String[] words) {
            return new Share(
                    text(words[1]),
                    text(words[2]),
                    Limit.valueOf(words[3]),
                    number(words[4]),
                    number(words[5]),
                    number(words[6]));
        }

        /** One that is negative would let others use more than there is. */
        private static long number(String word) {
            long number = Long.parseLong(word);
            if (number < 0) {
                throw new IllegalArgumentException(word);
            }
            return number;
        }
    }

    /**
     * The service has asked a node to slow down.
     *
     * @param isOfPolls whether for polls; else for what is sent before a task exists
     * @param until by the journal's clock
     */
    record Pause(String owner, String account, boolean isOfPolls, Instant until) {
        private String line() {
            return String.join(
                    " ", PAUSE, word(owner), word(account), isOfPolls ? "polls" : "sends", "" + until.toEpochMilli());
        }

        private static Pause parse(String[] words) {
            return new Pause(
                    text(words[1]),
                    text(words[2]),
                    words[3].equals("polls"),
                    Instant.ofEpochMilli(Long.parseLong(words[4])));
        }
    }

    static ClusterState parse(String text) {
        Set<String> nodes = new TreeSet<>();
        List<Share> shares = new ArrayList<>();
        List<Pause> pauses = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        Set<String> misread = new TreeSet<>();
        for (String line : text.split("\n", -1)) {
            String[] words = line.split(" ", -1);
            String owner = words.length < 2 ? null : ownerOrNull(words[1]);
            if (owner == null) {
                continue;
            }
            try {
                switch (words[0]) {
                    case NODE -> nodes.add(owner);
                    case SHARE -> shares.add(Share.parse(words));
                    case PAUSE -> pauses.add(Pause.parse(words));
                    default -> unknown.add(line);
                }
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                // of a version that writes it in another way: its node counts as one that tells nothing
                misread.add(owner);
            }
        }
        nodes.removeAll(misread);
        return new ClusterState(nodes, shares, pauses, unknown);
    }

    private static @Nullable String ownerOrNull(String word) {
        try {
            return text(word);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    String text() {
        return Stream.of(
                        nodes.stream().sorted().map(node -> NODE + " " + word(node)),
                        shares.stream().map(Share::line).sorted(),
                        pauses.stream().map(Pause::line).sorted(),
                        unknown.stream().sorted())
                .flatMap(lines -> lines)
                .collect(joining("\n"));
    }

    /** Without the lines of some nodes. */
    ClusterState without(Predicate<String> owner) {
        return new ClusterState(
                Set.copyOf(nodes.stream().filter(owner.negate()).toList()),
                shares.stream().filter(s -> !owner.test(s.owner())).toList(),
                pauses.stream().filter(p -> !owner.test(p.owner())).toList(),
                unknown.stream()
                        .filter(line -> !owner.test(text(line.split(" ", -1)[1])))
                        .toList());
    }

    private static String word(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String text(String word) {
        return URLDecoder.decode(word, StandardCharsets.UTF_8);
    }
}
