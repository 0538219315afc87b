/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpGateway;
import io.genvideo.model.Credits;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaRole;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import io.genvideo.provider.mediaio.MediaioProviderFactory;
import io.genvideo.provider.support.PictureSamples;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whatever Media.io answers, and whatever a user requests (docs/contracts/mediaio.md). */
class MediaioFuzzTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final List<String> WORDS = List.of(
            "code",
            "msg",
            "data",
            "trace_id",
            "task_id",
            "status",
            "reason",
            "result",
            "val",
            "preview",
            "credits",
            "waiting",
            "pending",
            "processing",
            "completed",
            "succeeded",
            "failed",
            "timeout",
            "success",
            "374004",
            "490505",
            "490000",
            "0",
            "prompt",
            "task not found",
            "https://cdn.example.com/b.mp4",
            "aicloudtmp/1/a.mp4");
    private static final String CREATED =
            "{\"code\":0,\"msg\":\"\",\"data\":{\"task_id\":\"effect-3dbd\"},\"trace_id\":\"d63f\"}";
    private static final String ERROR =
            "{\"code\":490000,\"msg\":\"cannot make " + Judge.PROMPT + "\",\"data\":{},\"trace_id\":\"d63f\"}";
    private static final String DONE =
            "{\"code\":0,\"msg\":\"\",\"data\":{\"task_id\":\"effect-3dbd\",\"status\":\"completed\",\"reason\":\"success\","
                    + "\"result\":[{\"val\":\"aicloudtmp/1/a.mp4\",\"preview\":\"https://cdn.example.com/a.mp4\",\"status\":"
                    + "\"completed\"}],\"prompt\":\"" + Judge.PROMPT + "\"},\"trace_id\":\"d63f\"}";
    private static final String OBJECT = DONE.replace("[{", "{").replace("}]", "}");
    private static final String FAILED =
            "{\"code\":0,\"msg\":\"\",\"data\":{\"status\":\"failed\",\"reason\":\"no face\"},\"trace_id\":\"d63f\"}";
    private static final List<String> CREATE_SAMPLES = List.of(CREATED, CREATED, ERROR, DONE);
    private static final List<String> POLL_SAMPLES = List.of(
            DONE,
            OBJECT,
            DONE.replace("\"completed\",\"reason\"", "\"processing\",\"reason\""),
            FAILED,
            FAILED.replace("failed", "timeout"),
            ERROR.replace(Judge.PROMPT, "this"));
    private static final List<Integer> STATUSES =
            List.of(200, 201, 204, 302, 303, 307, 400, 401, 402, 403, 404, 409, 429, 500, 502, 503, 504);
    private static final List<String> MODELS = List.of(
            "Imagen 4",
            "Nano Banana Pro",
            "Wan 2.6",
            "Hailuo 2.3",
            "t2v-vidu-q3",
            "Motion Control Kling 2.6",
            "Sora",
            "");
    private static final List<String> NAMES = List.of(
            "duration",
            "resolution",
            "ratio",
            "size",
            "aspect_ratio",
            "counts",
            "generate_audio",
            "shot_type",
            "multi_shots",
            "image",
            "images",
            "video",
            "prompt",
            "task_id",
            "");
    private static final List<Object> VALUES = List.of(
            "5s",
            "6s",
            5,
            10.0,
            "1080P",
            "16:9",
            "2",
            true,
            "False",
            "Multi",
            "https://cdn.example.com/a.png",
            "https://cdn.example.com/a.mp4",
            List.of("https://cdn.example.com/a.png"),
            "http://10.0.0.1/a.png",
            "a\u202eb\n",
            Double.NaN,
            Long.MIN_VALUE,
            List.of(List.of()),
            "9".repeat(3000));
    private static final List<String> TYPES =
            List.of("image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp", "image/heic");

    private static GenerationProvider provider(HttpGateway http) {
        AccountSettings account =
                AccountSettings.builder("mediaio", "mediaio").apiKey(Judge.KEY).build();
        return new MediaioProviderFactory().create(new ProviderContext(account, http, () -> NOW, new Random(1)));
    }

    private static ReadyGeneration ready(HttpGateway http) {
        GenerationRequest request = GenerationRequest.builder()
                .operation(Operation.TEXT_TO_VIDEO)
                .model("Wan 2.6")
                .prompt(Judge.PROMPT)
                .build();
        PlannedGeneration plan = (PlannedGeneration)
                Judge.OF_REQUEST.settled(() -> provider(http).plan(request, CallOptions.DEFAULT));
        return (ReadyGeneration) Judge.OF_REQUEST.settled(plan::stage);
    }

    private static <T> T any(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static byte[] mutated(Random random, List<String> samples, List<String> quotes) {
        return new JsonMutator(random, WORDS, quotes).mutate(any(random, samples));
    }

    private static int status(Random random) {
        return random.nextInt(5) < 3 ? 200 : any(random, STATUSES);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void createResponse() throws InterruptedException {
        GatewayResponse[] next = {StubGateway.response(200, new byte[0])};
        StubGateway http = new StubGateway(call -> next[0]);
        ReadyGeneration ready = ready(http);
        Fuzz.run("mediaio-create", 55, (random, notes) -> {
            byte[] body = mutated(random, CREATE_SAMPLES, List.of(Judge.PROMPT, Judge.KEY, Judge.PRESIGNED));
            int status = status(random);
            notes.add("HTTP " + status + " " + text(body));
            next[0] = StubGateway.response(status, body);
            http.creates = 0;
            Object outcome = Judge.OF_REQUEST.settled(ready::submit);
            assertThat(http.creates).as("creates of a submit").isEqualTo(1);
            assertThat(outcome).isInstanceOf(SubmitOutcome.class);
            JsonNode json = Judge.object(body);
            boolean named = json != null && Judge.isText(json.at("/data/task_id"));
            Outcomes.judge(Judge.OF_REQUEST, (SubmitOutcome) outcome, named);
        });
    }

    @Test
    void pollResponse() throws InterruptedException {
        GatewayResponse[] next = {StubGateway.response(200, new byte[0])};
        StubGateway http = new StubGateway(call -> next[0]);
        GenerationProvider provider = provider(http);
        SubmittedTask task = new SubmittedTask("r1", "effect-3dbd", Operation.TEXT_TO_VIDEO, "t2v-wan-v2-6", null);
        Fuzz.run("mediaio-poll", 50, (random, notes) -> {
            byte[] body = mutated(random, POLL_SAMPLES, Judge.QUOTED_TO_A_POLL);
            int status = status(random);
            notes.add("HTTP " + status + " " + text(body));
            next[0] = StubGateway.response(status, body);
            Judge judge = Judge.ofPoll(body, "/data/prompt");
            Object outcome = judge.settled(() -> provider.poll(task, CallOptions.DEFAULT));
            assertThat(outcome).isInstanceOf(PollOutcome.class);
            Outcomes.judge(judge, (PollOutcome) outcome, Judge.isObject(body));
            assertThat(http.creates).as("creates of a poll").isZero();
        });
    }

    @Test
    void credits() throws InterruptedException {
        GatewayResponse[] next = {StubGateway.response(200, new byte[0])};
        GenerationProvider provider = provider(new StubGateway(call -> next[0]));
        Fuzz.run("mediaio-credits", 10, (random, notes) -> {
            byte[] body = mutated(random, List.of("{\"code\":0,\"data\":{\"credits\":420}}"), Judge.QUOTED_TO_A_POLL);
            notes.add(text(body));
            next[0] = StubGateway.response(status(random), body);
            Object balance = Judge.OF_ACCOUNT.settled(() -> provider.credits(CallOptions.DEFAULT));
            if (balance instanceof Credits credits) {
                assertThat(credits.toString()).as("balance").hasSizeLessThan(200);
            } else {
                assertThat(balance).isInstanceOf(GenvideoException.class);
            }
        });
    }

    /** A request is planned or refused, and what is planned is sent once, as texts. */
    @Test
    void request() throws InterruptedException {
        StubGateway http = new StubGateway(call -> StubGateway.response(200, CREATED.getBytes(StandardCharsets.UTF_8)));
        GenerationProvider provider = provider(http);
        Fuzz.run("mediaio-request", 65, (random, notes) -> {
            GenerationRequest request = request(random);
            notes.add(request + " " + request.options());
            http.creates = 0;
            Object planned = Judge.OF_REQUEST.settled(() -> provider.plan(request, CallOptions.DEFAULT));
            assertThat(http.creates).as("creates of a plan").isZero();
            if (planned instanceof PlannedGeneration plan) {
                ReadyGeneration ready = (ReadyGeneration) Judge.OF_REQUEST.settled(plan::stage);
                assertThat(Judge.OF_REQUEST.settled(ready::submit)).isInstanceOf(SubmitOutcome.Accepted.class);
                assertThat(http.creates).as("creates of a submit").isEqualTo(1);
            } else {
                assertThat(planned).isInstanceOf(GenvideoException.class);
            }
        });
    }

    private static GenerationRequest request(Random random) {
        GenerationRequest.Builder request = GenerationRequest.builder()
                .operation(any(random, Operation.generations()))
                .model(any(random, MODELS))
                .prompt(random.nextInt(8) == 0 ? " " : Judge.PROMPT.repeat(random.nextInt(30) == 0 ? 40 : 1));
        int parameters = random.nextInt(3);
        for (int i = 0; i < parameters; i++) {
            request.parameter(any(random, NAMES), any(random, VALUES));
        }
        int inputs = random.nextInt(3);
        for (int i = 0; i < inputs; i++) {
            MediaRole role = random.nextBoolean() ? null : any(random, Arrays.asList(MediaRole.values()));
            String name = any(random, List.of("a.png", "a.mp4", "a", "a.bmp", "a.mp3"));
            request.input(new MediaInput(role, new MediaSource.Url(URI.create("https://cdn.example.com/" + name))));
        }
        if (random.nextBoolean()) {
            request.options(new GenerationOptions(
                    random.nextBoolean() ? null : random.nextInt(20) / 2.0,
                    random.nextBoolean() ? null : any(random, List.of("720p", "1080P", "4K", "1K\u0000")),
                    random.nextBoolean() ? null : any(random, List.of("16:9", "9:16", "0:0")),
                    random.nextInt(4) > 0 ? null : Judge.NEGATIVE,
                    random.nextInt(4) > 0 ? null : random.nextLong(),
                    random.nextBoolean() ? null : random.nextInt(10),
                    random.nextBoolean() ? null : random.nextBoolean()));
        }
        return request.build();
    }

    /** A file is planned or refused, whatever its header claims. */
    @Test
    void headerOfAFile() throws InterruptedException {
        StubGateway http = new StubGateway(call -> StubGateway.response(500, new byte[0]));
        GenerationProvider provider = provider(http);
        CallOptions uploading = new CallOptions(
                null, input -> CompletableFuture.completedStage(URI.create("https://cdn.example.com/uploaded")));
        Fuzz.run("mediaio-media", 40, (random, notes) -> {
            boolean video = random.nextInt(3) == 0;
            byte[] file = video
                    ? PictureSamples.video(1280, 720, 5, 125)
                    : PictureSamples.picture(any(random, TYPES), 800, 600);
            int changes = random.nextInt(6);
            for (int i = 0; i < changes; i++) {
                int from = random.nextBoolean() ? Math.max(0, file.length - 800) : 0;
                file[from + random.nextInt(file.length - from)] =
                        any(random, List.of(0, 1, 127, 128, 255)).byteValue();
            }
            byte[] content = random.nextInt(4) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
            notes.add((video ? "video" : "picture") + " with " + changes + " changes, " + content.length + " bytes");
            GenerationRequest.Builder request = GenerationRequest.builder()
                    .operation(Operation.GENERATE)
                    .model(video ? "Motion Control Kling 2.6" : "Kling 2.1")
                    .prompt(Judge.PROMPT)
                    .input(MediaInput.of(new MediaSource.Bytes(content, null, null)));
            if (video) {
                request.input(MediaInput.of(new MediaSource.Url(URI.create("https://cdn.example.com/a.png"))));
            }
            Object planned = Judge.OF_REQUEST.settled(() -> provider.plan(request.build(), uploading));
            assertThat(planned)
                    .satisfiesAnyOf(
                            p -> assertThat(p).isInstanceOf(PlannedGeneration.class),
                            p -> assertThat(p).isInstanceOf(GenvideoException.class));
            assertThat(http.creates).as("creates of a plan").isZero();
        });
    }
}
