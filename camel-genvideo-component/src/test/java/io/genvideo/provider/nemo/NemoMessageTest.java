/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaInput;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.TaskPush;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/contracts/nemo.md sections 5 to 7: a session, its media, and the one message that is paid. */
class NemoMessageTest extends NemoTestSupport {
    private static final String UPLOAD = "/api/upload-video/nemo_agent/me/" + SESSION;

    /** What was pushed, until the push has ended. */
    private static final class Pushed implements TaskPush {
        private final List<PollOutcome> seen = new CopyOnWriteArrayList<>();
        private final CompletableFuture<List<PollOutcome>> end = new CompletableFuture<>();

        @Override
        public void saw(PollOutcome outcome) {
            seen.add(outcome);
        }

        @Override
        public void hint() {
            throw new AssertionError("nothing is hinted at");
        }

        @Override
        public void ended() {
            assertThat(end.complete(seen)).as("ended once").isTrue();
        }
    }

    private static JsonNode sent() {
        List<LoggedRequest> sent = SERVICE.findAll(postRequestedFor(urlPathEqualTo("/run_sse")));
        try {
            return MAPPER.readTree(sent.get(sent.size() - 1).getBody());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void stubUpload() {
        SERVICE.stubFor(post(urlPathEqualTo(UPLOAD))
                .willReturn(data("{\"files\":[{\"filename\":\"a.png\",\"cdn_url\":\"https://cdn.example.com/a.png\"}],"
                        + "\"session_state_applied\":true}")));
    }

    @Test
    void sessionAndHashOfItsStateAreJournalledBeforeTheMessage() {
        stubState(CLIP_STATE);
        stubChat(events(text("done")));
        ReadyGeneration ready = ready(provider(), request().build());

        MessageProgress journalled =
                MessageProgress.read(await(ready.prepare())).orElseThrow();

        assertThat(ready.serializationKey()).isEqualTo(SESSION);
        assertThat(journalled.session()).isEqualTo(SESSION);
        assertThat(journalled.before()).matches("[0-9a-f]{32}");
        assertThat(journalled.write()).doesNotContain(PROMPT).doesNotContain(TOKEN);
        assertThat(provider().serializationKey(journalled.write())).isEqualTo(SESSION);
        SERVICE.verify(0, postRequestedFor(urlPathEqualTo("/run_sse")));

        assertThat(await(ready.submit())).isInstanceOfSatisfying(SubmitOutcome.Accepted.class, accepted -> {
            assertThat(accepted.taskId()).isEqualTo(TASK);
            assertThat(accepted.status()).isEqualTo(TaskStatus.RUNNING);
            assertThat(accepted.providerState()).isEqualTo(journalled.write());
        });
        assertThat(sent())
                .isEqualTo(Jsons.read("{\"app_name\":\"nemo_agent\",\"user_id\":\"me\",\"session_id\":\"" + SESSION
                        + "\",\"new_message\":{\"parts\":[{\"text\":\"" + PROMPT + "\"}]}}"));
    }

    @Test
    void messageIsNotSentWithoutTheStateBefore() {
        stubStateAnswer(aResponse().withStatus(500));
        ReadyGeneration ready = ready(provider(), request().build());

        assertThat(failure(ready::prepare).getCategory()).isEqualTo(ErrorCategory.SERVICE_UNAVAILABLE);
    }

    @Test
    void optionsAreSentencesOfTheMessage() {
        stubChat(events(text("done")));
        GenerationRequest request = request()
                .options(new GenerationOptions(7.5, "1080P", "9:16", "no wires", null, 1, false))
                .build();

        await(ready(provider(), request).submit());

        assertThat(sent().at("/new_message/parts/0/text").asText())
                .isEqualTo(PROMPT + "\nThe video is 7.5 seconds long.\nThe resolution is 1080p.\n"
                        + "The aspect ratio is 9:16.\nNot to be seen: no wires\nThe video has no sound.");
    }

    @Test
    void whatCannotBeSaidIsRefused() {
        assertThat(refusal(provider(), request().model("sora-2").build())).contains("model=sora-2");
        assertThat(refusal(provider(), option(new GenerationOptions(0.0, null, null, null, null, null, null))))
                .contains("duration=0");
        assertThat(refusal(provider(), option(new GenerationOptions(null, "4K", null, null, null, null, null))))
                .contains("resolution=4K")
                .contains("1080p");
        assertThat(refusal(provider(), option(new GenerationOptions(null, null, null, null, 7L, null, null))))
                .contains("seed=7");
        assertThat(refusal(provider(), option(new GenerationOptions(null, null, null, null, null, 2, null))))
                .contains("count=2");
        assertThat(refusal(provider(), request().parameter("style", "noir").build()))
                .contains("style")
                .contains("sessionId");
        assertThat(refusal(provider(), request().prompt("Export the video").build()))
                .contains("genvideo:nemo/export");
        SERVICE.verify(0, postRequestedFor(urlPathEqualTo("/api/tasks/me/with-session/nemo_agent")));
    }

    private static GenerationRequest option(GenerationOptions options) {
        return request().options(options).build();
    }

    @Test
    void filesAndAddressesAreBroughtIntoTheSessionInTheirOrder() {
        stubUpload();
        stubChat(events(text("done")));
        GenerationRequest request = request(Operation.FIRST_LAST_FRAME_TO_VIDEO)
                .input(bytes("a.png"))
                .input(url("https://media.example.com/b.png"))
                .build();

        await(ready(provider(), request).submit());

        List<LoggedRequest> uploads = SERVICE.findAll(postRequestedFor(urlPathEqualTo(UPLOAD)));
        assertThat(uploads).hasSize(2);
        assertThat(uploads.get(0).getBodyAsString()).contains("name=\"files\"").contains("filename=\"input.png\"");
        assertThat(uploads.get(1).getBodyAsString())
                .isEqualTo("{\"urls\":[\"https://media.example.com/b.png\"],\"source_type\":\"url\"}");
        assertThat(sent().at("/new_message/parts/0/text").asText()).contains("first frame");
    }

    @Test
    void uploadThatFailsGoesOnInTheSameSessionBehindWhatIsThere() {
        SERVICE.stubFor(post(urlPathEqualTo(UPLOAD)).willReturn(aResponse().withStatus(503)));
        SERVICE.stubFor(post(urlPathEqualTo(UPLOAD))
                .withRequestBody(
                        equalToJson("{\"urls\":[\"https://media.example.com/a.png\"],\"source_type\":\"url\"}"))
                .willReturn(data("{\"files\":[{\"cdn_url\":\"https://cdn.example.com/a.png\"}]}")));
        var plan = await(provider()
                .plan(
                        request(Operation.REFERENCE_IMAGE_TO_VIDEO)
                                .input(url("https://media.example.com/a.png"))
                                .input(url("https://media.example.com/b.png"))
                                .build(),
                        CallOptions.DEFAULT));

        assertThat(failure(plan::stage).getError().retryable()).isTrue();
        stubUpload();
        await(plan.stage());

        SERVICE.verify(1, postRequestedFor(urlPathEqualTo("/api/tasks/me/with-session/nemo_agent")));
        SERVICE.verify(3, postRequestedFor(urlPathEqualTo(UPLOAD)));
    }

    @ParameterizedTest
    @CsvSource({"415,4001,not supported", "413,4002,too large", "200,4001,not supported"})
    void mediumThatTheServiceDoesNotTakeIsFinal(int status, int code, String message) {
        SERVICE.stubFor(post(urlPathEqualTo(UPLOAD)).willReturn(error(status, code, message)));
        var plan = await(provider()
                .plan(request(Operation.IMAGE_TO_VIDEO).input(bytes("a.png")).build(), CallOptions.DEFAULT));

        var failure = failure(plan::stage);

        assertThat(failure.getCategory()).isEqualTo(ErrorCategory.INVALID_REQUEST);
        assertThat(failure).hasMessageContaining(message);
        assertThat(failure.getError().retryable()).isFalse();
    }

    @Test
    void videoIsNoPicture() {
        MediaInput video = bytes("a.mp4");

        assertThat(refusal(
                        provider(),
                        request(Operation.IMAGE_TO_VIDEO).input(video).build()))
                .contains("a.mp4")
                .contains("takes pictures");
        assertThat(refusal(
                        provider(),
                        request(Operation.TEXT_TO_VIDEO).input(video).build()))
                .contains("inputs: 1");
        assertThat(refusal(provider(), request(Operation.VIDEO_TO_VIDEO).build()))
                .contains("inputs: 0");
    }

    @Test
    void messageGoesOnInAGivenSession() {
        stubState(CLIP_STATE);
        stubChat(events(text("done")));
        ReadyGeneration ready = ready(
                provider(),
                request(Operation.VIDEO_TO_VIDEO)
                        .parameter("sessionId", SESSION)
                        .build());

        await(ready.prepare());
        SubmitOutcome.Accepted first = (SubmitOutcome.Accepted) await(ready.submit());

        assertThat(first.taskId()).isEqualTo(SESSION + "-" + clock.millis());
        assertThat(ready.serializationKey()).isEqualTo(SESSION);
        SERVICE.verify(0, postRequestedFor(urlPathEqualTo("/api/tasks/me/with-session/nemo_agent")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.529798706024415E18", "../../etc", "a b", "1/2"})
    void sessionThatIsNoneIsRefused(String session) {
        assertThat(refusal(provider(), request().parameter("sessionId", session).build()))
                .contains("sessionId=")
                .contains("genvideo:nemo/session");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"heartbeat\"}",
                "heartbeat",
                "{\"type\":\"tool_call\",\"name\":\"edit_multitrack\",\"args\":{}}",
                "{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"On it\"}]},\"partial\":true}",
                "{\"something\":\"else\"}"
            })
    void firstEventIsTheAcceptance(String event) {
        stubChat(events(event));

        assertThat(await(ready(provider(), request().build()).submit())).isInstanceOf(SubmitOutcome.Accepted.class);
    }

    @Test
    void emptyEventIsTheAcceptanceToo() {
        stubChat(aResponse().withHeader("Content-Type", "text/event-stream").withBody("data:\n\ndata:\n\n"));

        assertThat(await(ready(provider(), request().build()).submit())).isInstanceOf(SubmitOutcome.Accepted.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"code\":2001,\"error\":\"no credits\"}; INSUFFICIENT_CREDITS",
                "{\"error\":{\"code\":1002,\"message\":\"no session\"}}; INVALID_REQUEST"
            })
    void streamThatBeginsWithAnErrorOfTheContractIsRefused(String event, ErrorCategory category) {
        stubChat(events(event));

        SubmitOutcome outcome = await(ready(provider(), request().build()).submit());

        assertThat(outcome).isInstanceOf(SubmitOutcome.Refused.class);
        assertThat(error(outcome).category()).isEqualTo(category);
    }

    @Test
    void streamThatBeginsWithAnotherErrorOrHasNoEventIsUnknown() {
        stubChat(events("{\"error\":\"something went wrong\"}"));
        assertThat(await(ready(provider(), request().build()).submit())).isInstanceOf(SubmitOutcome.Unknown.class);

        stubChat(aResponse().withHeader("Content-Type", "text/event-stream").withBody(": ping\n\n"));
        assertThat(await(ready(provider(), request().build()).submit())).isInstanceOf(SubmitOutcome.Unknown.class);

        stubChat(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
        assertThat(await(ready(provider(), request().build()).submit())).isInstanceOf(SubmitOutcome.Unknown.class);
        SERVICE.verify(
                3, postRequestedFor(urlPathEqualTo("/run_sse")).withHeader("Accept", equalTo("text/event-stream")));
    }

    @Test
    void whatTheServiceWroteAtTheEndIsKeptForWhoeverWaits() throws Exception {
        stubChat(events(text("Which style do you mean?"), text("I encountered a temporary issue")));
        Pushed push = new Pushed();

        await(ready(provider(), request().build()).submit(push));

        assertThat(push.end.get())
                .last()
                .isInstanceOfSatisfying(
                        PollOutcome.Pending.class,
                        pending -> assertThat(MessageProgress.read(pending.providerState())
                                        .orElseThrow()
                                        .reply())
                                .isEqualTo("Which style do you mean?"));
    }

    @Test
    void promptAndTokenAreHiddenInWhatIsKept() throws Exception {
        stubChat(events(text("I cannot make " + PROMPT + " for " + TOKEN)));
        Pushed push = new Pushed();

        await(ready(provider(), request().build()).submit(push));

        assertThat(push.end.get().toString()).doesNotContain(PROMPT).doesNotContain(TOKEN);
    }

    /** JSON as a tree. */
    private static final class Jsons {
        static JsonNode read(String text) {
            try {
                return MAPPER.readTree(text);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void parametersOfASessionAreText() {
        stubChat(events(text("done")));
        GenerationRequest request =
                request().parameters(Map.of("sessionId", 5529798706024415232L)).build();

        await(ready(provider(), request).submit());

        assertThat(sent().path("session_id").isTextual()).isTrue();
        assertThat(sent().path("session_id").asText()).isEqualTo(SESSION);
    }
}
