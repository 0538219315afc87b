/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.Route;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxService;
import io.genvideo.sandbox.Scheduler;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.media.RenderRequest.Picture;
import io.genvideo.sandbox.media.Renderer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * skills.video: create with and without a stream, state, list of running tasks, credits, webhooks. Routes in fault rules
 * and in the ledger: {@code create}, {@code create-sse}, {@code detail}, {@code running}, {@code credits} and, for its
 * files, {@code media}.
 */
public final class SkillsvideoService implements SandboxService {
    /** Its name in fault rules and in the ledger. */
    public static final String NAME = "skillsvideo";
    /** Path of its API on the sandbox. */
    public static final String BASE = "/skillsvideo/api/v1";

    private static final String CREATE = BASE + "/generation/";
    private static final String CREATE_SSE = CREATE + "sse/";
    private static final String BEARER = "Bearer ";
    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";
    private static final int MAX_BODY = 1 << 20;

    private final SandboxConfig config;
    private final Ledger ledger;
    private final MediaStore media;
    private final Models models = new Models();
    private final Errors errors;
    private final Credits credits;
    private final SkillsvideoTasks tasks;
    private final Webhooks webhooks;

    public SkillsvideoService(
            SandboxConfig config, Ledger ledger, MediaStore media, Renderer renderer, Scheduler scheduler) {
        this.config = config;
        this.ledger = ledger;
        this.media = media;
        this.errors = new Errors(config.olderAnswers());
        this.credits = new Credits(ledger, config.balance());
        this.tasks = new SkillsvideoTasks(config, media, renderer, scheduler, ledger);
        this.webhooks = new Webhooks(config, scheduler);
        ledger.addTasks(tasks::views);
    }

    /** Its webhooks, which a test may point elsewhere, double or mix up. */
    public Webhooks webhooks() {
        return webhooks;
    }

    /** Its models, as in paths: {@code provider/model}. */
    public List<String> models() {
        return models.all().stream().map(Model::name).toList();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "skills.video";
    }

    @Override
    public String endpointOptions(String origin) {
        return "baseUrl=" + origin + BASE;
    }

    @Override
    public String keyHint() {
        return SandboxService.keyHint(config.skillsvideoKeys(), "any");
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.streaming(NAME, "create-sse", "POST", CREATE_SSE, this::createAndStream),
                Route.of(NAME, "create", "POST", CREATE, this::create),
                Route.of(NAME, "detail", "GET", CREATE, this::detail),
                Route.of(NAME, "running", "GET", BASE + "/generations/running", this::running),
                Route.of(NAME, "credits", "GET", BASE + "/credits", this::credits));
    }

    @Override
    public void reset() {
        tasks.clear();
    }

    @Override
    public Answer error(Request request, String code, String message, int httpStatus) {
        return errors.of(family(request), code, message, httpStatus);
    }

    @Override
    public Answer unauthorized() {
        return errors.of("VIDEO", "401", "Invalid API key.", 0);
    }

    @Override
    public Answer emptyData(Request request) {
        if (!request.path().startsWith(CREATE_SSE)) {
            return Answer.json(200, Json.MAPPER.createObjectNode());
        }
        return Answer.text(200, EVENTS, "data: {\"status\":\"IN_QUEUE\",\"data\":null}\n\n");
    }

    private static String modelName(Request request) {
        String path = request.path();
        for (String prefix : List.of(CREATE_SSE, CREATE)) {
            if (path.startsWith(prefix)) {
                return path.substring(prefix.length());
            }
        }
        return "";
    }

    private String family(Request request) {
        return models.find(modelName(request)).map(Model::family).orElse("VIDEO");
    }

    private boolean knownKey(String key) {
        return config.skillsvideoKeys().isEmpty()
                ? !key.isBlank()
                : config.skillsvideoKeys().contains(key);
    }

    private static String key(Request request) {
        String authorization = request.header("Authorization");
        return authorization != null && authorization.startsWith(BEARER)
                ? authorization.substring(BEARER.length())
                : "";
    }

    /** Checks the headers; an answer if they are wrong. */
    private Optional<Answer> refused(Request request, String route, String accepts) {
        List<String> wrong = new ArrayList<>();
        String key = key(request);
        if (key.isBlank()) {
            wrong.add("Authorization must be \"Bearer <key>\"");
        }
        String accept = request.header("Accept");
        boolean accepted = accept != null
                && Arrays.stream(accept.split(","))
                        .map(type -> type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT))
                        .anyMatch(accepts::equals);
        if (!accepted) {
            // the documentation asks for it, but the vendor's own examples with curl send */*
            ledger.note(NAME, route, "Accept is not " + accepts);
        }
        wrong.forEach(w -> ledger.violation(NAME, route, w));
        if (!knownKey(key)) {
            return Optional.of(unauthorized());
        }
        return wrong.isEmpty() ? Optional.empty() : Optional.of(error(request, "INVALID_INPUT", wrong.get(0), 0));
    }

    private Answer create(Request request) throws IOException {
        return create(request, "create", JSON, task -> Answer.json(200, task.created()));
    }

    private Answer createAndStream(Request request) throws IOException {
        String origin = request.origin();
        return create(request, "create-sse", EVENTS, task -> Answer.events(sink -> task.listen(sink, origin)));
    }

    private Answer create(Request request, String route, String accepts, Function<SkillsvideoTask, Answer> answer)
            throws IOException {
        Optional<Answer> refused = refused(request, route, accepts);
        if (refused.isPresent()) {
            return refused.get();
        }
        Optional<Model> model = models.find(modelName(request));
        if (model.isEmpty()) {
            return error(request, "404", "Unknown model: " + modelName(request), 0);
        }
        CreateCheck check = new CreateCheck(model.get(), media, request::ownPath);
        Optional<CreateRequest> create = check.check(body(request, model.get(), check));
        check.problems().forEach(p -> ledger.violation(NAME, route, model.get().name() + ": " + p));
        if (create.isEmpty()) {
            return error(request, "INVALID_INPUT", check.problems().get(0), 0);
        }
        return accept(request, create.get(), answer);
    }

    private JsonNode body(Request request, Model model, CreateCheck check) throws IOException {
        String type = String.valueOf(request.header("Content-Type"))
                .split(";", 2)[0]
                .trim()
                .toLowerCase(Locale.ROOT);
        switch (type) {
            case JSON -> {
                byte[] body = request.body(MAX_BODY);
                if (body == null) {
                    check.bad("the body is larger than " + MAX_BODY + " bytes");
                    return Json.MAPPER.missingNode();
                }
                return Json.parse(body);
            }
            case "multipart/form-data" -> {
                try {
                    return new Form(model, media, check).read(request);
                } catch (IOException e) {
                    check.bad("the multipart body cannot be read: " + e.getMessage());
                }
            }
            default -> check.bad("Content-Type must be application/json or multipart/form-data, not " + type);
        }
        return Json.MAPPER.missingNode();
    }

    private Answer accept(Request request, CreateRequest create, Function<SkillsvideoTask, Answer> answer) {
        Directives directives = Directives.parse(create.prompt());
        switch (directives.outcome()) {
            case REJECT -> {
                String own = directives.message();
                return error(request, "CONTENT_REJECTED", own.isEmpty() ? "The content was rejected." : own, 0);
            }
            case INSUFFICIENT -> {
                return insufficient(request);
            }
            case SUBSCRIPTION -> {
                return forbidden(request);
            }
            default -> {}
        }
        if (config.gatedModels().contains(create.model().name())) {
            return forbidden(request);
        }
        List<Picture> inputs = create.inputs().stream()
                .map(url -> media.picture(url, request.ownPath(url)))
                .toList();
        String sources = inputs.isEmpty()
                ? ""
                : Ledger.hash(inputs.stream().map(Picture::hash).collect(Collectors.joining("/")));
        String account = Ledger.account(key(request));
        String id = tasks.newId();
        Optional<Usage> paid = credits.charge(account, id, create, sources);
        if (paid.isEmpty()) {
            return insufficient(request);
        }
        String origin = request.origin();
        SkillsvideoTask task = tasks.start(
                id,
                account,
                create,
                directives,
                paid.get(),
                inputs,
                (t, state, first) -> announce(t, state, first, origin));
        return answer.apply(task).about(id);
    }

    private Answer insufficient(Request request) {
        return error(request, "INSUFFICIENT_CREDITS", "Insufficient credits.", 0);
    }

    private Answer forbidden(Request request) {
        return error(request, "403", "This model needs a paid plan.", 0);
    }

    /** Each state of a task is one event, however often a stream repeats it. */
    private void announce(SkillsvideoTask task, TaskState state, boolean first, String origin) {
        if (!first || !webhooks.wanted()) {
            return;
        }
        String type = switch (state) {
            case QUEUED -> "task.created";
            case RUNNING -> "task.started";
            case SUCCEEDED -> "task.completed";
            case FAILED -> "task.failed";
            case CANCELED -> "task.canceled";
        };
        ObjectNode prediction = Json.MAPPER.createObjectNode();
        prediction.put("state", state.name().toLowerCase(Locale.ROOT));
        prediction.setAll(task.full(state, origin, true));
        ObjectNode body = Json.MAPPER.createObjectNode().put("type", type);
        body.put("timestamp", config.clock().instant().toString());
        body.set("prediction", prediction);
        webhooks.send(type, task.id(), body);
    }

    private Answer detail(Request request) {
        Optional<Answer> refused = refused(request, "detail", JSON);
        if (refused.isPresent()) {
            return refused.get();
        }
        String id = modelName(request);
        Optional<SkillsvideoTask> task = tasks.find(id, Ledger.account(key(request)));
        if (task.isEmpty()) {
            ledger.violation(
                    NAME,
                    "detail",
                    tasks.exists(id) ? "polled a task of another account" : "polled an id that was never issued");
        }
        task.ifPresent(t -> tasks.pollRules().polled(NAME, id, config.clock().instant(), t.isSeenEnded()));
        return task.map(t -> Answer.json(200, t.poll(config.clock().instant(), request.origin()))
                        .about(id))
                .orElseGet(() -> error(request, "404", "Generation not found.", 0));
    }

    private Answer running(Request request) {
        Optional<Answer> refused = refused(request, "running", JSON);
        if (refused.isPresent()) {
            return refused.get();
        }
        List<String> wrong = new ArrayList<>();
        request.query().keySet().stream()
                .filter(name -> !Set.of("workspace", "limit").contains(name))
                .forEach(name -> wrong.add("unknown query parameter " + name));
        String given = request.query("limit");
        String limit = given == null ? "50" : given;
        if (!limit.matches("[1-9]\\d?|100")) {
            wrong.add("limit must be 1 to 100, not " + limit);
        }
        wrong.forEach(w -> ledger.violation(NAME, "running", w));
        if (!wrong.isEmpty()) {
            return error(request, "INVALID_INPUT", wrong.get(0), 0);
        }
        return Answer.json(200, tasks.running(Ledger.account(key(request)), Integer.parseInt(limit)));
    }

    private Answer credits(Request request) {
        return refused(request, "credits", JSON)
                .orElseGet(() -> Answer.json(
                        200, credits.left(Ledger.account(key(request))).json()));
    }

    @Override
    public void close() {
        webhooks.close();
    }
}
