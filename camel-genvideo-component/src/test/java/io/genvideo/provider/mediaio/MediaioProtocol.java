/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

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

/** docs/contracts/mediaio.md sections 1 to 5, on the service's side. */
final class MediaioProtocol implements ServiceProtocol {
    private static final String RESULT = "/mediaio/generation/result/";

    @Override
    public GenerationProviderFactory factory() {
        return new MediaioProviderFactory();
    }

    @Override
    public AccountSettings account(URI server, String apiKey) {
        return AccountSettings.builder("mediaio", "mediaio")
                .apiKey(apiKey)
                .baseUrl(server + "/mediaio")
                .build();
    }

    @Override
    public GenerationRequest.Builder request(Operation operation) {
        MediaioModel model = new MediaioCatalogue()
                .models().stream()
                        .filter(m -> operation == Operation.TEXT_TO_VIDEO
                                ? m.id().equals("t2v-vidu-q3")
                                : TaskTypes.canDo(m, operation))
                        .findFirst()
                        .orElseThrow();
        return MediaioTestSupport.request(model).operation(operation);
    }

    @Override
    public ServiceCall callOf(ServiceRequest request) {
        if (request.path().startsWith(RESULT)) {
            return ServiceCall.poll(request.path().substring(RESULT.length()));
        }
        return request.path().startsWith("/mediaio/generation/") ? ServiceCall.create() : ServiceCall.supporting();
    }

    @Override
    public ServiceResponse supporting(ServiceRequest request) {
        return data("{\"credits\":100}");
    }

    @Override
    public ServiceResponse accepted(String taskId) {
        return data("{\"task_id\":\"" + taskId + "\"}");
    }

    @Override
    public ServiceResponse pending(String taskId, TaskStatus status) {
        return task(taskId, status == TaskStatus.QUEUED ? "waiting" : "processing", "", "null");
    }

    @Override
    public ServiceResponse succeeded(String taskId, URI medium) {
        return task(
                taskId,
                "completed",
                "success",
                "[{\"val\":\"aicloudtmp/a.mp4\",\"preview\":\"" + medium + "\",\"status\":\"completed\"}]");
    }

    @Override
    public ServiceResponse failed(String taskId, String message) {
        return task(taskId, "failed", message, "[]");
    }

    private static ServiceResponse task(String taskId, String status, String reason, String result) {
        return data("{\"task_id\":\"" + taskId + "\",\"status\":\"" + status + "\",\"reason\":\"" + reason
                + "\",\"result\":" + result + "}");
    }

    private static ServiceResponse data(String data) {
        return ServiceResponse.json("{\"code\":0,\"msg\":\"\",\"data\":" + data + ",\"trace_id\":\"d63f\"}");
    }

    @Override
    public ServiceResponse unknownTask(String taskId) {
        return error(200, 490000).apply("task does not exist");
    }

    private static Function<String, ServiceResponse> error(int status, int code) {
        return message -> ServiceResponse.json(
                status, "{\"code\":" + code + ",\"msg\":\"" + message + "\",\"data\":{},\"trace_id\":\"d63f\"}");
    }

    @Override
    public List<CreateError> createErrors() {
        return List.of(
                CreateError.refused("374004", ErrorCategory.AUTHENTICATION, error(200, 374004)),
                CreateError.refused("490505", ErrorCategory.INSUFFICIENT_CREDITS, error(200, 490505)),
                CreateError.refused("490000", ErrorCategory.INVALID_REQUEST, error(200, 490000)),
                CreateError.uncertain("500", error(500, 500)),
                CreateError.uncertain("a code that the contract does not know", error(200, 7777)));
    }

    @Override
    public List<PollError> pollErrors() {
        return List.of(
                new PollError("374004", error(200, 374004), Kind.UNAUTHORISED),
                new PollError("490505", error(200, 490505), Kind.UNAVAILABLE),
                new PollError("500", error(500, 500), Kind.UNAVAILABLE));
    }

    @Override
    public List<PortableOption> portableOptions() {
        return List.of(
                PortableOption.sent("duration", 12.0, "\"duration\":\"12s\""),
                PortableOption.sent("resolution", "1080p", "\"resolution\":\"1080P\""),
                PortableOption.sent("aspectRatio", "9:16", "\"ratio\":\"9:16\""),
                PortableOption.refused("negativePrompt", "no visible wires"),
                PortableOption.refused("seed", 42L),
                PortableOption.refused("count", 2),
                PortableOption.sent("audio", false, "\"generate_audio\":\"False\""));
    }
}
