/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Lets tasks of an account with the same {@linkplain io.genvideo.spi.ReadyGeneration#serializationKey serialization key} go
 * on one after the other, in the order in which they came.
 */
final class SerializationKeys {
    private final Map<String, Holders> keys = new HashMap<>();

    /** Who wants a key. */
    interface Candidate {
        /** Whether it still wants the key. */
        boolean isWanted();

        /** It holds the key now, and gives it back with {@link #release}. */
        void keyGranted();
    }

    private static final class Holders {
        /** More than one only after a restart, if earlier processes shared the key. */
        private final Set<Object> holding = new HashSet<>();

        private final ArrayDeque<Candidate> waiting = new ArrayDeque<>();
    }

    /** Grants the key to the candidate when nobody holds it any more. */
    void acquire(String key, Candidate candidate) {
        Holders holders = keys.computeIfAbsent(key, k -> new Holders());
        holders.waiting.addLast(candidate);
        grant(key, holders);
    }

    /** The candidate does not want the key any more. */
    void withdraw(String key, Candidate candidate) {
        Holders holders = keys.get(key);
        if (holders != null) {
            holders.waiting.remove(candidate);
        }
    }

    /** Takes the key for a task that was sent before, whoever holds it. */
    void hold(String key, Object holder) {
        keys.computeIfAbsent(key, k -> new Holders()).holding.add(holder);
    }

    /** Whether somebody holds the key. */
    boolean isHeld(String key) {
        Holders holders = keys.get(key);
        return holders != null && !holders.holding.isEmpty();
    }

    void release(String key, Object holder) {
        Holders holders = keys.get(key);
        if (holders != null && holders.holding.remove(holder)) {
            grant(key, holders);
        }
    }

    private void grant(String key, Holders holders) {
        while (holders.holding.isEmpty()) {
            Candidate next = holders.waiting.pollFirst();
            if (next == null) {
                keys.remove(key, holders);
                return;
            }
            if (next.isWanted()) {
                holders.holding.add(next);
                next.keyGranted();
            }
        }
    }
}
