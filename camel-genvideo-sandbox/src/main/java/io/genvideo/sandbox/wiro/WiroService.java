/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
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
import java.util.Optional;

/**
 * Wiro: runs, tasks, files and models over REST, and a socket for each task. Routes in fault rules and in the ledger: {@code create}
 * (Run), {@code detail}, {@code cancel}, {@code kill}, {@code task-list}, {@code output-delete}, {@code upload},
 * {@code folder-create}, {@code tool-list}, {@code tool-detail}, {@code explore}, {@code socket} and, for its files, {@code media}.
 */
public final class WiroService implements SandboxService {
    /** Its name in fault rules and in the ledger. */
    public static final String NAME = "wiro";
    /** Path of its REST API on the sandbox. */
    public static final String BASE = "/wiro/v1";
    /** Path of its socket on the sandbox. */
    public static final String SOCKET = "/wiro-socket/v1";

    private static final String RUN = BASE + "/Run/";

    private final SandboxConfig config;
    private final Ledger ledger;
    private final MediaStore media;
    private final Credentials credentials;
    private final Callbacks callbacks;
    private final WiroTasks tasks;
    private final RunEndpoint runs;
    private final TaskEndpoints taskCalls;
    private final ModelEndpoints modelCalls;
    private final FileEndpoints fileCalls;
    private final TaskSocket socket;

    public WiroService(SandboxConfig config, Ledger ledger, MediaStore media, Renderer renderer, Scheduler scheduler) {
        this.config = config;
        this.ledger = ledger;
        this.media = media;
        Models models = new Models();
        this.credentials = new Credentials(config, ledger);
        this.callbacks = new Callbacks(ledger);
        this.tasks = new WiroTasks(config, new Results(media, renderer), scheduler, ledger);
        this.runs = new RunEndpoint(config, ledger, media, models, tasks, callbacks);
        this.taskCalls = new TaskEndpoints(config, ledger, tasks);
        this.modelCalls = new ModelEndpoints(models, ledger);
        this.fileCalls = new FileEndpoints(config, ledger, media);
        this.socket = new TaskSocket(tasks, ledger, config.clock());
        ledger.addTasks(tasks::views);
    }

    /** What it posted to callback URLs. */
    public Callbacks callbacks() {
        return callbacks;
    }

    /** How many sockets are open now. */
    public int openSockets() {
        return socket.open();
    }

    /** How many times a client has subscribed to a task on a socket. */
    public long subscriptions() {
        return socket.subscriptions();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Wiro";
    }

    @Override
    public String endpointOptions(String origin) {
        return "baseUrl=" + origin + BASE;
    }

    @Override
    public String keyHint() {
        return SandboxService.keyHint(
                config.wiroProjects().keySet(), "any; signatures with the secret " + SandboxConfig.DEFAULT_WIRO_SECRET);
    }

    /** What an endpoint does with the fields of a request whose credentials are right. */
    @FunctionalInterface
    private interface Endpoint {
        Answer answer(ObjectNode body, String account, String origin);
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of(NAME, RunEndpoint.ROUTE, "POST", RUN, this::run),
                route("detail", "/Task/Detail", taskCalls::detail),
                route("cancel", "/Task/Cancel", taskCalls::cancel),
                route("kill", "/Task/Kill", taskCalls::kill),
                route("task-list", "/Task/List", taskCalls::list),
                route("output-delete", "/Task/InputOutputDelete", (b, account, o) -> taskCalls.delete(b, account)),
                Route.of(NAME, "upload", "POST", BASE + "/File/Upload", this::upload),
                route("folder-create", "/File/FolderCreate", (body, a, o) -> fileCalls.folder(body)),
                route("tool-list", "/Tool/List", (body, a, o) -> modelCalls.list(body)),
                route("tool-detail", "/Tool/Detail", (body, a, o) -> modelCalls.detail(body)),
                route("explore", "/Tool/Explore", (body, a, o) -> modelCalls.explore(body)),
                Route.of(NAME, TaskSocket.ROUTE, "GET", SOCKET, socket::accept));
    }

    private Route route(String name, String path, Endpoint endpoint) {
        return Route.of(NAME, name, "POST", BASE + path, request -> call(request, name, endpoint));
    }

    private Answer call(Request request, String route, Endpoint endpoint) throws IOException {
        Optional<Answer> refused = credentials.refused(request, route);
        if (refused.isPresent()) {
            return refused.get();
        }
        Body body = new Body(media);
        ObjectNode fields = body.read(request);
        if (fields == null) {
            ledger.violation(NAME, route, body.problem());
            return Responses.invalid();
        }
        return endpoint.answer(fields, Credentials.account(request), request.origin());
    }

    private Answer run(Request request) throws IOException {
        Optional<Answer> refused = credentials.refused(request, RunEndpoint.ROUTE);
        return refused.isPresent()
                ? refused.get()
                : runs.run(request, request.path().substring(RUN.length()));
    }

    private Answer upload(Request request) throws IOException {
        Optional<Answer> refused = credentials.refused(request, "upload");
        return refused.isPresent() ? refused.get() : fileCalls.upload(request);
    }

    @Override
    public void reset() {
        tasks.clear();
        credentials.forget();
    }

    @Override
    public Answer error(Request request, String code, String message, int httpStatus) {
        int number = code.matches("\\d{1,9}") ? Integer.parseInt(code) : 0;
        if (httpStatus == 404) {
            return Responses.error(0, "Error parsing url.", 404);
        }
        return Responses.error(number == httpStatus ? 0 : number, message, httpStatus == 0 ? 200 : httpStatus);
    }

    @Override
    public Answer unauthorized() {
        return Responses.error(0, Responses.UNKNOWN_KEY, 401);
    }

    @Override
    public Answer emptyData(Request request) {
        return Responses.ok(Responses.success());
    }

    @Override
    public void close() {
        callbacks.close();
    }
}
