/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.PublicUrl;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.Route;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxService;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.media.RenderRequest;
import io.genvideo.sandbox.media.Renderer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * IMA Studio: product list, create, detail, asset check and upload. Routes in fault rules and in the ledger:
 * {@code product-list}, {@code create}, {@code detail}, {@code assets-verify}, {@code upload-token}, {@code upload-put}
 * and, for its files, {@code media}.
 */
public final class ImaService implements SandboxService {
    /** Its name in fault rules and in the ledger. */
    public static final String NAME = "ima";

    private static final int MAX_BODY = 1 << 20;
    /** Values of {@code x-app-source} that were seen to work (docs/contracts/ima.md section 1). */
    private static final Set<String> SOURCES = Set.of("ima_skills", "ima_cli");
    /** Categories that the real service lists and this one has no list of. */
    private static final Set<String> OTHER_CATEGORIES =
            Set.of("text_to_image", "image_to_image", "text_to_music", "text_to_speech");

    private final SandboxConfig config;
    private final Ledger ledger;
    private final MediaStore media;
    private final Envelope envelope;
    private final Catalogue catalogue = new Catalogue();
    private final ImaTasks tasks;
    private final Uploads uploads;

    public ImaService(SandboxConfig config, Ledger ledger, MediaStore media, Renderer renderer) {
        this.config = config;
        this.ledger = ledger;
        this.media = media;
        this.envelope = new Envelope(config.matchingHttpStatus());
        this.tasks = new ImaTasks(config, media, renderer, ledger);
        this.uploads = new Uploads(media, ledger, config.clock(), envelope, this::knownKey);
        ledger.addTasks(tasks::views);
    }

    /** Its product lists, which a test may change. */
    public Catalogue catalogue() {
        return catalogue;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "IMA Studio";
    }

    @Override
    public String endpointOptions(String origin) {
        return "baseUrl=" + origin + "/ima&uploadUrl=" + origin + "/ima-upload";
    }

    @Override
    public String keyHint() {
        return SandboxService.keyHint(config.imaKeys(), "any that starts with ima_");
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of(NAME, "product-list", "GET", "/ima/open/v1/product/list", this::list),
                Route.of(NAME, "create", "POST", "/ima/open/v1/tasks/create", this::create),
                Route.of(NAME, "detail", "POST", "/ima/open/v1/tasks/detail", this::detail),
                Route.of(NAME, "assets-verify", "POST", "/ima/open/v1/assets/verify", this::verify),
                Route.of(NAME, "upload-token", "GET", "/ima-upload/api/rest/oss/getuploadtoken", uploads::token),
                Route.of(NAME, "upload-put", "PUT", "/ima-upload/oss/", uploads::put));
    }

    @Override
    public void reset() {
        tasks.clear();
    }

    @Override
    public Answer error(Request request, String code, String message, int httpStatus) {
        int number = code.matches("\\d{1,9}") ? Integer.parseInt(code) : 500;
        return Envelope.error(
                number, message.isEmpty() ? Envelope.message(number) : message, httpStatus == 0 ? 200 : httpStatus);
    }

    @Override
    public Answer unauthorized() {
        return envelope.error(401, "Unauthorized");
    }

    @Override
    public Answer emptyData(Request request) {
        return Envelope.success(0, Map.of());
    }

    private boolean knownKey(String key) {
        return config.imaKeys().isEmpty()
                ? key.startsWith("ima_")
                : config.imaKeys().contains(key);
    }

    /** Checks the headers; an answer if they are wrong. */
    private Optional<Answer> refused(Request request, String route) {
        List<String> wrong = new ArrayList<>();
        String authorization = request.header("Authorization");
        String key = authorization != null && authorization.startsWith("Bearer ")
                ? authorization.substring("Bearer ".length())
                : "";
        if (!key.startsWith("ima_")) {
            wrong.add("Authorization must be \"Bearer ima_...\"");
        }
        String type = request.header("Content-Type");
        if (type == null && request.method().equals("GET")) {
            ledger.note(NAME, route, "no Content-Type; the service's own clients send application/json on GET too");
        } else if (type == null || !type.split(";", 2)[0].trim().equalsIgnoreCase("application/json")) {
            wrong.add("Content-Type must be application/json, not " + type);
        }
        String source = request.header("x-app-source");
        if (source == null || !SOURCES.contains(source)) {
            wrong.add("x-app-source must be one of " + new TreeSet<>(SOURCES) + ", not " + source);
        }
        String language = request.header("x_app_language");
        if (language == null) {
            ledger.note(NAME, route, "no x_app_language (with underscores); the labels are English then");
        } else if (!Set.of("en", "zh").contains(language)) {
            wrong.add("x_app_language must be en or zh, not " + language);
        }
        wrong.forEach(w -> ledger.violation(NAME, route, w));
        if (!key.startsWith("ima_") || !knownKey(key)) {
            return Optional.of(unauthorized());
        }
        return wrong.isEmpty() ? Optional.empty() : Optional.of(envelope.error(400, wrong.get(0)));
    }

    private static String account(Request request) {
        String authorization = request.header("Authorization");
        return Ledger.account(authorization == null ? "" : authorization.substring("Bearer ".length()));
    }

    private Answer list(Request request) {
        Optional<Answer> refused = refused(request, "product-list");
        if (refused.isPresent()) {
            return refused.get();
        }
        Map<String, List<String>> query = request.query();
        List<String> wrong = new ArrayList<>();
        query.keySet().stream()
                .filter(k -> !Set.of("app", "platform", "category", "model_ids").contains(k))
                .forEach(k -> wrong.add("unknown query parameter " + k));
        String app = request.query("app");
        if (app == null || !Set.of("ima", "webAgent").contains(app)) {
            wrong.add("app must be ima, not " + app);
        }
        if (!"web".equals(request.query("platform"))) {
            wrong.add("platform must be web, not " + request.query("platform"));
        }
        String category = request.query("category");
        if (category == null || !(Catalogue.TASK_TYPES.contains(category) || OTHER_CATEGORIES.contains(category))) {
            wrong.add("unknown category " + category);
        }
        wrong.forEach(w -> ledger.violation(NAME, "product-list", w));
        if (!wrong.isEmpty() || category == null) {
            return envelope.error(400, wrong.get(0));
        }
        String ids = request.query("model_ids");
        Set<String> wanted = ids == null || ids.isBlank()
                ? Set.of()
                : Arrays.stream(ids.split(",")).map(String::trim).collect(Collectors.toSet());
        return Envelope.success(200, catalogue.list(category, wanted));
    }

    private Answer create(Request request) throws IOException {
        Optional<Answer> refused = refused(request, "create");
        if (refused.isPresent()) {
            return refused.get();
        }
        byte[] body = request.body(MAX_BODY);
        if (body == null) {
            return tooLarge("create");
        }
        InputCheck inputs = new InputCheck(media, request::ownPath);
        CreateCheck check = new CreateCheck(catalogue, inputs).check(Json.parse(body));
        check.problems().stream()
                .filter(CreateCheck.Problem::violation)
                .forEach(p -> ledger.violation(NAME, "create", p.code() + ": " + p.text()));
        check.notes().forEach(note -> ledger.note(NAME, "create", note));
        Optional<CreateRequest> create = check.createRequest();
        if (create.isEmpty()) {
            CreateCheck.Problem first = check.problems().get(0);
            return envelope.error(first.code(), first.text());
        }
        return accept(request, create.get());
    }

    private Answer tooLarge(String route) {
        String what = "the body is larger than " + MAX_BODY + " bytes";
        ledger.violation(NAME, route, what);
        return envelope.error(413, what);
    }

    private Answer accept(Request request, CreateRequest create) {
        Directives directives = Directives.parse(create.prompt());
        switch (directives.outcome()) {
            case REJECT -> {
                String own = directives.message();
                return envelope.error(400, own.isEmpty() ? "The prompt contains sensitive content" : own);
            }
            case INSUFFICIENT -> {
                return envelope.error(4008, "Insufficient points");
            }
            case SUBSCRIPTION -> {
                return envelope.error(4014, "This model requires a subscription");
            }
            default -> {}
        }
        if (config.gatedModels().contains(create.leaf().modelId())) {
            return envelope.error(4014, "This model requires a subscription");
        }
        List<RenderRequest.Picture> pictures = create.inputs().stream()
                .map(u -> media.picture(u, request.ownPath(u)))
                .toList();
        String account = account(request);
        String id = tasks.newId();
        String sources = pictures.isEmpty()
                ? ""
                : Ledger.hash(pictures.stream().map(RenderRequest.Picture::hash).collect(Collectors.joining("/")));
        boolean paid = ledger.charge(
                NAME, account, id, create.leaf().id(), create.total(), Ledger.hash(create.prompt()), sources);
        if (!paid) {
            return envelope.error(4008, "Insufficient points");
        }
        ImaTask task = tasks.start(id, account, create, directives, pictures);
        return Envelope.success(0, task.created()).about(id);
    }

    private Answer detail(Request request) throws IOException {
        Optional<Answer> refused = refused(request, "detail");
        if (refused.isPresent()) {
            return refused.get();
        }
        byte[] body = request.body(MAX_BODY);
        JsonNode json = Json.parse(body == null ? new byte[0] : body);
        if (!json.isObject() || json.size() != 1 || !json.path("task_id").isTextual()) {
            ledger.violation(NAME, "detail", "the body must be {\"task_id\":\"...\"}");
            return envelope.error(400, "task_id is required");
        }
        String id = json.path("task_id").asText();
        Optional<ImaTask> task = tasks.find(id, account(request));
        if (task.isEmpty()) {
            ledger.violation(
                    NAME,
                    "detail",
                    tasks.isBizId(id)
                            ? "polled with biz_id instead of id"
                            : tasks.exists(id)
                                    ? "polled a task of another account"
                                    : "polled an id that was never issued");
            return envelope.error(404, "task not found");
        }
        tasks.pollRules().polled(NAME, id, config.clock().instant(), task.get().isSeenEnded());
        return Envelope.success(200, task.get().poll(config.clock().instant(), request.origin()))
                .about(id);
    }

    /** New clients check the inputs of Seedance 2.0 first (docs/contracts/ima.md section 5); here all of them pass. */
    private Answer verify(Request request) throws IOException {
        Optional<Answer> refused = refused(request, "assets-verify");
        if (refused.isPresent()) {
            return refused.get();
        }
        byte[] body = request.body(MAX_BODY);
        JsonNode json = Json.parse(body == null ? new byte[0] : body);
        String url = json.path("url").asText();
        String name = json.path("name").asText("");
        Set<String> extra = new TreeSet<>();
        json.fieldNames().forEachRemaining(extra::add);
        extra.removeAll(Set.of("url", "name"));
        Optional<String> complaint = request.ownPath(url).isPresent() ? Optional.empty() : PublicUrl.complaint(url);
        if (!json.isObject() || complaint.isPresent() || name.length() > 64 || !extra.isEmpty()) {
            ledger.violation(
                    NAME,
                    "assets-verify",
                    "the body must be {\"url\":\"http...\",\"name\":\"up to 64\"}"
                            + (extra.isEmpty() ? "" : ", without " + extra)
                            + complaint.map(why -> "; the URL " + why).orElse(""));
            return envelope.error(400, "url is required");
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("id", "asset-" + Ledger.hash(url));
        result.put("name", name);
        result.put("url", url);
        result.put("group_id", "group-sandbox");
        result.put("asset_type", "Image");
        result.put("status", "Active");
        result.put("error", Map.of("code", "", "message", ""));
        result.put("project_name", "sandbox");
        long now = config.clock().instant().toEpochMilli();
        result.put("create_time", now);
        result.put("update_time", now);
        return Envelope.success(200, Map.of("result", result));
    }
}
