/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import io.genvideo.conformance.CreateError;
import io.genvideo.conformance.PollError;
import io.genvideo.conformance.PortableOption;
import io.genvideo.conformance.ServiceCall;
import io.genvideo.conformance.ServiceProtocol;
import io.genvideo.conformance.ServiceRequest;
import io.genvideo.conformance.ServiceResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationRequest;
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

/** docs/contracts/wiro.md sections 2, 4, 5, 8 and 10, on the service's side; there is no socket. */
final class WiroProtocol implements ServiceProtocol {

    @Override
    public GenerationProviderFactory factory() {
        return new WiroProviderFactory();
    }

    @Override
    public AccountSettings account(URI server, String apiKey) {
        return AccountSettings.builder("wiro", "wiro")
                .apiKey(apiKey)
                .secretKey(apiKey + "-secret")
                .baseUrl(server + "/v1")
                .settings(Map.of("socketUrl", "ws://" + server.getAuthority() + "/socket"))
                .build();
    }

    @Override
    public GenerationRequest.Builder request(Operation operation) {
        return WiroTestSupport.request(operation);
    }

    @Override
    public ServiceCall callOf(ServiceRequest request) {
        if (request.path().startsWith("/v1/Run/")) {
            return ServiceCall.create();
        }
        return request.path().equals("/v1/Task/Detail")
                ? ServiceCall.poll(request.json().path("taskid").asText())
                : ServiceCall.supporting();
    }

    @Override
    public ServiceResponse supporting(ServiceRequest request) {
        return switch (request.path()) {
            case "/v1/Tool/Detail" ->
                ServiceResponse.json(
                        WiroTestSupport.tool(request.json().path("slugowner").asText() + "/"
                                + request.json().path("slugproject").asText()));
            case "/v1/Tool/List" ->
                ServiceResponse.json("{\"result\":true,\"errors\":[],\"total\":\"1\",\"tool\":[{\"slugowner\":\"acme\","
                        + "\"slugproject\":\"edit\",\"title\":\"Edit\",\"categories\":[\"video\"]}]}");
            case "/v1/File/Upload" ->
                ServiceResponse.json(
                        "{\"result\":true,\"errors\":[],\"list\":[{\"url\":\"https://cdn1.wiro.ai/f/1.png\"}]}");
            case "/v1/Task/Cancel" -> detail("1", "task_cancel", "");
            case "/v1/Task/List" -> ServiceResponse.json("{\"result\":true,\"errors\":[],\"tasklist\":[]}");
            default -> ServiceResponse.html(404);
        };
    }

    @Override
    public ServiceResponse accepted(String taskId) {
        return ServiceResponse.json(WiroTestSupport.accepted(taskId));
    }

    @Override
    public ServiceResponse pending(String taskId, TaskStatus status) {
        return detail(taskId, status == TaskStatus.QUEUED ? "task_queue" : "task_start", "");
    }

    @Override
    public ServiceResponse succeeded(String taskId, URI medium) {
        return detail(
                taskId,
                "task_postprocess_end",
                ",\"pexit\":\"0\",\"totalcost\":\"0.25\",\"outputs\":[{\"url\":\"" + medium
                        + "\",\"contenttype\":\"video/mp4\"}]");
    }

    @Override
    public ServiceResponse failed(String taskId, String message) {
        return detail(
                taskId,
                "task_postprocess_end",
                ",\"pexit\":\"1\",\"totalcost\":\"0\",\"outputs\":[],\"debugerror\":\"" + message + "\"");
    }

    @Override
    public Optional<ServiceResponse> cancelled(String taskId) {
        return Optional.of(detail(taskId, "task_cancel", ""));
    }

    private static ServiceResponse detail(String taskId, String status, String more) {
        return ServiceResponse.json(WiroTestSupport.detail(taskId, status, more));
    }

    @Override
    public ServiceResponse unknownTask(String taskId) {
        return error(200, "1").apply("There is no task yet.");
    }

    private static Function<String, ServiceResponse> error(int status, String code) {
        return message -> ServiceResponse.json(status, WiroTestSupport.error(code, message));
    }

    private static Function<String, ServiceResponse> error(int status, String code, String before) {
        return message -> error(status, code).apply(before + message);
    }

    @Override
    public List<CreateError> createErrors() {
        return List.of(
                CreateError.refused(
                        "0, a parameter",
                        ErrorCategory.INVALID_REQUEST,
                        error(200, "0", "Request parameter [x] required ")),
                CreateError.refused(
                        "1, no such model", ErrorCategory.INVALID_REQUEST, error(200, "1", "tool-not-accessible ")),
                CreateError.noCapacity("96", ErrorCategory.RATE_LIMITED, error(200, "96")),
                CreateError.noCapacity("96 with 400", ErrorCategory.RATE_LIMITED, error(400, "96")),
                CreateError.refused("97", ErrorCategory.INSUFFICIENT_CREDITS, error(200, "97")),
                CreateError.refused("98", ErrorCategory.AUTHENTICATION, error(200, "98")),
                CreateError.refused(
                        "401", ErrorCategory.AUTHENTICATION, error(401, "0", "Project authorization is not valid. ")),
                CreateError.uncertain("0, a failure at the service", error(200, "0")),
                CreateError.uncertain("a code that the contract does not know", error(200, "4711")),
                CreateError.uncertain("500", error(500, "0")));
    }

    @Override
    public List<PollError> pollErrors() {
        return List.of(
                new PollError("401", error(401, "0"), Kind.UNAUTHORISED),
                new PollError("98", error(200, "98"), Kind.UNAUTHORISED),
                new PollError("0", error(200, "0"), Kind.UNAVAILABLE),
                new PollError("500", error(500, "0"), Kind.UNAVAILABLE));
    }

    @Override
    public List<PortableOption> portableOptions() {
        return List.of(
                PortableOption.sent("duration", 10.0, "\"duration\":10"),
                PortableOption.sent("resolution", "720p", "\"resolution\":\"720P\""),
                PortableOption.sent("aspectRatio", "9:16", "\"ratio\":\"9:16\""),
                PortableOption.sent("negativePrompt", "no visible wires", "\"negativePrompt\":\"no visible wires\""),
                PortableOption.sent("seed", 42L, "\"seed\":42"),
                PortableOption.refused("count", 2),
                PortableOption.sent("audio", true, "\"audioEnabled\":\"true\""));
    }
}
