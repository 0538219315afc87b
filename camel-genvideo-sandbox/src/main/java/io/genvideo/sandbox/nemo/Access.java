/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Request;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Holds the headers of a request against docs/contracts/nemo.md section 4. */
final class Access {
    private static final String BEARER = "Bearer ";
    private static final String PLATFORM = "X-Skill-Platform";
    private static final List<String> ATTRIBUTION = List.of("X-Skill-Source", "X-Skill-Version", PLATFORM);
    private static final Set<String> PLATFORMS = Set.of("clawhub", "cursor", "unknown");

    /** What is done for a request whose token is valid. */
    @FunctionalInterface
    interface Call {
        Answer answer(Tokens.Owner owner) throws IOException;
    }

    private final Tokens tokens;
    private final Ledger ledger;
    private final Responses responses;
    private final InstantSource clock;

    Access(Tokens tokens, Ledger ledger, Responses responses, InstantSource clock) {
        this.tokens = tokens;
        this.ledger = ledger;
        this.responses = responses;
        this.clock = clock;
    }

    /** Serves a request, or refuses it for its token. */
    Answer authorized(Request request, String route, Call call) throws IOException {
        String authorization = request.header("Authorization");
        if (authorization == null || !authorization.startsWith(BEARER)) {
            ledger.violation(NemoService.NAME, route, "Authorization must be \"Bearer nmv_usr_...\"");
            return responses.error(Responses.TOKEN);
        }
        String token = authorization.substring(BEARER.length());
        if (!token.startsWith(Tokens.PREFIX)) {
            ledger.violation(NemoService.NAME, route, "the token does not start with " + Tokens.PREFIX);
            return responses.error(Responses.TOKEN);
        }
        Optional<Tokens.Owner> owner = tokens.owner(token, clock.instant());
        if (owner.isEmpty()) {
            return responses.error(Responses.TOKEN);
        }
        Optional<String> missing = missingAttribution(request);
        missing.ifPresent(what -> ledger.violation(NemoService.NAME, route, what));
        if (missing.isPresent() && route.equals(RenderEndpoints.ROUTE)) {
            return Responses.renderError(Responses.PLAN, "");
        }
        String platform = String.valueOf(request.header(PLATFORM));
        if (missing.isEmpty() && !PLATFORMS.contains(platform)) {
            ledger.note(NemoService.NAME, route, PLATFORM + " is not clawhub, cursor or unknown");
        }
        return call.answer(owner.get());
    }

    private static Optional<String> missingAttribution(Request request) {
        return ATTRIBUTION.stream()
                .filter(name -> {
                    String value = request.header(name);
                    return value == null || value.isBlank();
                })
                .map(name -> "the header " + name + " is missing")
                .findFirst();
    }

    /** Whether a body is declared as JSON. */
    static boolean isJson(Request request) {
        String type = String.valueOf(request.header("Content-Type"));
        return type.split(";", 2)[0].trim().equalsIgnoreCase("application/json");
    }
}
