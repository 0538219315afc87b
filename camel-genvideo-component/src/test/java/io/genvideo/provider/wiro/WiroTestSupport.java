/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaRole;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.ProviderTestSupport;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;

/** A stand-in for the service on a real socket, and a provider that talks to it. */
abstract class WiroTestSupport extends ProviderTestSupport {
    static final String KEY = "wk_0123456789abcdef";
    static final String SECRET = "ws_fedcba9876543210";
    static final String WAN = "alibaba/wan 2.6";
    static final String SEEDANCE = "ByteDance/seedance-pro-v1.5";
    static final String ACCEPTED = accepted("2221");

    private static final JsonNode TOOLS = tools();

    final MovableClock clock = new MovableClock();

    // ---- provider ----

    GenerationProvider provider() {
        return provider(KEY, SECRET);
    }

    GenerationProvider provider(String key, String secret) {
        return new WiroProviderFactory()
                .create(new ProviderContext(
                        AccountSettings.builder("wiro", "wiro")
                                .apiKey(key)
                                .secretKey(secret)
                                .baseUrl(SERVICE.baseUrl() + "/v1")
                                .settings(Map.of("socketUrl", socketUrl()))
                                .build(),
                        HTTP,
                        clock,
                        new Random(42)));
    }

    String socketUrl() {
        return "ws://localhost:" + SERVICE.getPort() + "/socket";
    }

    // ---- answers ----

    static String accepted(String taskId) {
        return "{\"errors\":[],\"taskid\":\"" + taskId
                + "\",\"socketaccesstoken\":\"eDcCm5yyUfIvMFspTwww49OUfgXkQt\",\"result\":true}";
    }

    static String detail(String taskId, String status, String more) {
        return "{\"total\":\"1\",\"errors\":[],\"result\":true,\"tasklist\":[{\"id\":\"" + taskId + "\",\"status\":\""
                + status + "\",\"socketaccesstoken\":\"eDcCm5yyUfIvMFspTwww49OUfgXkQt\"" + more + "}]}";
    }

    static String error(String code, String message) {
        return "{\"result\":false,\"errors\":[{\"code\":" + code + ",\"message\":\"" + message
                + "\",\"time\":1734513807}]}";
    }

    private static JsonNode tools() {
        try {
            return MAPPER.readTree(resource(WiroTestSupport.class, "tools.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Tool/Detail answers about a model. */
    static String tool(String slug) {
        for (JsonNode tool : TOOLS) {
            if (slug.equalsIgnoreCase(ToolReader.slug(tool))) {
                return "{\"result\":true,\"errors\":[],\"tool\":[" + tool + "]}";
            }
        }
        return error("1", "slug-owner-project-not-exist");
    }

    @BeforeEach
    void describeModels() {
        SERVICE.resetAll();
        for (JsonNode tool : TOOLS) {
            SERVICE.stubFor(post(urlPathEqualTo("/v1/Tool/Detail"))
                    .withRequestBody(equalToJson(
                            "{\"slugowner\":\"" + tool.path("slugowner").asText() + "\",\"slugproject\":\""
                                    + tool.path("slugproject").asText() + "\"}"))
                    .willReturn(okJson(tool(ToolReader.slug(tool)))));
        }
    }

    static void stub(String path, ResponseDefinitionBuilder answer) {
        SERVICE.stubFor(post(urlPathEqualTo("/v1" + path)).willReturn(answer));
    }

    static void stubRun(ResponseDefinitionBuilder answer) {
        SERVICE.stubFor(post(urlPathMatching("/v1/Run/.*")).willReturn(answer));
    }

    // ---- requests ----

    /** A request that the models of these tests accept. */
    static GenerationRequest.Builder request(Operation operation) {
        return switch (operation) {
            case TEXT_TO_VIDEO, GENERATE -> request(operation, WAN);
            case IMAGE_TO_VIDEO -> request(operation, SEEDANCE).input(url("https://media.example.com/a.png"));
            case FIRST_LAST_FRAME_TO_VIDEO ->
                request(operation, SEEDANCE)
                        .input(url("https://media.example.com/a.png"))
                        .input(url("https://media.example.com/b.png"));
            case REFERENCE_IMAGE_TO_VIDEO ->
                request(operation, "acme/references")
                        .input(url(MediaRole.REFERENCE, "https://media.example.com/a.png"));
            case VIDEO_TO_VIDEO -> request(operation, "acme/edit").input(url("https://media.example.com/a.mp4"));
            case TEXT_TO_IMAGE -> request(operation, "google/nano-banana-pro");
            case IMAGE_TO_IMAGE ->
                request(operation, "google/nano-banana-pro").input(url("https://media.example.com/a.png"));
            default -> throw new IllegalArgumentException(operation.path());
        };
    }

    static GenerationRequest.Builder request(Operation operation, String model) {
        return GenerationRequest.builder().operation(operation).model(model).prompt(PROMPT);
    }

    static GenerationRequest.Builder wan() {
        return request(Operation.TEXT_TO_VIDEO, WAN);
    }

    SubmitOutcome submit(GenerationRequest request) {
        return await(ready(provider(), request).submit());
    }

    /** The JSON body that a request is sent with. */
    JsonNode sent(GenerationRequest request) {
        try {
            return MAPPER.readTree(run(request).getBody());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The paid call of a request. */
    LoggedRequest run(GenerationRequest request) {
        stubRun(okJson(ACCEPTED));
        await(ready(provider(), request).submit());
        List<LoggedRequest> sent = SERVICE.findAll(postRequestedFor(urlPathMatching("/v1/Run/.*")));
        return sent.get(sent.size() - 1);
    }

    static SubmittedTask task(String taskId) {
        return new SubmittedTask("rec-1", taskId, Operation.TEXT_TO_VIDEO, WAN, null);
    }

    /** What a poll of task 2221 makes of an answer. */
    PollOutcome poll(String status, String more) {
        return poll(okJson(detail("2221", status, more)));
    }

    PollOutcome poll(ResponseDefinitionBuilder answer) {
        stub("/Task/Detail", answer);
        return await(provider().poll(task("2221"), io.genvideo.spi.CallOptions.DEFAULT));
    }
}
