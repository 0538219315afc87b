/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package com.example.northlight;

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
import java.util.Optional;
import java.util.function.Function;

/** The service's side of Northlight's calls. */
class NorthlightProtocol implements ServiceProtocol {
    private static final String JOBS = "/v1/jobs";

    @Override
    public GenerationProviderFactory factory() {
        return new NorthlightProviderFactory();
    }

    @Override
    public AccountSettings account(URI server, String apiKey) {
        return AccountSettings.builder("northlight", "northlight")
                .apiKey(apiKey)
                .baseUrl(server.toString())
                .build();
    }

    @Override
    public GenerationRequest.Builder request(Operation operation) {
        GenerationRequest.Builder request = GenerationRequest.builder();
        return operation == Operation.IMAGE_TO_VIDEO
                ? request.input(MediaInput.of(new MediaSource.Url(URI.create("https://cdn.example.com/a.png"))))
                : request;
    }

    @Override
    public ServiceCall callOf(ServiceRequest request) {
        if (request.method().equals("POST") && request.path().equals(JOBS)) {
            return ServiceCall.create();
        }
        return request.path().startsWith(JOBS + "/")
                ? ServiceCall.poll(request.path().substring(JOBS.length() + 1))
                : ServiceCall.supporting();
    }

    /** There are no other calls. */
    @Override
    public ServiceResponse supporting(ServiceRequest request) {
        return ServiceResponse.html(404);
    }

    @Override
    public ServiceResponse accepted(String taskId) {
        return job(taskId, "waiting", "");
    }

    @Override
    public ServiceResponse pending(String taskId, TaskStatus status) {
        return job(taskId, status == TaskStatus.QUEUED ? "waiting" : "working", "");
    }

    @Override
    public ServiceResponse succeeded(String taskId, URI medium) {
        return job(taskId, "done", ",\"video\":\"" + medium + "\"");
    }

    @Override
    public ServiceResponse failed(String taskId, String message) {
        return job(taskId, "failed", ",\"reason\":\"" + message + "\"");
    }

    @Override
    public Optional<ServiceResponse> cancelled(String taskId) {
        return Optional.of(job(taskId, "cancelled", ""));
    }

    @Override
    public ServiceResponse unknownTask(String taskId) {
        return problem(404, "unknown_job").apply("no such job");
    }

    private static ServiceResponse job(String id, String state, String more) {
        return ServiceResponse.json("{\"job\":{\"id\":\"" + id + "\",\"state\":\"" + state + "\"" + more + "}}");
    }

    private static Function<String, ServiceResponse> problem(int status, String code) {
        return text ->
                ServiceResponse.json(status, "{\"problem\":{\"code\":\"" + code + "\",\"text\":\"" + text + "\"}}");
    }

    @Override
    public List<CreateError> createErrors() {
        return List.of(
                CreateError.refused("bad_input", ErrorCategory.INVALID_REQUEST, problem(400, "bad_input")),
                CreateError.refused("bad_key", ErrorCategory.AUTHENTICATION, problem(401, "bad_key")),
                CreateError.refused("no_credits", ErrorCategory.INSUFFICIENT_CREDITS, problem(402, "no_credits")),
                CreateError.refused("unsafe", ErrorCategory.CONTENT_REJECTED, problem(422, "unsafe")),
                CreateError.deferred("slow_down", ErrorCategory.RATE_LIMITED, problem(429, "slow_down")),
                CreateError.uncertain("internal", problem(500, "internal")));
    }

    @Override
    public List<PollError> pollErrors() {
        return List.of(
                new PollError("bad_key", problem(401, "bad_key"), Kind.UNAUTHORISED),
                new PollError("slow_down", problem(429, "slow_down"), Kind.RATE_LIMITED),
                new PollError("internal", problem(500, "internal"), Kind.UNAVAILABLE));
    }

    @Override
    public List<PortableOption> portableOptions() {
        return List.of(
                PortableOption.sent("duration", 10.0, "\"seconds\":10"),
                PortableOption.sent("aspectRatio", "9:16", "\"ratio\":\"9:16\""),
                PortableOption.sent("seed", 42L, "\"seed\":42"),
                PortableOption.refused("resolution", "720p"),
                PortableOption.refused("negativePrompt", "no visible wires"),
                PortableOption.refused("count", 2),
                PortableOption.refused("audio", true));
    }
}
