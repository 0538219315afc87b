/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.OwnOperationCall;
import io.genvideo.spi.SubmitOutcome;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The provider's own operations on a session, and upload. */
class SessionOperationsTest extends NemoTestSupport {
    private static final Map<String, Object> IN_SESSION = Map.of("sessionId", SESSION);

    @SuppressWarnings("unchecked") // each of these operations returns a map
    private Map<String, Object> invoke(String operation, Map<String, Object> parameters, Object body) {
        return (Map<String, Object>)
                await(provider().invoke(new OwnOperationCall(operation, parameters, body), CallOptions.DEFAULT));
    }

    private GenvideoException refused(String operation, Map<String, Object> parameters, Object body) {
        return failure(() -> provider().invoke(new OwnOperationCall(operation, parameters, body), CallOptions.DEFAULT));
    }

    private static void verifyMessages(int count) {
        SERVICE.verify(count, postRequestedFor(urlPathEqualTo("/run_sse")));
    }

    @Test
    void sessionIsCreatedAndItsIdKeepsAllDigits() {
        assertThat(invoke("session", Map.of(), null)).isEqualTo(Map.of("sessionId", SESSION, "taskId", "task_1"));
    }

    @Test
    void stateIsSummarised() {
        stubState(CLIP_STATE);

        Map<String, Object> state = invoke("state", IN_SESSION, null);

        assertThat(state)
                .containsEntry("sessionId", SESSION)
                .containsEntry("title", "demo")
                .containsEntry("width", 1080)
                .containsEntry("height", 1920)
                .containsEntry("exportable", true)
                .containsEntry("duration", new BigDecimal("5.000"));
        assertThat(state.get("tracks"))
                .isEqualTo(List.of(
                        Map.of("type", "video", "segments", 1, "duration", new BigDecimal("5.000")),
                        Map.of("type", "audio", "segments", 0),
                        Map.of("type", "text", "segments", 0)));
    }

    @Test
    void messageIsSentOnceAndItsEffectRead() {
        stubState(CLIP_STATE);
        stubChat(events(text("It is slower now. Click Export to save it."), text("I encountered a temporary issue")));

        Map<String, Object> reply = invoke("chat", IN_SESSION, "make it slower");

        assertThat(reply)
                .containsEntry("text", "It is slower now. Click Export to save it.")
                .containsEntry("complete", true)
                .containsEntry("changed", false)
                .containsEntry("actions", List.of(Map.of("text", "Click Export to save it.", "operation", "export")));
        verifyMessages(1);
    }

    @Test
    void messageWhoseAnswerIsLostIsUncertainAndNotSentAgain() {
        stubState(CLIP_STATE);
        stubChat(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));

        GenvideoException failure = refused("chat", IN_SESSION, "make it slower");

        assertThat(failure.getCategory()).isEqualTo(ErrorCategory.UNCERTAIN_SUBMISSION);
        assertThat(failure.getPaid()).isEqualTo(Paid.UNKNOWN);
        verifyMessages(1);
    }

    @ParameterizedTest
    @CsvSource({"402,2001,INSUFFICIENT_CREDITS", "404,1002,INVALID_REQUEST", "401,1001,AUTHENTICATION"})
    void messageThatIsRefusedIsATypedError(int status, int code, ErrorCategory category) {
        stubState(CLIP_STATE);
        stubChat(error(status, code, "no"));

        GenvideoException failure = refused("chat", IN_SESSION, "make it slower");

        assertThat(failure.getCategory()).isEqualTo(category);
        assertThat(failure.getPaid()).isEqualTo(Paid.NO);
    }

    @Test
    void oneMessageAtATimeIsUnderWayInASession() {
        stubState(CLIP_STATE);
        stubChat(events(text("done")).withFixedDelay(700));
        GenerationProvider provider = provider();
        OwnOperationCall chat = new OwnOperationCall("chat", IN_SESSION, "make it slower");
        CompletableFuture<Object> first =
                provider.invoke(chat, CallOptions.DEFAULT).toCompletableFuture();

        assertThat(failure(() -> provider.invoke(chat, CallOptions.DEFAULT)))
                .hasMessageContaining("another message is under way")
                .satisfies(e -> assertThat(((GenvideoException) e).getError().retryable())
                        .isTrue());
        SubmitOutcome generation =
                await(ready(provider, request().parameter("sessionId", SESSION).build())
                        .submit());
        assertThat(generation).isInstanceOf(SubmitOutcome.Deferred.class);
        await(first);
        verifyMessages(1);

        await(provider.invoke(chat, CallOptions.DEFAULT));
        verifyMessages(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            value = {"-; missing", "''; blank", "导出; genvideo:nemo/export", "Please export it.; genvideo:nemo/export"})
    void messageThatMustNotBeSentIsRefused(String body, String reason) {
        assertThat(refused("chat", IN_SESSION, body)).hasMessageContaining(reason);
        verifyMessages(0);
    }

    @ParameterizedTest
    @CsvSource({"chat", "state", "export"})
    void sessionIsRequired(String operation) {
        assertThat(refused(operation, Map.of(), "make it slower")).hasMessageContaining("sessionId is missing");
        assertThat(refused(operation, Map.of("sessionId", SESSION, "style", "noir"), "make it slower"))
                .hasMessageContaining("style");
    }

    @Test
    void exportIsStartedAndRead() {
        stubState(CLIP_STATE);
        stubRender(okJson(shapeB("pending", ",\"progress\":5")));
        stubRenderStatus(okJson(shapeA("completed", ",\"output\":{\"url\":\"https://cdn.example.com/v.mp4\"}")));

        Map<String, Object> started = invoke("export", IN_SESSION, null);
        Map<String, Object> read = invoke("export", Map.of("renderId", started.get("renderId")), null);

        assertThat(started).containsEntry("status", "pending").containsEntry("progress", 5);
        assertThat(started.get("renderId")).asString().matches("render_[0-9a-f]{32}");
        assertThat(read).containsEntry("status", "completed").containsEntry("url", "https://cdn.example.com/v.mp4");
    }

    @Test
    void sessionWithoutASegmentCannotBeExported() {
        stubState(EMPTY_STATE);

        assertThat(refused("export", IN_SESSION, null)).hasMessageContaining("nothing to export");
        SERVICE.verify(0, postRequestedFor(urlPathEqualTo(RENDERS)));
    }

    @Test
    void uploadReturnsTheAddressOfTheService() {
        SERVICE.stubFor(post(urlPathEqualTo("/api/upload-video/nemo_agent/me/" + SESSION))
                .willReturn(data("{\"files\":[{\"cdn_url\":\"https://cdn.example.com/a.png\"}]}")));

        URI address = await(provider().upload(bytes("a.png"), CallOptions.DEFAULT));

        assertThat(address).isEqualTo(URI.create("https://cdn.example.com/a.png"));
    }
}
