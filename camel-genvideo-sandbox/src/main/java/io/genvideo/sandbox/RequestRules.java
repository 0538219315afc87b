/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What holds for requests to every service: where a credential may stand, and that a client waits as long as it was asked to.
 * Keys are remembered as hashes only. Thread-safe.
 */
final class RequestRules {
    /** Requests that were under way together with one that was refused are not blamed for it. */
    private static final Duration UNDER_WAY = Duration.ofMillis(250);

    /** Most keys that are remembered, for who sends another one with every request. */
    private static final int MAX_KEYS = 10_000;

    /** IMA's upload token takes the key in the query (docs/contracts/ima.md section 4). */
    private static final String KEY_IN_QUERY = "upload-token";

    private static final String PRESIGNED = "upload-put";

    private final Ledger ledger;
    private final Set<String> seenKeys = ConcurrentHashMap.newKeySet();
    private final Map<String, Pause> pauses = new ConcurrentHashMap<>();

    private record Pause(Instant since, Instant until) {}

    RequestRules(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Books what is wrong with a request whatever it asks for.
     *
     * @return why it is refused; empty if the service shall look at it
     */
    Optional<String> check(Request request, String service, String route) {
        String authorization = request.header("Authorization");
        String key = key(request);
        boolean isPublic = route.equals(Pages.MEDIA_ROUTE) || route.equals(KEY_IN_QUERY) || route.equals(PRESIGNED);
        // a presigned URL refuses them itself
        boolean takesAnything = route.equals(Pages.MEDIA_ROUTE) || route.equals(KEY_IN_QUERY);
        if (takesAnything && (authorization != null || request.header("x-api-key") != null)) {
            ledger.violation(
                    service, route, "credentials in the headers of a request that needs none: a key was given away");
        }
        if (!route.equals(KEY_IN_QUERY)
                && request.query().values().stream().flatMap(List::stream).anyMatch(this::isKey)) {
            ledger.violation(service, route, "a key in the query of a URL, where logs keep it");
        }
        if (request.header("User-Agent") == null) {
            ledger.note(service, route, "no User-Agent header; some gateways refuse such requests");
        }
        if (!key.isEmpty() && !isPublic) {
            seenKeys.add(Ledger.hash(key));
        }
        waited(request, service, route);
        return Stream.of("Authorization", "x-api-key")
                .filter(name -> request.headerCount(name) > 1)
                .map(name -> "the " + name + " header is there " + request.headerCount(name) + " times")
                .findFirst();
    }

    /** Forgets keys and pauses, as if no request had come yet. */
    void clear() {
        seenKeys.clear();
        pauses.clear();
    }

    private boolean isKey(String value) {
        return value.startsWith("ima_")
                || value.startsWith("sk_")
                || value.startsWith("nmv_usr_")
                || seenKeys.contains(Ledger.hash(value));
    }

    /** The credential of a request, in whichever header its service has it; empty without one. */
    private static String key(Request request) {
        String authorization = request.header("Authorization");
        String apiKey = request.header("x-api-key");
        if (authorization == null) {
            return apiKey == null ? "" : apiKey;
        }
        return authorization.startsWith("Bearer ") ? authorization.substring("Bearer ".length()) : authorization;
    }

    /** The client was asked to wait that long before its next request to the route. */
    void slowDown(Request request, String service, String route, Duration retryAfter) {
        long seconds = retryAfter.toSeconds();
        if (seconds > 0) {
            Instant now = ledger.now();
            pauses.put(client(request, service, route), new Pause(now.plus(UNDER_WAY), now.plusSeconds(seconds)));
        }
    }

    private void waited(Request request, String service, String route) {
        String client = client(request, service, route);
        @Nullable Pause pause = pauses.get(client);
        if (pause == null) {
            return;
        }
        Instant now = ledger.now();
        if (!now.isBefore(pause.until())) {
            pauses.remove(client, pause);
        } else if (now.isAfter(pause.since())) {
            ledger.violation(
                    service,
                    route,
                    "Retry-After ignored: the request came "
                            + Duration.between(now, pause.until()).toMillis() + " ms too early");
        }
    }

    private static String client(Request request, String service, String route) {
        return service + "/" + route + "/" + Ledger.account(key(request));
    }
}
