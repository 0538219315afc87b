/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.InputUrls;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.Route;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxService;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.media.RenderRequest.Picture;
import io.genvideo.sandbox.media.Renderer;
import io.genvideo.sandbox.media.Results;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Media.io: 22 operations that generate, the result of a task and credits. Routes in fault rules and in the ledger:
 * {@code create}, {@code detail} (the result of a task), {@code credits}, {@code object-put} (the stand-in for an object
 * store) and, for its files, {@code media}.
 */
public final class MediaioService implements SandboxService {
    /** Its name in fault rules and in the ledger. */
    public static final String NAME = "mediaio";
    /** Path of its API on the sandbox. */
    public static final String BASE = "/mediaio";

    private static final String CREATE = BASE + "/generation/";
    private static final String RESULT = CREATE + "result/";
    private static final int MAX_BODY = 1 << 20;
    /** Its codes for the HTTP statuses of such errors. */
    private static final Map<Integer, Integer> OWN_CODES = Map.of(
            400, Envelope.INVALID_PARAMETERS, 401, Envelope.NOT_AUTHENTICATED, 402, Envelope.INSUFFICIENT_CREDITS);

    private final SandboxConfig config;
    private final Ledger ledger;
    private final MediaStore media;
    private final InputUrls inputUrls;
    private final Envelope envelope;
    private final Operations operations = new Operations();
    private final MediaioTasks tasks;
    private final ObjectStore objects;

    public MediaioService(SandboxConfig config, Ledger ledger, MediaStore media, Renderer renderer) {
        this.config = config;
        this.ledger = ledger;
        this.media = media;
        this.inputUrls = new InputUrls(config, media);
        this.envelope = new Envelope(config.matchingHttpStatus());
        this.tasks = new MediaioTasks(config, new Results(media, renderer), ledger);
        this.objects = new ObjectStore(media);
        ledger.addTasks(tasks::views);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Media.io";
    }

    @Override
    public String endpointOptions(String origin) {
        return "baseUrl=" + origin + BASE;
    }

    @Override
    public String keyHint() {
        return SandboxService.keyHint(config.mediaioKeys(), "any");
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of(NAME, "detail", "POST", RESULT, this::result),
                Route.of(NAME, "create", "POST", CREATE, this::create),
                Route.of(NAME, "credits", "POST", BASE + "/user/credits", this::credits),
                Route.of(NAME, "object-put", "PUT", ObjectStore.PATH, objects::put));
    }

    @Override
    public void reset() {
        tasks.clear();
    }

    @Override
    public Answer error(Request request, String code, String message, int httpStatus) {
        int number = code.matches("\\d{1,9}") ? Integer.parseInt(code) : Envelope.INVALID_PARAMETERS;
        int own = OWN_CODES.getOrDefault(number, number);
        return httpStatus == 0 ? envelope.error(own, message) : Envelope.error(own, message, httpStatus);
    }

    @Override
    public Answer unauthorized() {
        return envelope.error(Envelope.NOT_AUTHENTICATED, "");
    }

    @Override
    public Answer emptyData(Request request) {
        return Envelope.success(Map.of());
    }

    private static String key(Request request) {
        String key = request.header("X-API-KEY");
        return key == null ? "" : key;
    }

    /** Checks the headers; an answer if they are wrong. */
    private Optional<Answer> refused(Request request, String route) {
        List<String> wrong = new ArrayList<>();
        String key = key(request);
        if (key.isBlank()) {
            wrong.add("the header X-API-KEY is missing");
        }
        String type = String.valueOf(request.header("Content-Type"));
        if (!type.split(";", 2)[0].trim().equalsIgnoreCase("application/json")) {
            wrong.add("Content-Type must be application/json, not " + type);
        }
        if (request.header("Authorization") != null) {
            ledger.note(NAME, route, "an Authorization header, which the service does not use");
        }
        wrong.forEach(w -> ledger.violation(NAME, route, w));
        boolean known = config.mediaioKeys().isEmpty()
                ? !key.isBlank()
                : config.mediaioKeys().contains(key);
        if (!known) {
            return Optional.of(unauthorized());
        }
        return wrong.isEmpty() ? Optional.empty() : Optional.of(invalid(wrong.get(0)));
    }

    private Answer invalid(String message) {
        return envelope.error(Envelope.INVALID_PARAMETERS, message);
    }

    /** The whole body as JSON; null if it is too long. */
    private static @Nullable JsonNode body(Request request) throws IOException {
        byte[] body = request.body(MAX_BODY);
        return body == null ? null : Json.parse(body);
    }

    private Answer create(Request request) throws IOException {
        Optional<Answer> refused = refused(request, "create");
        if (refused.isPresent()) {
            return refused.get();
        }
        Optional<Operation> operation = operations.find(request.path().substring(BASE.length()));
        if (operation.isEmpty()) {
            String what = "no such operation: " + request.path();
            ledger.violation(NAME, "create", what);
            return error(request, "404", what, 404);
        }
        CreateCheck check = new CreateCheck(operation.get(), inputUrls, media, request::ownPath);
        JsonNode body = body(request);
        if (body == null) {
            check.problems().add("the body is larger than " + MAX_BODY + " bytes");
        }
        Optional<Generation> generation = body == null ? Optional.empty() : check.check(body);
        check.notes().forEach(n -> ledger.note(NAME, "create", n));
        check.problems()
                .forEach(p -> ledger.violation(NAME, "create", operation.get().model() + ": " + p));
        return generation.isEmpty() ? invalid(check.problems().get(0)) : accept(request, generation.get());
    }

    private Answer accept(Request request, Generation generation) {
        Directives directives = Directives.parse(generation.prompt());
        if (directives.has("code")) {
            return error(request, directives.argument("code"), "", 0);
        }
        switch (directives.outcome()) {
            case REJECT -> {
                return invalid(directives.message());
            }
            case INSUFFICIENT, SUBSCRIPTION -> {
                return envelope.error(Envelope.INSUFFICIENT_CREDITS, "");
            }
            default -> {}
        }
        if (config.gatedModels().contains(generation.operation().model())) {
            return envelope.error(Envelope.INSUFFICIENT_CREDITS, "");
        }
        List<Picture> pictures = generation.inputs().stream()
                .map(url -> media.picture(url, request.ownPath(url)))
                .toList();
        String sources = pictures.isEmpty()
                ? ""
                : Ledger.hash(pictures.stream().map(Picture::hash).collect(Collectors.joining("/")));
        String account = Ledger.account(key(request));
        String id = MediaioTasks.newId();
        boolean paid = ledger.charge(
                NAME,
                account,
                id,
                generation.operation().model(),
                generation.credits(),
                Ledger.hash(generation.prompt()),
                sources);
        if (!paid) {
            return envelope.error(Envelope.INSUFFICIENT_CREDITS, "");
        }
        tasks.start(id, account, generation, directives, pictures);
        return Envelope.success(Map.of("task_id", id)).about(id);
    }

    private Answer result(Request request) throws IOException {
        Optional<Answer> refused = refused(request, "detail");
        if (refused.isPresent()) {
            return refused.get();
        }
        if (!isEmptyObject(body(request))) {
            return wrapped("detail");
        }
        String id = request.path().substring(RESULT.length());
        Optional<MediaioTask> task = tasks.find(id, Ledger.account(key(request)));
        if (task.isEmpty()) {
            ledger.violation(
                    NAME,
                    "detail",
                    tasks.exists(id) ? "polled a task of another account" : "polled an id that was never issued");
            return invalid("task not found");
        }
        tasks.pollRules().polled(NAME, id, config.clock().instant(), task.get().isSeenEnded());
        return Envelope.success(task.get().poll(config.clock().instant(), request.origin()))
                .about(id);
    }

    private static boolean isEmptyObject(@Nullable JsonNode body) {
        return body != null && body.isObject() && body.isEmpty();
    }

    private Answer wrapped(String route) {
        ledger.violation(NAME, route, "the body of an operation without fields must be {}");
        return invalid("the body must be {}");
    }

    private Answer credits(Request request) throws IOException {
        Optional<Answer> refused = refused(request, "credits");
        if (refused.isPresent()) {
            return refused.get();
        }
        return isEmptyObject(body(request))
                ? Envelope.success(Map.of("credits", ledger.balance(Ledger.account(key(request)))))
                : wrapped("credits");
    }
}
