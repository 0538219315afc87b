/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

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
import java.util.function.Function;

/** docs/contracts/ima.md sections 1, 2, 6, 7 and 8, on the service's side. */
final class ImaProtocol implements ServiceProtocol {

    @Override
    public GenerationProviderFactory factory() {
        return new ImaProviderFactory();
    }

    @Override
    public AccountSettings account(URI server, String apiKey) {
        return AccountSettings.builder("ima", "ima")
                .apiKey(apiKey)
                .baseUrl(server + "/ima")
                .uploadUrl(server + "/ima-upload")
                .build();
    }

    @Override
    public GenerationRequest.Builder request(Operation operation) {
        return ImaTestSupport.request(operation);
    }

    @Override
    public ServiceCall callOf(ServiceRequest request) {
        return switch (request.path()) {
            case "/ima/open/v1/tasks/create" -> ServiceCall.create();
            case "/ima/open/v1/tasks/detail" ->
                ServiceCall.poll(request.json().path("task_id").asText());
            default -> ServiceCall.supporting();
        };
    }

    @Override
    public ServiceResponse supporting(ServiceRequest request) {
        if (request.path().endsWith("/getuploadtoken")) {
            String address = "http://" + request.header("Host") + "/bucket/a.png";
            return ServiceResponse.json("{\"code\":0,\"data\":{\"ful\":\"" + address
                    + "?Signature=s\",\"fdl\":\"https://ima-ga.esxscloud.com/a.png\"}}");
        }
        if (request.method().equals("PUT")) {
            return ServiceResponse.of(200, "text/plain", "");
        }
        String query = String.valueOf(request.query());
        return ImaCatalogue.TASK_TYPES.stream()
                .filter(type -> query.contains("category=" + type.path()))
                .findFirst()
                .map(type -> ServiceResponse.json(ImaTestSupport.list(type)))
                .orElseGet(() -> ServiceResponse.html(404));
    }

    @Override
    public ServiceResponse accepted(String taskId) {
        return ServiceResponse.json("{\"code\":0,\"data\":{\"id\":\"" + taskId + "\",\"medias\":[]}}");
    }

    @Override
    public ServiceResponse pending(String taskId, TaskStatus status) {
        return detail(taskId, status == TaskStatus.QUEUED ? "" : "{\"resource_status\":0}");
    }

    @Override
    public ServiceResponse succeeded(String taskId, URI medium) {
        return detail(taskId, "{\"resource_status\":1,\"status\":\"success\",\"url\":\"" + medium + "\"}");
    }

    @Override
    public ServiceResponse failed(String taskId, String message) {
        return detail(taskId, "{\"resource_status\":2,\"error_msg\":\"" + message + "\"}");
    }

    private static ServiceResponse detail(String taskId, String medium) {
        return ServiceResponse.json("{\"code\":0,\"data\":{\"id\":\"" + taskId + "\",\"medias\":[" + medium + "]}}");
    }

    @Override
    public ServiceResponse unknownTask(String taskId) {
        return envelope(200, 404).apply("task not found");
    }

    private static Function<String, ServiceResponse> envelope(int status, int code) {
        return message -> ServiceResponse.json(status, ImaTestSupport.envelope(code, message));
    }

    @Override
    public List<CreateError> createErrors() {
        return List.of(
                CreateError.refused("400", ErrorCategory.INVALID_REQUEST, envelope(200, 400)),
                CreateError.refused("401", ErrorCategory.AUTHENTICATION, envelope(200, 401)),
                CreateError.refused("4008", ErrorCategory.INSUFFICIENT_CREDITS, envelope(200, 4008)),
                CreateError.refused("4014", ErrorCategory.SUBSCRIPTION_REQUIRED, envelope(200, 4014)),
                CreateError.stale("6006", ErrorCategory.INVALID_REQUEST, envelope(200, 6006)),
                CreateError.stale("6009", ErrorCategory.INVALID_REQUEST, envelope(200, 6009)),
                CreateError.stale("6010", ErrorCategory.INVALID_REQUEST, envelope(200, 6010)),
                CreateError.deferred("429", ErrorCategory.RATE_LIMITED, envelope(200, 429)),
                CreateError.uncertain("500", envelope(200, 500)),
                CreateError.uncertain("503", envelope(503, 503)),
                CreateError.uncertain("a code that the contract does not know", envelope(200, 7777)));
    }

    @Override
    public List<PollError> pollErrors() {
        return List.of(
                new PollError("401", envelope(200, 401), Kind.UNAUTHORISED),
                new PollError("429", envelope(200, 429), Kind.RATE_LIMITED),
                new PollError("400", envelope(200, 400), Kind.UNAVAILABLE),
                new PollError("500", envelope(200, 500), Kind.UNAVAILABLE));
    }

    @Override
    public List<PortableOption> portableOptions() {
        return List.of(
                PortableOption.sent("duration", 10.0, "\"duration\":10"),
                PortableOption.sent("resolution", "720p", "\"resolution\":\"720P\""),
                PortableOption.sent("aspectRatio", "9:16", "\"aspect_ratio\":\"9:16\""),
                PortableOption.sent("negativePrompt", "no visible wires", "\"negative_prompt\":\"no visible wires\""),
                PortableOption.refused("seed", 42L),
                PortableOption.sent("count", 2, "\"n\":2"),
                PortableOption.refused("audio", true));
    }
}
