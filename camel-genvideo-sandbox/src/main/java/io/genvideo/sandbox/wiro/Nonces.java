/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The nonces of each account over all endpoints. A nonce that was used is an error. One that is lower than another is an error
 * only if that one came long before: requests that are under way together overtake each other. Bounded and thread-safe.
 */
final class Nonces {
    private static final int MAX_REMEMBERED = 10_000;
    private static final int MAX_ACCOUNTS = 1_000;
    private static final Duration OVERTAKING = Duration.ofSeconds(5);

    private static final class Account {
        private final Map<String, Boolean> used = new LinkedHashMap<>(16, 0.75f, false) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > MAX_REMEMBERED;
            }
        };
        private final Deque<Seen> recent = new ArrayDeque<>();
        private BigInteger settled = BigInteger.ZERO;
    }

    private record Seen(Instant at, BigInteger nonce) {}

    private final Map<String, Account> accounts = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Account> eldest) {
            return size() > MAX_ACCOUNTS;
        }
    };

    /** Returns what is wrong with the nonce of a request; empty if nothing. */
    synchronized Optional<String> complaint(String account, String nonce, Instant now) {
        Account seen = accounts.computeIfAbsent(account, a -> new Account());
        if (seen.used.put(nonce, true) != null) {
            return Optional.of("a nonce was used before");
        }
        if (!nonce.matches("\\d{1,40}")) {
            return Optional.empty();
        }
        while (!seen.recent.isEmpty()
                && (seen.recent.size() >= MAX_REMEMBERED
                        || seen.recent.element().at().plus(OVERTAKING).isBefore(now))) {
            seen.settled = seen.settled.max(seen.recent.remove().nonce());
        }
        BigInteger number = new BigInteger(nonce);
        seen.recent.add(new Seen(now, number));
        return number.compareTo(seen.settled) < 0
                ? Optional.of("a nonce is lower than one that was sent seconds before")
                : Optional.empty();
    }

    synchronized void clear() {
        accounts.clear();
    }
}
