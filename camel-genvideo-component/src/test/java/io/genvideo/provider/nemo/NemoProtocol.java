/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.conformance.CreateError;
import io.genvideo.conformance.PollError;
import io.genvideo.conformance.PortableOption;
import io.genvideo.conformance.ServiceCall;
import io.genvideo.conformance.ServiceProtocol;
import io.genvideo.conformance.ServiceRequest;
import io.genvideo.conformance.ServiceResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.PollOutcome.Trouble.Kind;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * docs/contracts/nemo.md sections 3 to 10, on the service's side. What the kit calls a poll is here a poll of the export; a session
 * changes as soon as its message was accepted.
 */
final class NemoProtocol implements ServiceProtocol {
    private static final String RENDERS = "/api/render/proxy/lambda";
    private static final String STATE = "/api/state/nemo_agent/me/";
    private static final String EMPTY = "{}";
    private static final String DRAFT =
            "{\"draft\":{\"d\":5000,\"t\":[{\"tt\":0,\"sg\":[{\"id\":\"s1\",\"d\":5000}]}]}}";

    /** The kit's id of the task by session; a session without one has got no message. */
    private final Map<String, String> tasks = new HashMap<>();

    private int sessions;
    private String messaged;

    @Override
    public GenerationProviderFactory factory() {
        return new NemoProviderFactory();
    }

    @Override
    public AccountSettings account(URI server, String apiKey) {
        return AccountSettings.builder("nemo", "nemo")
                .apiKey(apiKey)
                .baseUrl(server.toString())
                .build();
    }

    @Override
    public GenerationRequest.Builder request(Operation operation) {
        GenerationRequest.Builder request = GenerationRequest.builder();
        int inputs = operation.isFromText() || operation == Operation.GENERATE
                ? 0
                : operation == Operation.FIRST_LAST_FRAME_TO_VIDEO ? 2 : 1;
        String extension = operation == Operation.VIDEO_TO_VIDEO ? ".mp4" : ".png";
        for (int i = 0; i < inputs; i++) {
            request.input(MediaInput.of(new MediaSource.Url(URI.create("https://cdn.example.com/" + i + extension))));
        }
        return request;
    }

    @Override
    public synchronized ServiceCall callOf(ServiceRequest request) {
        String path = request.path();
        if (path.equals("/run_sse")) {
            messaged = request.json().path("session_id").asText();
            return ServiceCall.create();
        }
        if (request.method().equals("GET") && path.startsWith(RENDERS + "/")) {
            String session = path.substring(path.lastIndexOf('/') + 1).split("_")[1];
            return ServiceCall.poll(tasks.getOrDefault(session, session + "-1"));
        }
        return ServiceCall.supporting();
    }

    @Override
    public synchronized ServiceResponse supporting(ServiceRequest request) {
        String path = request.path();
        if (path.startsWith("/api/tasks/me/with-session/")) {
            sessions++;
            return data("{\"task_id\":\"task_" + sessions + "\",\"session_id\":\"" + session(sessions) + "\"}");
        }
        if (path.startsWith(STATE)) {
            return state(path.substring(STATE.length()).split("/")[0]);
        }
        if (path.startsWith("/api/upload-video/")) {
            return data("{\"files\":[{\"filename\":\"a.png\",\"file_type\":\"image\","
                    + "\"cdn_url\":\"https://cdn.example.com/a.png\"}],\"session_state_applied\":true}");
        }
        if (path.startsWith(RENDERS)) {
            return ServiceResponse.json("{\"success\":true,\"data\":{\"status\":\"pending\",\"progress\":5}}");
        }
        return path.equals("/api/credits/balance/simple")
                ? data("{\"available\":100,\"frozen\":0,\"total\":100}")
                : ServiceResponse.html(404);
    }

    private ServiceResponse state(String session) {
        if (session.compareTo(session(sessions)) > 0) {
            return error(404, "1002").apply("session not found").header("Retry-After", "9");
        }
        String state = tasks.containsKey(session) ? DRAFT : EMPTY;
        return data("{\"session_id\":\"" + session + "\",\"state\":" + state + "}");
    }

    private static String session(int n) {
        return String.valueOf(5529798706024415232L + n);
    }

    @Override
    public String taskId(int n) {
        return session(n) + "-1";
    }

    @Override
    public boolean namesTasks() {
        return false;
    }

    @Override
    public synchronized ServiceResponse accepted(String taskId) {
        if (messaged != null) {
            tasks.put(messaged, taskId);
        }
        return ServiceResponse.of(
                200,
                "text/event-stream",
                "data: {\"type\":\"text\",\"content\":\"I have made the video and put it on the first track.\"}\n\n");
    }

    @Override
    public ServiceResponse pending(String taskId, TaskStatus status) {
        return render(taskId, status == TaskStatus.QUEUED ? "pending" : "processing", "");
    }

    @Override
    public ServiceResponse succeeded(String taskId, URI medium) {
        return render(taskId, "completed", ",\"outputUrl\":\"" + medium + "\"");
    }

    @Override
    public ServiceResponse failed(String taskId, String message) {
        return render(taskId, "failed", ",\"error\":\"" + message + "\"");
    }

    @Override
    public Optional<ServiceResponse> cancelled(String taskId) {
        return Optional.of(render(taskId, "cancelled", ""));
    }

    @Override
    public ServiceResponse unknownTask(String taskId) {
        return ServiceResponse.json(404, "{\"success\":false,\"error\":\"render not found\"}");
    }

    private static ServiceResponse data(String data) {
        return ServiceResponse.json("{\"code\":0,\"data\":" + data + "}");
    }

    private static ServiceResponse render(String taskId, String status, String more) {
        return ServiceResponse.json("{\"success\":true,\"data\":{\"id\":\"render_" + taskId + "\",\"status\":\""
                + status + "\"" + more + "}}");
    }

    private static Function<String, ServiceResponse> error(int status, String code) {
        return message ->
                ServiceResponse.json(status, "{\"code\":" + code + ",\"message\":\"" + message + "\",\"data\":null}");
    }

    @Override
    public List<CreateError> createErrors() {
        return List.of(
                refused(200, "1001", ErrorCategory.AUTHENTICATION),
                refused(401, "1001", ErrorCategory.AUTHENTICATION),
                refused(404, "1002", ErrorCategory.INVALID_REQUEST),
                refused(200, "2001", ErrorCategory.INSUFFICIENT_CREDITS),
                refused(402, "2001", ErrorCategory.INSUFFICIENT_CREDITS),
                refused(402, "402", ErrorCategory.SUBSCRIPTION_REQUIRED),
                refused(415, "4001", ErrorCategory.INVALID_REQUEST),
                refused(413, "4002", ErrorCategory.INVALID_REQUEST),
                CreateError.deferred("429", ErrorCategory.RATE_LIMITED, error(429, "429")),
                CreateError.uncertain("HTTP 200 with a code that the contract does not know", error(200, "7001")),
                CreateError.uncertain("HTTP 500 with a code of the contract", error(500, "2001")));
    }

    private static CreateError refused(int status, String code, ErrorCategory category) {
        return CreateError.refused("HTTP " + status + " with " + code, category, error(status, code));
    }

    @Override
    public List<PollError> pollErrors() {
        return List.of(
                new PollError("1001", error(200, "1001"), Kind.UNAUTHORISED),
                new PollError("401", error(401, "1001"), Kind.UNAUTHORISED),
                new PollError("429", error(429, "429"), Kind.RATE_LIMITED),
                new PollError("500", error(500, "5000"), Kind.UNAVAILABLE));
    }

    @Override
    public List<PortableOption> portableOptions() {
        return List.of(
                PortableOption.sent("duration", 10.0, "The video is 10 seconds long."),
                PortableOption.sent("resolution", "720p", "The resolution is 720p."),
                PortableOption.sent("aspectRatio", "9:16", "The aspect ratio is 9:16."),
                PortableOption.sent("negativePrompt", "no visible wires", "Not to be seen: no visible wires"),
                PortableOption.refused("seed", 42L),
                PortableOption.refused("count", 2),
                PortableOption.sent("audio", true, "The video has sound."));
    }
}
