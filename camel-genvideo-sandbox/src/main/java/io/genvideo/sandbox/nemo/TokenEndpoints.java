/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Request;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/** Anonymous tokens, and links with which their work can be claimed (docs/contracts/nemo.md section 3). */
final class TokenEndpoints {
    static final String ROUTE = "token";
    static final String CLAIM_ROUTE = "claim";

    private static final int MAX_CLIENT_ID = 200;
    private static final int MAX_BODY = 1 << 16;
    private static final int CLAIM_SECONDS = 604_800;

    private final Tokens tokens;
    private final Sessions sessions;
    private final Ledger ledger;
    private final Responses responses;
    private final InstantSource clock;

    TokenEndpoints(Tokens tokens, Sessions sessions, Ledger ledger, Responses responses, InstantSource clock) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.ledger = ledger;
        this.responses = responses;
        this.clock = clock;
    }

    Answer anonymous(Request request) {
        String clientId = request.header("X-Client-Id");
        if (clientId == null || clientId.isBlank() || clientId.length() > MAX_CLIENT_ID) {
            ledger.violation(NemoService.NAME, ROUTE, "X-Client-Id must be there, with at most 200 characters");
            return responses.error(Responses.INVALID, "X-Client-Id header is required");
        }
        if (request.header("Authorization") != null) {
            ledger.note(NemoService.NAME, ROUTE, "an Authorization header on the request for a token");
        }
        if (request.length() > 0) {
            ledger.note(NemoService.NAME, ROUTE, "a body on the request for a token");
        }
        if (tokens.hasValidToken(clientId, clock.instant())) {
            ledger.violation(
                    NemoService.NAME, ROUTE, "a second token for a client whose first is valid: it was not kept");
            return responses.error(Responses.LIMIT);
        }
        Optional<Tokens.Issued> issued = tokens.issue(clientId, clock.instant());
        if (issued.isEmpty()) {
            return responses.error(Responses.LIMIT);
        }
        Tokens.Issued token = issued.get();
        return Responses.success(Json.MAPPER
                .createObjectNode()
                .put("token", token.token())
                .put("user_id", token.userId())
                .put(
                        "expires_at",
                        token.expiresAt().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("credits", ledger.balance(Ledger.account(token.userId()))));
    }

    Answer claim(Request request, Tokens.Owner owner) throws IOException {
        byte[] body = request.body(MAX_BODY);
        JsonNode json = Json.parse(body == null ? new byte[0] : body);
        boolean valid = Access.isJson(request)
                && json.size() == 2
                && json.path("task_id").isTextual()
                && json.path("session_id").isTextual();
        if (!valid) {
            String what = "the body must be {\"task_id\":\"...\",\"session_id\":\"...\"}";
            ledger.violation(NemoService.NAME, CLAIM_ROUTE, what);
            return responses.error(Responses.INVALID, what);
        }
        Optional<Session> session = sessions.find(json.path("session_id").asText(), owner.account());
        if (session.isEmpty()
                || !session.get().taskId().equals(json.path("task_id").asText())) {
            return sessions.unknown(json.path("session_id").asText(), CLAIM_ROUTE);
        }
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.put("claim_token", "clm_" + UUID.randomUUID().toString().replace("-", ""));
        return Responses.success(data.put("expires_in", CLAIM_SECONDS));
    }
}
