/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.MediaUrls;
import io.genvideo.provider.support.Values;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.OwnOperationCall;
import java.net.URI;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The operations on a session outside a generation: {@code session}, {@code chat}, {@code state} and {@code export}. They are not
 * journalled; each returns a map.
 */
final class SessionOperations {
    static final String SESSION = "session";
    static final String CHAT = "chat";
    static final String STATE = "state";
    static final String EXPORT = "export";

    private static final String RENDER_ID = "renderId";

    private final NemoRequests requests;
    private final NemoCalls calls;
    private final SessionUploader uploader;
    private final RandomGenerator random;
    private final SessionChat chat;

    SessionOperations(
            NemoRequests requests,
            NemoCalls calls,
            SessionUploader uploader,
            ActiveSessions active,
            InstantSource clock,
            RandomGenerator random) {
        this.requests = requests;
        this.calls = calls;
        this.uploader = uploader;
        this.random = random;
        chat = new SessionChat(requests, calls, active, clock);
    }

    CompletableFuture<@Nullable Object> invoke(OwnOperationCall call, CallOptions options) {
        call.parameters().keySet().stream()
                .filter(name -> !name.equals(SessionIds.PARAMETER)
                        && !(name.equals(RENDER_ID) && call.operation().equals(EXPORT)))
                .findFirst()
                .ifPresent(name -> {
                    throw NemoErrors.ERRORS.invalid(
                            "parameter " + Values.shown(name) + " is not known; " + call.operation()
                                    + " takes " + SessionIds.PARAMETER
                                    + (call.operation().equals(EXPORT) ? " or " + RENDER_ID : ""));
                });
        calls.tokens().check();
        CompletableFuture<Map<String, Object>> result = switch (call.operation()) {
            case SESSION -> session(options);
            case CHAT -> chat.send(session(call), message(call.body()), options);
            case STATE -> state(session(call), options);
            case EXPORT -> {
                Object render = call.parameters().get(RENDER_ID);
                yield render == null ? export(session(call), options) : exported(renderId(render), options);
            }
            default -> throw new IllegalArgumentException(call.operation());
        };
        return result.thenApply(map -> map);
    }

    private static String session(OwnOperationCall call) {
        return SessionIds.required(call.parameters().get(SessionIds.PARAMETER), call.operation());
    }

    private static String message(@Nullable Object body) {
        if (!(body instanceof CharSequence) || body.toString().isBlank()) {
            throw NemoErrors.ERRORS.invalid("the body is "
                    + (body == null ? "missing" : body instanceof CharSequence ? "blank" : "no text")
                    + ": chat sends the message body as a text, for example \"make it slower\"");
        }
        EditorActions.checkMessage(body.toString());
        return body.toString();
    }

    private static String renderId(Object given) {
        String id = Values.textOf(given).trim();
        if (!id.matches("[A-Za-z0-9_-]{1,200}")) {
            throw NemoErrors.ERRORS.invalid(RENDER_ID + "=" + Values.shown(id)
                    + " is no export; allowed: the text that genvideo:nemo/export has returned");
        }
        return id;
    }

    private CompletableFuture<Map<String, Object>> session(CallOptions options) {
        return uploader.newSession(options).thenApply(session -> {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put(SessionIds.PARAMETER, session.id());
            if (!session.taskId().isEmpty()) {
                result.put("taskId", session.taskId());
            }
            return result;
        });
    }

    private CompletableFuture<Map<String, Object>> state(String session, CallOptions options) {
        return readState(session, options).thenApply(state -> state.summary(session, calls.text()));
    }

    private CompletableFuture<SessionState> readState(String session, CallOptions options) {
        String doing = "reading the session's state";
        return calls.read(doing, token -> requests.state(session, token), options)
                .thenApply(answer ->
                        SessionState.of(answer).orElseThrow(() -> NemoErrors.unusable(doing, answer, calls.text())));
    }

    private CompletableFuture<Map<String, Object>> export(String session, CallOptions options) {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        String id = "render_" + HexFormat.of().formatHex(bits);
        return readState(session, options).thenCompose(state -> {
            byte[] draft = state.draft();
            if (draft == null || !state.isExportable()) {
                throw NemoErrors.ERRORS.invalid(SessionIds.PARAMETER + "=" + session
                        + " has nothing to export: none of its tracks has a segment");
            }
            String doing = "starting the export";
            return calls.send(doing, token -> requests.render(id, session, draft, token), options)
                    .thenApply(answer -> render(doing, answer, id));
        });
    }

    private CompletableFuture<Map<String, Object>> exported(String id, CallOptions options) {
        String doing = "reading the export";
        return calls.read(doing, token -> requests.renderStatus(id, token), options)
                .thenApply(answer -> render(doing, answer, id));
    }

    private Map<String, Object> render(String doing, GatewayResponse answer, String id) {
        JsonNode render =
                NemoEnvelope.render(answer).orElseThrow(() -> NemoErrors.unusable(doing, answer, calls.text()));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put(RENDER_ID, id);
        result.put("status", calls.text().shown(Objects.requireNonNullElse(Json.text(render.get("status")), "")));
        Integer progress = Json.integer(render.get("progress"));
        if (progress != null) {
            result.put("progress", progress);
        }
        Stream.of(render.get("outputUrl"), render.path("output").get("url"), render.get("url"))
                .flatMap(a -> Stream.<URI>ofNullable(MediaUrls.read(a)))
                .findFirst()
                .ifPresent(url -> result.put("url", url.toString()));
        return result;
    }
}
