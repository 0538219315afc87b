/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.InputUrls;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.Route;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxService;
import io.genvideo.sandbox.Scheduler;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.media.Renderer;
import io.genvideo.sandbox.media.Results;
import java.io.IOException;
import java.util.List;

/**
 * NemoVideo: tokens, sessions with uploads and state, chat messages as event streams, exports. Routes in fault rules and in the
 * ledger: {@code token}, {@code claim}, {@code session}, {@code upload}, {@code create} (a chat message), {@code state},
 * {@code credits}, {@code render} (an export), {@code detail} (its state), {@code render-cancel}, {@code render-download} and,
 * for its files, {@code media}.
 */
public final class NemoService implements SandboxService {
    /** Its name in fault rules and in the ledger. */
    public static final String NAME = "nemo";
    /** Path of its API on the sandbox. */
    public static final String BASE = "/nemo";

    static final String AGENT = "nemo_agent";

    private static final String CHAT = BASE + "/run_sse";
    private static final String UPLOAD = BASE + "/api/upload-video/" + AGENT + "/me/";
    private static final String STATE = BASE + "/api/state/" + AGENT + "/me/";
    private static final String RENDERS = BASE + "/api/render/proxy/";
    private static final String LAMBDA = RENDERS + "lambda";

    private final SandboxConfig config;
    private final Responses responses;
    private final Tokens tokens;
    private final Access access;
    private final Sessions sessions;
    private final TokenEndpoints tokenCalls;
    private final SessionEndpoints sessionCalls;
    private final UploadEndpoint uploads;
    private final ChatEndpoint chat;
    private final RenderEndpoints renders;

    public NemoService(SandboxConfig config, Ledger ledger, MediaStore media, Renderer renderer, Scheduler scheduler) {
        this.config = config;
        this.responses = new Responses(config.matchingHttpStatus());
        this.tokens = new Tokens(config.nemo(), ledger);
        this.access = new Access(tokens, ledger, responses, config.clock());
        this.sessions = new Sessions(ledger, responses);
        Results results = new Results(media, renderer);
        this.tokenCalls = new TokenEndpoints(tokens, sessions, ledger, responses, config.clock());
        this.sessionCalls = new SessionEndpoints(config, ledger, responses, sessions);
        this.uploads = new UploadEndpoint(ledger, media, new InputUrls(config, media), responses, sessions);
        this.chat =
                new ChatEndpoint(config, ledger, responses, tokens, sessions, new Messages(config, results, scheduler));
        this.renders = new RenderEndpoints(config, ledger, media, sessions, results);
        ledger.addTasks(() -> sessions.views(config.clock().instant()));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "NemoVideo";
    }

    @Override
    public String endpointOptions(String origin) {
        return "baseUrl=" + origin + BASE;
    }

    @Override
    public String keyHint() {
        return SandboxService.keyHint(config.nemo().tokens(), "any that starts with " + Tokens.PREFIX + ", or none");
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of(NAME, TokenEndpoints.ROUTE, "POST", BASE + "/api/auth/anonymous-token", tokenCalls::anonymous),
                route(
                        TokenEndpoints.CLAIM_ROUTE,
                        "POST",
                        BASE + "/api/auth/claim-token",
                        (r, o, p) -> tokenCalls.claim(r, o)),
                route(
                        SessionEndpoints.ROUTE,
                        "POST",
                        BASE + "/api/tasks/me/with-session/" + AGENT,
                        (r, owner, p) -> sessionCalls.create(r, owner)),
                route(UploadEndpoint.ROUTE, "POST", UPLOAD, uploads::upload),
                Route.streaming(NAME, ChatEndpoint.ROUTE, "POST", CHAT, this::chat),
                route(SessionEndpoints.STATE_ROUTE, "GET", STATE, sessionCalls::state),
                route(
                        "credits",
                        "GET",
                        BASE + "/api/credits/balance/simple",
                        (r, owner, p) -> sessionCalls.credits(owner)),
                route(RenderEndpoints.ROUTE, "POST", LAMBDA, (r, owner, p) -> renders.create(r, owner)),
                route(RenderEndpoints.DETAIL_ROUTE, "GET", LAMBDA + "/", renders::detail),
                route(RenderEndpoints.CANCEL_ROUTE, "POST", LAMBDA + "/", renders::cancel),
                route(RenderEndpoints.DOWNLOAD_ROUTE, "GET", RENDERS, renders::download));
    }

    /** Serves a request whose token is valid; {@code rest} is what follows the path of the route. */
    @FunctionalInterface
    private interface Endpoint {
        Answer answer(Request request, Tokens.Owner owner, String rest) throws IOException;
    }

    private Route route(String name, String method, String path, Endpoint endpoint) {
        return Route.of(
                NAME,
                name,
                method,
                path,
                request -> access.authorized(
                        request,
                        name,
                        owner -> endpoint.answer(request, owner, request.path().substring(path.length()))));
    }

    private Answer chat(Request request) throws IOException {
        return access.authorized(request, ChatEndpoint.ROUTE, owner -> chat.run(request, owner));
    }

    @Override
    public void reset() {
        sessions.clear();
        sessionCalls.clear();
        renders.clear();
        tokens.clear();
    }

    @Override
    public Answer error(Request request, String code, String message, int httpStatus) {
        int number = code.matches("\\d{1,9}") ? Integer.parseInt(code) : Responses.INVALID;
        if (request.path().startsWith(RENDERS) && httpStatus >= 400) {
            return Responses.renderError(httpStatus, message);
        }
        return httpStatus == 0 ? responses.error(number, message) : Responses.error(number, message, httpStatus);
    }

    @Override
    public Answer unauthorized() {
        return responses.error(Responses.TOKEN);
    }

    @Override
    public Answer emptyData(Request request) {
        return request.path().equals(CHAT)
                ? Answer.text(200, "text/event-stream", "")
                : Responses.success(Json.MAPPER.createObjectNode());
    }
}
