/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.StreamResponse;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Operation;
import io.genvideo.provider.nemo.NemoProviderFactory;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.LostSubmission;
import io.genvideo.spi.OwnOperationCall;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.RecoveryOutcome;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import io.genvideo.spi.TaskPush;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Whatever NemoVideo answers or streams (docs/contracts/nemo.md). */
class NemoFuzzTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String SESSION = "5529798706024415232";
    private static final List<String> WORDS = List.of(
            "code",
            "0",
            "1001",
            "1002",
            "2001",
            "4001",
            "402",
            "429",
            "data",
            "message",
            "error",
            "success",
            "state",
            "draft",
            "generated_media",
            "video_infos",
            "t",
            "tt",
            "sg",
            "d",
            "m",
            "title",
            "width",
            "session_id",
            "task_id",
            "id",
            "taskId",
            "status",
            "pending",
            "processing",
            "completed",
            "failed",
            "cancelled",
            "progress",
            "output",
            "outputUrl",
            "url",
            "duration",
            "size",
            "type",
            "text",
            "content",
            "parts",
            "role",
            "model",
            "partial",
            "tool_call",
            "tool_result",
            "name",
            "functionCall",
            "heartbeat");

    private static final String SESSION_CREATED =
            "{\"code\":0,\"data\":{\"task_id\":\"task_1\",\"session_id\":\"" + SESSION + "\"}}";
    private static final String STATE = "{\"code\":0,\"data\":{\"session_id\":\"" + SESSION
            + "\",\"task_id\":\"task_1\",\"state\":{\"draft\":{\"d\":5000,\"m\":{\"title\":\"demo\",\"width\":1080},"
            + "\"t\":[{\"tt\":0,\"sg\":[{\"id\":\"s1\",\"d\":5000}]},{\"tt\":7,\"sg\":[]}]},\"generated_media\":null}}}";
    private static final String ERROR = "{\"code\":2001,\"message\":\"no credits for " + Judge.PROMPT + "\"}";
    private static final String EXPIRED = "{\"code\":1001,\"message\":\"token expired\"}";
    private static final String TEXT = "{\"type\":\"text\",\"content\":\"I make " + Judge.PROMPT + "\"}";
    private static final String TOOL = "{\"type\":\"tool_call\",\"name\":\"edit_multitrack\",\"args\":{}}";
    private static final String ADK =
            "{\"id\":\"1\",\"author\":\"nemo_agent\",\"partial\":true,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"On it\"},"
                    + "{\"functionCall\":{\"name\":\"edit_multitrack\",\"args\":{}}}]}}";
    private static final String SHAPE_A = "{\"taskId\":\"r\",\"status\":\"completed\",\"progress\":100,"
            + "\"output\":{\"url\":\"https://cdn.example.com/a.mp4\",\"duration\":30.5,\"size\":15728640}}";
    private static final String SHAPE_B = "{\"success\":true,\"data\":{\"id\":\"r\",\"status\":\"completed\","
            + "\"progress\":100,\"outputUrl\":\"https://cdn.example.com/a.mp4\"}}";
    private static final String RENDER_FAILED =
            "{\"success\":true,\"data\":{\"id\":\"r\",\"status\":\"failed\",\"error\":\"out of memory\"}}";
    private static final List<String> STATES = List.of(STATE, STATE, STATE, EXPIRED, "{\"code\":1002}");
    private static final List<String> RENDERS = List.of(SHAPE_A, SHAPE_B, RENDER_FAILED, EXPIRED);
    private static final List<String> EVENTS =
            List.of(TEXT, TOOL, ADK, "{\"type\":\"heartbeat\"}", "{\"error\":\"quota\"}");
    private static final List<Integer> STATUSES =
            List.of(200, 201, 204, 301, 303, 400, 401, 402, 404, 409, 413, 415, 429, 500, 502, 503, 504);

    private static final String SENT = "{\"session\":\"" + SESSION + "\",\"number\":1,\"before\":\"0\"}";
    private static final String SEEN =
            "{\"session\":\"" + SESSION + "\",\"number\":1,\"before\":\"0\",\"seen\":\"1\",\"seenAt\":1}";
    private static final String EXPORTING = "{\"session\":\"" + SESSION
            + "\",\"number\":1,\"before\":\"0\",\"export\":1,\"failures\":1,\"stage\":\"STARTED\"}";

    private final GatewayResponse[] next = {StubGateway.response(200, new byte[0])};
    private final StubGateway http = new StubGateway(this::answer);
    private final GenerationProvider provider = new NemoProviderFactory()
            .create(new ProviderContext(
                    AccountSettings.builder("nemo", "nemo").apiKey(Judge.KEY).build(), http, () -> NOW, new Random(1)));

    private GatewayResponse answer(HttpCall call) {
        return call.uri().getPath().contains("with-session")
                ? StubGateway.response(200, SESSION_CREATED.getBytes(StandardCharsets.UTF_8))
                : next[0];
    }

    private ReadyGeneration ready() {
        GenerationRequest request = GenerationRequest.builder()
                .operation(Operation.TEXT_TO_VIDEO)
                .prompt(Judge.PROMPT)
                .options(new GenerationOptions(null, null, null, Judge.NEGATIVE, null, null, null))
                .build();
        PlannedGeneration plan =
                (PlannedGeneration) Judge.OF_REQUEST.settled(() -> provider.plan(request, CallOptions.DEFAULT));
        return (ReadyGeneration) Judge.OF_REQUEST.settled(plan::stage);
    }

    private byte[] mutate(Random random, List<String> samples, List<String> quotes, Fuzz.Notes notes) {
        byte[] body = new JsonMutator(random, WORDS, quotes).mutate(samples.get(random.nextInt(samples.size())));
        int status = random.nextInt(5) < 3 ? 200 : STATUSES.get(random.nextInt(STATUSES.size()));
        notes.add("HTTP " + status + " " + new String(body, StandardCharsets.UTF_8));
        next[0] = StubGateway.response(status, body);
        return body;
    }

    private static SubmittedTask task(String providerState) {
        return new SubmittedTask("r1", SESSION + "-1", Operation.TEXT_TO_VIDEO, null, providerState);
    }

    /** Counts the ends, and judges what was pushed. */
    private static final class Pushes implements TaskPush {
        private final List<PollOutcome> outcomes = new ArrayList<>();
        private int ends;

        @Override
        public void saw(PollOutcome outcome) {
            assertThat(ends).as("ends before an outcome").isZero();
            outcomes.add(outcome);
            Judge.OF_REQUEST.secretFree("push", outcome.toString());
        }

        @Override
        public void hint() {
            throw new AssertionError("nothing is hinted at");
        }

        @Override
        public void ended() {
            ends++;
        }
    }

    @Test
    void responseBeforeTheStream() throws InterruptedException {
        ReadyGeneration ready = ready();
        Fuzz.run("nemo-create", 12, (random, notes) -> {
            byte[] body = mutate(random, List.of(ERROR, EXPIRED, STATE, SHAPE_B), Judge.KNOWN, notes);
            http.creates = 0;
            http.streams.clear();
            CompletionStage<SubmitOutcome> submitted = ready.submit();
            http.streams.get(0).response().complete(new StreamResponse.Plain(next[0]));
            Object outcome = Judge.OF_REQUEST.settled(() -> submitted);
            assertThat(http.creates).as("creates of a submit").isEqualTo(1);
            JsonNode said = Judge.object(body);
            Outcomes.judge(
                    Judge.OF_REQUEST,
                    (SubmitOutcome) outcome,
                    said != null && said.path("code").asText("").strip().equals("0"));
        });
    }

    @Test
    void stream() throws InterruptedException {
        ReadyGeneration ready = ready();
        Fuzz.run("nemo-stream", 12, (random, notes) -> {
            http.creates = 0;
            http.streams.clear();
            Pushes pushes = new Pushes();
            CompletionStage<SubmitOutcome> submitted = ready.submit(pushes);
            StubGateway.OpenStream stream = http.streams.get(0);
            stream.response().complete(new StreamResponse.Opened(200));
            int frames = random.nextInt(6);
            boolean goesOn = true;
            for (int i = 0; i < frames && goesOn; i++) {
                String frame = new String(mutate(random, EVENTS, Judge.KNOWN, notes), StandardCharsets.UTF_8);
                goesOn = random.nextInt(8) == 0
                        ? stream.listener().alive()
                        : stream.listener().event(frame);
            }
            stream.listener()
                    .ended(random.nextBoolean() ? new HttpGatewayException("connection reset", true, null) : null);
            Object outcome = Judge.OF_REQUEST.settled(() -> submitted);
            assertThat(http.creates).as("creates of a submit").isEqualTo(1);
            Outcomes.judge(Judge.OF_REQUEST, (SubmitOutcome) outcome, frames > 1 && goesOn);
            assertThat(pushes.ends).as("ends of the push").isEqualTo(1);
            assertThat(outcome instanceof SubmitOutcome.Accepted || pushes.outcomes.isEmpty())
                    .as("progress of a task that was not accepted")
                    .isTrue();
        });
    }

    @Test
    void stateAndRender() throws InterruptedException {
        Fuzz.run("nemo-poll", 16, (random, notes) -> {
            boolean isRender = random.nextBoolean();
            byte[] body = mutate(random, isRender ? RENDERS : STATES, Judge.QUOTED_TO_A_POLL, notes);
            String state = isRender ? EXPORTING : random.nextBoolean() ? SENT : SEEN;
            http.creates = 0;
            Object outcome = Judge.OF_ACCOUNT.settled(() -> provider.poll(task(state), CallOptions.DEFAULT));
            assertThat(outcome).isInstanceOf(PollOutcome.class);
            Outcomes.judge(Judge.OF_ACCOUNT, (PollOutcome) outcome, Judge.isObject(body));
            assertThat(http.creates).as("creates of a poll").isZero();
        });
    }

    @Test
    void journalledState() throws InterruptedException {
        next[0] = StubGateway.response(200, STATE.getBytes(StandardCharsets.UTF_8));
        Fuzz.run("nemo-journal", 6, (random, notes) -> {
            byte[] state = new JsonMutator(random, WORDS, Judge.QUOTED_TO_A_POLL)
                    .mutate(List.of(SENT, SEEN, EXPORTING).get(random.nextInt(3)));
            String written = new String(state, StandardCharsets.UTF_8);
            notes.add(written);
            assertThat(Judge.OF_ACCOUNT.settled(() -> provider.poll(task(written), CallOptions.DEFAULT)))
                    .isInstanceOf(PollOutcome.class);
            provider.serializationKey(written);
        });
    }

    @Test
    void exportAndRecovery() throws InterruptedException {
        LostSubmission lost = new LostSubmission("r1", Operation.TEXT_TO_VIDEO, null, SENT, NOW);
        Fuzz.run("nemo-export", 10, (random, notes) -> {
            mutate(random, random.nextBoolean() ? STATES : RENDERS, Judge.QUOTED_TO_A_POLL, notes);
            assertThat(Judge.OF_ACCOUNT.settled(() -> provider.perform(task(EXPORTING), "export", CallOptions.DEFAULT)))
                    .isInstanceOf(PollOutcome.class);
            assertThat(Judge.OF_ACCOUNT.settled(() -> provider.recover(lost, CallOptions.DEFAULT)))
                    .isInstanceOf(RecoveryOutcome.class);
        });
    }

    @Test
    void ownOperations() throws InterruptedException {
        OwnOperationCall state = new OwnOperationCall("state", Map.of("sessionId", SESSION), null);
        OwnOperationCall export = new OwnOperationCall("export", Map.of("renderId", "r"), null);
        Fuzz.run("nemo-own", 6, (random, notes) -> {
            boolean isRender = random.nextBoolean();
            mutate(random, isRender ? RENDERS : STATES, Judge.QUOTED_TO_A_POLL, notes);
            Object result =
                    Judge.OF_ACCOUNT.settled(() -> provider.invoke(isRender ? export : state, CallOptions.DEFAULT));
            assertThat(result instanceof Map || result instanceof GenvideoException)
                    .as("a map or an error: %s", result)
                    .isTrue();
            Judge.OF_ACCOUNT.secretFree("result", String.valueOf(result));
        });
    }
}
