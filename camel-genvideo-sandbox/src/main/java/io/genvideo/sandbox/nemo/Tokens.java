/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.NemoSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Which tokens are valid, and to whom they belong (docs/contracts/nemo.md section 3). Thread-safe. */
final class Tokens {
    static final String PREFIX = "nmv_usr_";
    /** Credits of an anonymous user. */
    static final long ANONYMOUS_CREDITS = 100;

    private static final String ANONYMOUS_PREFIX = PREFIX + "anon";
    private static final Duration LIFE = Duration.ofDays(7);
    /** Tokens that one address gets within the lifetime of a token. */
    private static final int PER_ADDRESS = 10;

    /**
     * Who sent a request.
     *
     * @param account name in the ledger; that of an anonymous user stays when the token is renewed
     * @param userId empty unless anonymous
     */
    record Owner(String token, String account, String userId) {
        boolean isAnonymous() {
            return !userId.isEmpty();
        }
    }

    /** A token that was made for an anonymous user. */
    record Issued(String token, String userId, Instant expiresAt) {}

    private final NemoSettings settings;
    private final Ledger ledger;
    private final Map<String, Issued> byToken = new HashMap<>();
    private final Map<String, Issued> byClient = new HashMap<>();
    private final Map<String, Integer> callsLeft = new HashMap<>();
    private final Deque<Instant> issuedAt = new ArrayDeque<>();

    Tokens(NemoSettings settings, Ledger ledger) {
        this.settings = settings;
        this.ledger = ledger;
    }

    synchronized void clear() {
        byToken.clear();
        byClient.clear();
        callsLeft.clear();
        issuedAt.clear();
    }

    /** The owner of a token; empty if it is not valid, or no longer. */
    synchronized Optional<Owner> owner(String token, Instant now) {
        Issued issued = byToken.get(token);
        if (issued == null) {
            boolean known = settings.tokens().isEmpty()
                    ? token.startsWith(PREFIX) && !token.startsWith(ANONYMOUS_PREFIX)
                    : settings.tokens().contains(token);
            return known && takeCall(token)
                    ? Optional.of(new Owner(token, Ledger.account(token), ""))
                    : Optional.empty();
        }
        return now.isBefore(issued.expiresAt()) && takeCall(token)
                ? Optional.of(new Owner(token, Ledger.account(issued.userId()), issued.userId()))
                : Optional.empty();
    }

    private boolean takeCall(String token) {
        Integer left = callsLeft.computeIfPresent(token, (t, n) -> n - 1);
        return left == null || left >= 0;
    }

    /** Lets a token expire after so many more calls. */
    synchronized void expire(String token, int calls) {
        callsLeft.put(token, calls);
    }

    /** Whether a client has a token that is still valid. */
    synchronized boolean hasValidToken(String clientId, Instant now) {
        Issued issued = byClient.get(clientId);
        return issued != null && now.isBefore(issued.expiresAt()) && callsLeft.getOrDefault(issued.token(), 1) > 0;
    }

    /** Makes a token for a client; empty if the address has had as many as it gets. */
    synchronized Optional<Issued> issue(String clientId, Instant now) {
        while (!issuedAt.isEmpty() && !now.isBefore(issuedAt.element().plus(LIFE))) {
            issuedAt.remove();
        }
        if (issuedAt.size() >= PER_ADDRESS) {
            return Optional.empty();
        }
        issuedAt.add(now);
        String userId = "anon_" + Ledger.hash(clientId).substring(0, 10);
        String token = ANONYMOUS_PREFIX + UUID.randomUUID().toString().replace("-", "");
        Issued issued = new Issued(token, userId, now.plus(LIFE));
        byToken.put(token, issued);
        byClient.put(clientId, issued);
        ledger.open(Ledger.account(userId), ANONYMOUS_CREDITS);
        return Optional.of(issued);
    }
}
