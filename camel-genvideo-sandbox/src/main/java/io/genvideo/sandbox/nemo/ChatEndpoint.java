/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.SandboxConfig;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code run_sse}: takes a paid message and streams what comes of it (docs/contracts/nemo.md section 6). */
final class ChatEndpoint {
    static final String ROUTE = "create";

    private static final int MAX_BODY = 1 << 20;
    /** {@code [[code: 2001]]}, or with an HTTP status {@code [[code: 2001, 402]]}. */
    private static final Pattern CODE = Pattern.compile("(\\d{1,9})(?:\\s*,\\s*([1-5]\\d\\d))?");

    private final SandboxConfig config;
    private final Ledger ledger;
    private final Responses responses;
    private final Tokens tokens;
    private final Sessions sessions;
    private final Messages messages;

    ChatEndpoint(
            SandboxConfig config,
            Ledger ledger,
            Responses responses,
            Tokens tokens,
            Sessions sessions,
            Messages messages) {
        this.config = config;
        this.ledger = ledger;
        this.responses = responses;
        this.tokens = tokens;
        this.sessions = sessions;
        this.messages = messages;
    }

    Answer run(Request request, Tokens.Owner owner) throws IOException {
        ChatCheck check = new ChatCheck();
        check.headers(request);
        byte[] body = request.body(MAX_BODY);
        if (body == null) {
            check.problems().add("the body is larger than " + MAX_BODY + " bytes");
        } else if (check.problems().isEmpty()) {
            check.body(Json.parse(body));
        }
        check.problems().forEach(p -> ledger.violation(NemoService.NAME, ROUTE, p));
        check.notes().forEach(n -> ledger.note(NemoService.NAME, ROUTE, n));
        if (!check.problems().isEmpty()) {
            return responses.error(Responses.INVALID, check.problems().get(0));
        }
        Optional<Session> session = sessions.find(check.sessionId(), owner.account());
        if (session.isEmpty()) {
            return sessions.unknown(check.sessionId(), ROUTE);
        }
        check.complaint().ifPresent(c -> ledger.violation(NemoService.NAME, ROUTE, c));
        Directives directives = Directives.parse(check.text());
        Optional<Answer> refusal = refusal(directives);
        return refusal.isPresent() ? refusal.get() : accept(session.get(), owner, directives, check.text());
    }

    private Optional<Answer> refusal(Directives directives) {
        Matcher code = CODE.matcher(directives.argument("code"));
        if (code.matches()) {
            int number = Integer.parseInt(code.group(1));
            return Optional.of(
                    code.group(2) == null
                            ? responses.error(number)
                            : Responses.error(number, "", Integer.parseInt(code.group(2))));
        }
        if (directives.has("busy")) {
            return Optional.of(responses.error(Responses.LIMIT));
        }
        return switch (directives.outcome()) {
            case REJECT -> {
                String own = directives.message();
                yield Optional.of(
                        responses.error(Responses.INVALID, own.isEmpty() ? "The content was rejected." : own));
            }
            case INSUFFICIENT -> Optional.of(responses.error(Responses.NO_CREDITS));
            case SUBSCRIPTION -> Optional.of(responses.error(Responses.PLAN));
            default ->
                config.gatedModels().contains(NemoService.AGENT)
                        ? Optional.of(responses.error(Responses.PLAN))
                        : Optional.empty();
        };
    }

    private Answer accept(Session session, Tokens.Owner owner, Directives directives, String text) {
        String promptHash = Ledger.hash(text);
        Message message;
        synchronized (session) {
            message = messages.prepare(session, directives, promptHash);
            boolean paid = ledger.charge(
                    NemoService.NAME,
                    owner.account(),
                    message.id(),
                    NemoService.AGENT,
                    message.kind().price,
                    promptHash,
                    session.sourceHash());
            if (!paid) {
                return responses.error(Responses.NO_CREDITS);
            }
            session.complaint(promptHash).ifPresent(c -> ledger.violation(NemoService.NAME, ROUTE, c));
            session.add(message);
        }
        if (directives.has("expire-token")) {
            tokens.expire(owner.token(), directives.number("expire-token", 0));
        }
        messages.start(session, message);
        return Answer.events(sink -> {
                    Runnable over = message.listen(sink);
                    messages.advance(message);
                    return over;
                })
                .about(message.id());
    }
}
