/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.ProviderTestSupport;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.SubmittedTask;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;

/** A stand-in for the service on a real socket, and a provider that talks to it. */
abstract class NemoTestSupport extends ProviderTestSupport {
    static final String TOKEN = "nmv_usr_0123456789abcdef";
    static final String SESSION = "5529798706024415232";
    static final String TASK = SESSION + "-1";
    static final String STATE_PATH = "/api/state/nemo_agent/me/" + SESSION + "/latest";
    static final String RENDERS = "/api/render/proxy/lambda";
    static final String RENDER = "render_" + SESSION + "_1";

    static final String EMPTY_STATE = "{}";
    static final String DRAFT = "{\"d\":5000,\"m\":{\"title\":\"demo\",\"width\":1080,\"height\":1920},"
            + "\"t\":[{\"tt\":0,\"sg\":[{\"id\":\"s1\",\"d\":5000}]},{\"tt\":1,\"sg\":[]},{\"tt\":7,\"sg\":[]}]}";
    static final String CLIP_STATE = "{\"draft\":" + DRAFT + "}";

    final MovableClock clock = new MovableClock();

    // ---- provider ----

    GenerationProvider provider() {
        return provider(TOKEN, Map.of());
    }

    GenerationProvider provider(String token, Map<String, String> settings) {
        return new NemoProviderFactory()
                .create(new ProviderContext(
                        AccountSettings.builder("nemo", "nemo")
                                .apiKey(token)
                                .baseUrl(SERVICE.baseUrl())
                                .settings(settings)
                                .build(),
                        HTTP,
                        clock,
                        new Random(42)));
    }

    // ---- answers ----

    static ResponseDefinitionBuilder data(String data) {
        return okJson("{\"code\":0,\"data\":" + data + "}");
    }

    static ResponseDefinitionBuilder error(int status, int code, String message) {
        return json(status, "{\"code\":" + code + ",\"message\":\"" + message + "\"}");
    }

    static ResponseDefinitionBuilder events(String... data) {
        StringBuilder body = new StringBuilder();
        for (String each : data) {
            body.append("data: ").append(each).append("\n\n");
        }
        return aResponse()
                .withStatus(200)
                .withHeader("Content-Type", "text/event-stream")
                .withBody(body.toString());
    }

    static String text(String content) {
        return "{\"type\":\"text\",\"content\":\"" + content + "\"}";
    }

    static String shapeB(String status, String more) {
        return "{\"success\":true,\"data\":{\"id\":\"" + RENDER + "\",\"status\":\"" + status + "\"" + more + "}}";
    }

    static String shapeA(String status, String more) {
        return "{\"taskId\":\"" + RENDER + "\",\"status\":\"" + status + "\"" + more + "}";
    }

    @BeforeEach
    void answerSessions() {
        SERVICE.resetAll();
        SERVICE.stubFor(any(anyUrl()).atPriority(10).willReturn(aResponse().withStatus(404)));
        SERVICE.stubFor(post(urlPathEqualTo("/api/tasks/me/with-session/nemo_agent"))
                .willReturn(data("{\"task_id\":\"task_1\",\"session_id\":\"" + SESSION + "\"}")));
    }

    static void stubState(String state) {
        stubStateAnswer(data("{\"session_id\":\"" + SESSION + "\",\"task_id\":\"task_1\",\"state\":" + state + "}"));
    }

    static void stubStateAnswer(ResponseDefinitionBuilder answer) {
        SERVICE.stubFor(get(urlPathEqualTo(STATE_PATH)).willReturn(answer));
    }

    static void stubChat(ResponseDefinitionBuilder answer) {
        SERVICE.stubFor(post(urlPathEqualTo("/run_sse")).willReturn(answer));
    }

    static void stubRender(ResponseDefinitionBuilder answer) {
        SERVICE.stubFor(post(urlPathEqualTo(RENDERS)).willReturn(answer));
    }

    static void stubRenderStatus(ResponseDefinitionBuilder answer) {
        SERVICE.stubFor(get(urlPathMatching(RENDERS + "/[^/]+")).willReturn(answer));
    }

    // ---- requests ----

    static GenerationRequest.Builder request() {
        return request(Operation.TEXT_TO_VIDEO);
    }

    static GenerationRequest.Builder request(Operation operation) {
        return GenerationRequest.builder().operation(operation).prompt(PROMPT);
    }

    static SubmittedTask task(String providerState) {
        return new SubmittedTask("rec-1", TASK, Operation.TEXT_TO_VIDEO, "nemo_agent", providerState);
    }

    static SubmittedTask task(MessageProgress progress) {
        return task(progress.write());
    }

    /** The hash of a state. */
    String hashOf(String state) {
        stubState(state);
        String written = await(ready(provider(), request().build()).prepare());
        return MessageProgress.read(written).orElseThrow().before();
    }

    /** A message whose session had this state before. */
    MessageProgress sentAfter(String state) {
        return MessageProgress.beforeSending(SESSION, 1, hashOf(state));
    }

    static PollOutcome poll(GenerationProvider provider, MessageProgress progress) {
        return await(provider.poll(task(progress), CallOptions.DEFAULT));
    }
}
