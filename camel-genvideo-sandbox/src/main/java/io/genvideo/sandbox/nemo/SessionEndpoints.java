/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.PollRules;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.SandboxConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Creates sessions, shows their state and the credits (docs/contracts/nemo.md sections 5 and 8). */
final class SessionEndpoints {
    static final String ROUTE = "session";
    static final String STATE_ROUTE = "state";

    private static final int MAX_BODY = 1 << 16;
    private static final int MAX_NAME = 500;

    /** Of the state, after a stream broke. */
    private static final Duration READ_FLOOR = Duration.ofSeconds(30);

    private final SandboxConfig config;
    private final PollRules readRules;
    private final Ledger ledger;
    private final Responses responses;
    private final Sessions sessions;

    SessionEndpoints(SandboxConfig config, Ledger ledger, Responses responses, Sessions sessions) {
        this.config = config;
        this.readRules = new PollRules(ledger, config, READ_FLOOR);
        this.ledger = ledger;
        this.responses = responses;
        this.sessions = sessions;
    }

    Answer create(Request request, Tokens.Owner owner) throws IOException {
        byte[] body = request.body(MAX_BODY);
        JsonNode json = Json.parse(body == null ? new byte[0] : body);
        Optional<String> problem = problem(request, json);
        if (problem.isPresent()) {
            ledger.violation(NemoService.NAME, ROUTE, problem.get());
            return responses.error(Responses.INVALID, problem.get());
        }
        Session session =
                sessions.create(owner.account(), json.path("task_name").asText());
        session.onEnd(message -> {
            if (message.failure() != null && sessions.isKnown(session)) {
                // what was reserved for work that failed is available again
                ledger.refund(owner.account(), message.kind().price);
            }
        });
        ObjectNode data =
                Json.MAPPER.createObjectNode().put("task_id", session.taskId()).put("session_id", session.id());
        if (owner.isAnonymous()) {
            data.put("user_id", owner.userId());
        }
        return Responses.success(data);
    }

    private static Optional<String> problem(Request request, JsonNode json) {
        if (!Access.isJson(request)) {
            return Optional.of("Content-Type must be application/json, not " + request.header("Content-Type"));
        }
        JsonNode name = json.path("task_name");
        JsonNode language = json.path("language");
        boolean named =
                name.isTextual() && !name.asText().isBlank() && name.asText().length() <= MAX_NAME;
        if (!named || json.size() > (json.has("language") ? 2 : 1)) {
            return Optional.of("the body must be {\"task_name\":\"...\"}, perhaps with a language");
        }
        boolean spoken = language.isMissingNode() || language.asText().matches("[a-z]{2,3}([_-][A-Za-z]{2,4})?");
        return spoken ? Optional.empty() : Optional.of("language must be a code such as en");
    }

    /** @param path what follows {@code .../me/}: the id and {@code /latest} */
    Answer state(Request request, Tokens.Owner owner, String path) {
        String id = path.endsWith("/latest") ? path.substring(0, path.length() - "/latest".length()) : "";
        if (id.isEmpty()) {
            ledger.violation(NemoService.NAME, STATE_ROUTE, "the path of a state ends in /latest");
            return Responses.error(404, "Not found", 404);
        }
        Optional<Session> session = sessions.find(id, owner.account());
        session.flatMap(Session::lost)
                .ifPresent(m -> readRules.polled(
                        NemoService.NAME, STATE_ROUTE, m.id(), config.clock().instant()));
        return session.map(s -> Responses.success(s.state(request.origin())))
                .orElseGet(() -> sessions.unknown(id, STATE_ROUTE));
    }

    void clear() {
        readRules.clear();
    }

    Answer credits(Tokens.Owner owner) {
        long available = ledger.balance(owner.account());
        long frozen = sessions.frozen(owner.account());
        return Responses.success(Json.MAPPER
                .createObjectNode()
                .put("available", available)
                .put("frozen", frozen)
                .put("total", available + frozen));
    }
}
