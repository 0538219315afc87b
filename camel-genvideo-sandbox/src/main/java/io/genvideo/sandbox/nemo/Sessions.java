/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Ledger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Creates sessions and finds them again. Thread-safe. */
final class Sessions {
    /** The least id: like all up to {@link #ID_RANGE} above it, it has 19 digits. */
    private static final long FIRST_ID = 1_000_000_000_000_000_001L;

    private static final long ID_RANGE = 8_000_000_000_000_000_000L;

    private final Ledger ledger;
    private final Responses responses;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> byId = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Session> inOrder = new ConcurrentLinkedQueue<>();

    Sessions(Ledger ledger, Responses responses) {
        this.ledger = ledger;
        this.responses = responses;
    }

    Session create(String account, String taskName) {
        // odd, so that no double holds it
        String id = Long.toString(FIRST_ID + random.nextLong(ID_RANGE / 2) * 2);
        Session session = new Session(id, account, taskName);
        byId.put(id, session);
        inOrder.add(session);
        return session;
    }

    /** A session of this account. */
    Optional<Session> find(String id, String account) {
        return Optional.ofNullable(byId.get(id)).filter(s -> s.account().equals(account));
    }

    /** Whether it was not forgotten by a reset. */
    boolean isKnown(Session session) {
        return byId.containsKey(session.id());
    }

    /** The answer to an id that is not that of a session of the account. */
    Answer unknown(String id, String route) {
        boolean rounded = !byId.containsKey(id)
                && id.matches("[\\d.eE+]{1,30}")
                && inOrder.stream().anyMatch(s -> s.isRoundedTo(id));
        String what = rounded
                ? "a session id that was read as a floating-point number"
                : byId.containsKey(id) ? "a session of another account" : "a session that was never created";
        ledger.violation(NemoService.NAME, route, what);
        return responses.error(Responses.NO_SESSION);
    }

    /** What the open messages of an account have reserved. */
    long frozen(String account) {
        return inOrder.stream()
                .filter(s -> s.account().equals(account))
                .mapToLong(Session::frozen)
                .sum();
    }

    /** Forgets all sessions; they are unknown from then on. */
    void clear() {
        byId.clear();
        inOrder.clear();
    }

    Collection<Ledger.TaskView> views(Instant now) {
        return inOrder.stream().flatMap(s -> s.views(now).stream()).toList();
    }
}
