/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** docs/contracts/skillsvideo.md sections 1 to 5, on the service's side. */
final class SkillsvideoProtocol implements ServiceProtocol {
    private static final String GENERATION = "/api/v1/generation/";
    private static final Map<Operation, String> MODELS = Map.of(
            Operation.VIDEO_TO_VIDEO, "kling-ai/o3/video",
            Operation.TEXT_TO_IMAGE, "google/nano-banana-pro",
            Operation.IMAGE_TO_IMAGE, "google/nano-banana-pro");

    @Override
    public GenerationProviderFactory factory() {
        return new SkillsvideoProviderFactory();
    }

    @Override
    public AccountSettings account(URI server, String apiKey) {
        return AccountSettings.builder("skillsvideo", "skillsvideo")
                .apiKey(apiKey)
                .baseUrl(server + "/api/v1")
                .build();
    }

    @Override
    public GenerationRequest.Builder request(Operation operation) {
        GenerationRequest.Builder request =
                SkillsvideoTestSupport.request(operation, MODELS.getOrDefault(operation, SkillsvideoTestSupport.VEO));
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
    public ServiceCall callOf(ServiceRequest request) {
        String path = request.path();
        if (!path.startsWith(GENERATION)) {
            return ServiceCall.supporting();
        }
        if (request.method().equals("GET")) {
            return ServiceCall.poll(path.substring(GENERATION.length()));
        }
        return path.startsWith(GENERATION + "sse/") ? ServiceCall.streamedCreate() : ServiceCall.create();
    }

    @Override
    public ServiceResponse supporting(ServiceRequest request) {
        return request.path().endsWith("/credits")
                ? ServiceResponse.json("{\"total\":120,\"subscription\":100,\"permanent\":20}")
                : ServiceResponse.html(404);
    }

    @Override
    public ServiceResponse accepted(String taskId) {
        return ServiceResponse.json(state(taskId, "IN_QUEUE", ""));
    }

    @Override
    public Optional<ServiceResponse> streamed(String taskId, URI medium) {
        return Optional.of(ServiceResponse.of(
                200,
                "text/event-stream; charset=utf-8",
                "data: " + state(taskId, "IN_QUEUE", "") + "\n\ndata: " + state(taskId, "IN_PROGRESS", "")
                        + "\n\ndata: " + state(taskId, "COMPLETED", video(medium)) + "\n\n"));
    }

    @Override
    public ServiceResponse pending(String taskId, TaskStatus status) {
        return ServiceResponse.json(state(taskId, status == TaskStatus.QUEUED ? "IN_QUEUE" : "IN_PROGRESS", ""));
    }

    @Override
    public ServiceResponse succeeded(String taskId, URI medium) {
        return ServiceResponse.json(state(taskId, "COMPLETED", video(medium)));
    }

    @Override
    public ServiceResponse failed(String taskId, String message) {
        return ServiceResponse.json(
                state(taskId, "FAILED", ",\"code\":\"VIDEO_GENERATION_FAILED\",\"message\":\"" + message + "\""));
    }

    @Override
    public Optional<ServiceResponse> cancelled(String taskId) {
        return Optional.of(ServiceResponse.json(state(taskId, "CANCELED", "")));
    }

    @Override
    public ServiceResponse unknownTask(String taskId) {
        return error(404, "NOT_FOUND").apply("no such task");
    }

    private static String state(String taskId, String status, String more) {
        return "{\"id\":\"" + taskId + "\",\"status\":\"" + status + "\"" + more + "}";
    }

    private static String video(URI medium) {
        return ",\"data\":{\"videos\":[{\"url\":\"" + medium + "\"}]}";
    }

    private static Function<String, ServiceResponse> error(int status, String code) {
        return message -> ServiceResponse.json(
                status, "{\"error\":\"" + code + "\",\"code\":\"" + code + "\",\"message\":\"" + message + "\"}");
    }

    @Override
    public List<CreateError> createErrors() {
        return List.of(
                refused(400, "VIDEO_GENERATION_INVALID_INPUT", ErrorCategory.INVALID_REQUEST),
                refused(400, "IMAGE_GENERATION_UNSUPPORTED_MODEL", ErrorCategory.INVALID_REQUEST),
                refused(402, "VIDEO_GENERATION_INSUFFICIENT_CREDITS", ErrorCategory.INSUFFICIENT_CREDITS),
                refused(422, "TTS_GENERATION_CONTENT_REJECTED", ErrorCategory.CONTENT_REJECTED),
                refused(401, "UNAUTHORIZED", ErrorCategory.AUTHENTICATION),
                refused(404, "NOT_FOUND", ErrorCategory.INVALID_REQUEST),
                deferred(429, "VIDEO_GENERATION_RATE_LIMITED", ErrorCategory.RATE_LIMITED),
                deferred(503, "VIDEO_GENERATION_PROVIDER_UNAVAILABLE", ErrorCategory.SERVICE_UNAVAILABLE),
                CreateError.uncertain("VIDEO_GENERATION_FAILED", error(502, "VIDEO_GENERATION_FAILED")),
                CreateError.uncertain("VIDEO_GENERATION_TIMEOUT", error(504, "VIDEO_GENERATION_TIMEOUT")),
                CreateError.uncertain("a code that the contract does not know", error(503, "SOMETHING_ELSE")));
    }

    private static CreateError refused(int status, String code, ErrorCategory category) {
        return CreateError.refused(code, category, error(status, code));
    }

    private static CreateError deferred(int status, String code, ErrorCategory category) {
        return CreateError.deferred(code, category, error(status, code));
    }

    @Override
    public List<PollError> pollErrors() {
        return List.of(
                new PollError("401", error(401, "UNAUTHORIZED"), Kind.UNAUTHORISED),
                new PollError("403", error(403, "FORBIDDEN"), Kind.UNAUTHORISED),
                new PollError("RATE_LIMITED", error(429, "VIDEO_GENERATION_RATE_LIMITED"), Kind.RATE_LIMITED),
                new PollError(
                        "PROVIDER_UNAVAILABLE", error(503, "VIDEO_GENERATION_PROVIDER_UNAVAILABLE"), Kind.UNAVAILABLE));
    }

    @Override
    public List<PortableOption> portableOptions() {
        return List.of(
                PortableOption.sent("duration", 10.0, "\"duration\":10"),
                PortableOption.sent("resolution", "720p", "\"resolution\":\"720p\""),
                PortableOption.sent("aspectRatio", "9:16", "\"aspect_ratio\":\"9:16\""),
                PortableOption.sent("negativePrompt", "no visible wires", "\"negative_prompt\":\"no visible wires\""),
                PortableOption.sent("seed", 42L, "\"seed\":42"),
                PortableOption.sent("count", 2, "\"n\":2"),
                PortableOption.sent("audio", true, "\"generate_audio\":true"));
    }
}
