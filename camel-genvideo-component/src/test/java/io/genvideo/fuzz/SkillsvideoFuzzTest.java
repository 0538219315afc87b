/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.StreamResponse;
import io.genvideo.model.Credits;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.provider.skillsvideo.SkillsvideoProviderFactory;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import io.genvideo.spi.TaskPush;
import io.genvideo.spi.WebhookEvent;
import io.genvideo.spi.WebhookReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever skills.video answers, streams or sends to the webhook (docs/contracts/skillsvideo.md). */
class SkillsvideoFuzzTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String MODEL = "google/veo-3.1";
    private static final List<String> WORDS = List.of(
            "id",
            "status",
            "input",
            "data",
            "usage",
            "total",
            "subscription",
            "permanent",
            "type",
            "videos",
            "video",
            "images",
            "url",
            "file_name",
            "content_type",
            "width",
            "height",
            "code",
            "error",
            "message",
            "gen_123",
            "gen_456",
            "IN_QUEUE",
            "starting",
            "IN_PROGRESS",
            "processing",
            "COMPLETED",
            "succeeded",
            "FAILED",
            "failed",
            "CANCELED",
            "VIDEO_GENERATION_FAILED",
            "VIDEO_GENERATION_PROVIDER_UNAVAILABLE",
            "VIDEO_GENERATION_RATE_LIMITED",
            "VIDEO_GENERATION_INVALID_INPUT",
            "VIDEO_GENERATION_CONTENT_REJECTED",
            "VIDEO_GENERATION_TIMEOUT",
            "IMAGE_GENERATION_INSUFFICIENT_CREDITS",
            "prediction",
            "state",
            "$ref",
            "allOf",
            "anyOf",
            "oneOf",
            "properties",
            "required",
            "enum",
            "default",
            "minimum",
            "maximum",
            "minItems",
            "maxItems",
            "items",
            "format",
            "schema",
            "requestBody",
            "content",
            "application/json",
            "paths",
            "post",
            "components",
            "schemas",
            "#/components/schemas/KlingO1",
            "#/components/schemas/Circle",
            "#/components",
            "#",
            "x-assumed",
            "task_id",
            "webhook",
            "balance",
            "credits",
            "amount");

    /** States by which a service says that it has begun. */
    private static final Set<String> BEGUN =
            Set.of("in_queue", "starting", "in_progress", "processing", "completed", "succeeded");

    private static final String QUEUED =
            "{\"id\":\"gen_123\",\"status\":\"IN_QUEUE\",\"input\":{\"prompt\":\"" + Judge.PROMPT
                    + "\",\"duration\":8},\"data\":null,\"usage\":{\"total\":20,\"subscription\":20,\"permanent\":0}}";
    private static final String DONE =
            "{\"id\":\"gen_123\",\"status\":\"COMPLETED\",\"input\":{\"prompt\":\"" + Judge.PROMPT
                    + "\"},\"data\":{\"type\":\"video\",\"n\":1,\"videos\":[{\"url\":\"https://cdn.example.com/a.mp4\",\"content_type\":"
                    + "\"video/mp4\",\"width\":1280,\"height\":720}],\"video\":{\"url\":\"https://cdn.example.com/a.mp4\"}},"
                    + "\"usage\":{\"total\":20,\"subscription\":20,\"permanent\":0}}";
    private static final String ERROR =
            "{\"error\":\"VIDEO_GENERATION_PROVIDER_UNAVAILABLE\",\"code\":\"VIDEO_GENERATION_PROVIDER_UNAVAILABLE\","
                    + "\"message\":\"no capacity for " + Judge.PROMPT + "\"}";
    private static final String FAILED =
            "{\"id\":\"gen_123\",\"status\":\"FAILED\",\"data\":null,\"usage\":{\"total\":0},\"code\":\"VIDEO_GENERATION_FAILED\","
                    + "\"message\":\"Generation failed.\"}";
    private static final List<String> CREATE_SAMPLES = List.of(QUEUED, QUEUED, ERROR, DONE, FAILED);
    private static final List<String> POLL_SAMPLES =
            List.of(QUEUED.replace("IN_QUEUE", "IN_PROGRESS"), DONE, DONE, FAILED, ERROR.replace(Judge.PROMPT, "this"));
    private static final List<Integer> STATUSES = List.of(
            200, 201, 202, 204, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 409, 422, 429, 500, 502, 503, 504);
    private static final String OPEN_API = resource("openapi.json");
    private static final String SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private static String resource(String name) {
        try (InputStream in = SkillsvideoProviderFactory.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GenerationProvider provider(HttpGateway http, @Nullable String openApi) {
        AccountSettings account = AccountSettings.builder("skillsvideo", "skillsvideo")
                .apiKey(Judge.KEY)
                .settings(openApi == null ? Map.of() : Map.of("openApi", openApi))
                .build();
        return new SkillsvideoProviderFactory().create(new ProviderContext(account, http, () -> NOW, new Random(1)));
    }

    private static ReadyGeneration ready(HttpGateway http) {
        GenerationRequest request = GenerationRequest.builder()
                .operation(Operation.TEXT_TO_VIDEO)
                .model(MODEL)
                .prompt(Judge.PROMPT)
                .options(new GenerationOptions(null, null, null, Judge.NEGATIVE, null, null, null))
                .build();
        PlannedGeneration plan = (PlannedGeneration)
                Judge.OF_REQUEST.settled(() -> provider(http, null).plan(request, CallOptions.DEFAULT));
        return (ReadyGeneration) Judge.OF_REQUEST.settled(plan::stage);
    }

    private static byte[] mutated(Random random, List<String> samples, List<String> quotes) {
        return new JsonMutator(random, WORDS, quotes).mutate(samples.get(random.nextInt(samples.size())));
    }

    private static int status(Random random) {
        return random.nextInt(5) < 3 ? 200 : STATUSES.get(random.nextInt(STATUSES.size()));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static boolean begun(@Nullable JsonNode said) {
        return said != null && BEGUN.contains(said.path("status").asText("").toLowerCase(Locale.ROOT));
    }

    /** An id alone may be that of a request; with a state it is that of a task. */
    private static boolean names(@Nullable JsonNode said) {
        return begun(said) && Judge.isText(said.get("id"));
    }

    @Test
    void createResponse() throws InterruptedException {
        GatewayResponse[] next = {StubGateway.response(200, new byte[0])};
        StubGateway http = new StubGateway(call -> next[0]);
        ReadyGeneration ready = ready(http);
        Fuzz.run("skills-create", 24, (random, notes) -> {
            byte[] body = mutated(random, CREATE_SAMPLES, Judge.KNOWN);
            int status = status(random);
            notes.add("HTTP " + status + " " + text(body));
            next[0] = StubGateway.response(status, body);
            http.creates = 0;
            Object outcome = Judge.OF_REQUEST.settled(ready::submit);
            assertThat(http.creates).as("creates of a submit").isEqualTo(1);
            assertThat(outcome).isInstanceOf(SubmitOutcome.class);
            Outcomes.judge(Judge.OF_REQUEST, (SubmitOutcome) outcome, names(Judge.object(body)));
        });
    }

    @Test
    void stream() throws InterruptedException {
        StubGateway http = new StubGateway(call -> StubGateway.response(500, new byte[0]));
        ReadyGeneration ready = ready(http);
        Fuzz.run("skills-stream", 24, (random, notes) -> {
            http.creates = 0;
            http.streams.clear();
            Pushes pushes = new Pushes();
            CompletionStage<SubmitOutcome> submitted = ready.submit(pushes);
            StubGateway.OpenStream stream = http.streams.get(0);
            stream.response().complete(new StreamResponse.Opened(200));
            boolean named = false;
            boolean goesOn = true;
            int frames = 1 + random.nextInt(6);
            for (int i = 0; i < frames && goesOn; i++) {
                byte[] frame = frame(random, i, frames);
                notes.add("data: " + text(frame));
                JsonNode said = Judge.object(frame);
                if (!submitted.toCompletableFuture().isDone()) {
                    // a state without an id says that something was begun; what comes after can't undo that
                    named |= begun(said);
                }
                goesOn = stream.listener().event(text(frame));
            }
            boolean broken = random.nextBoolean();
            stream.listener().ended(broken ? new HttpGatewayException("connection reset", true, null) : null);
            Object outcome = Judge.OF_REQUEST.settled(() -> submitted);
            assertThat(http.creates).as("creates of a submit").isEqualTo(1);
            Outcomes.judge(Judge.OF_REQUEST, (SubmitOutcome) outcome, named);
            pushes.judge(outcome);
        });
    }

    private static byte[] frame(Random random, int at, int frames) {
        List<String> samples =
                at == 0 ? List.of(QUEUED, ERROR) : at == frames - 1 ? List.of(DONE, FAILED, ERROR) : CREATE_SAMPLES;
        return switch (random.nextInt(8)) {
            case 0 -> samples.get(0).replace("\"id\":\"gen_123\",", "").getBytes(StandardCharsets.UTF_8);
            case 1 -> samples.get(random.nextInt(samples.size())).getBytes(StandardCharsets.UTF_8);
            default -> mutated(random, samples, Judge.KNOWN);
        };
    }

    @Test
    void pollResponse() throws InterruptedException {
        GatewayResponse[] next = {StubGateway.response(200, new byte[0])};
        StubGateway http = new StubGateway(call -> next[0]);
        GenerationProvider provider = provider(http, null);
        SubmittedTask task = new SubmittedTask("r1", "gen_123", Operation.TEXT_TO_VIDEO, MODEL, null);
        Fuzz.run("skills-poll", 25, (random, notes) -> {
            byte[] body = mutated(random, POLL_SAMPLES, Judge.QUOTED_TO_A_POLL);
            int status = status(random);
            notes.add("HTTP " + status + " " + text(body));
            next[0] = StubGateway.response(status, body);
            Judge judge = Judge.ofPoll(body, "/input/prompt");
            Object outcome = judge.settled(() -> provider.poll(task, CallOptions.DEFAULT));
            assertThat(outcome).isInstanceOf(PollOutcome.class);
            Outcomes.judge(judge, (PollOutcome) outcome, Judge.isObject(body));
            assertThat(http.creates).as("creates of a poll").isZero();
        });
    }

    @Test
    void credits() throws InterruptedException {
        GatewayResponse[] next = {StubGateway.response(200, new byte[0])};
        GenerationProvider provider = provider(new StubGateway(call -> next[0]), null);
        Fuzz.run("skills-credits", 4, (random, notes) -> {
            byte[] body = mutated(
                    random,
                    List.of(
                            "{\"total\":120,\"subscription\":100,\"permanent\":20}",
                            "{\"data\":{\"balance\":\"12.5\"}}"),
                    Judge.QUOTED_TO_A_POLL);
            notes.add(text(body));
            next[0] = StubGateway.response(status(random), body);
            Object balance = Judge.OF_ACCOUNT.settled(() -> provider.credits(CallOptions.DEFAULT));
            if (balance instanceof Credits credits) {
                assertThat(credits.toString()).as("balance").hasSizeLessThan(20_000);
                Judge.OF_ACCOUNT.secretFree("balance", credits.toString());
            } else {
                assertThat(balance).isInstanceOf(GenvideoException.class);
            }
        });
    }

    /** The document is the user's: what cannot be read is refused when the account is made, with one exception of ours. */
    @Test
    void openApiDocument() throws InterruptedException {
        StubGateway http = new StubGateway(call -> StubGateway.response(200, QUEUED.getBytes(StandardCharsets.UTF_8)));
        Fuzz.run("skills-openapi", 5, (random, notes) -> {
            String document = text(mutated(random, List.of(OPEN_API), List.of(Judge.KEY)));
            notes.add(document);
            GenerationProvider provider;
            try {
                provider = provider(http, document);
            } catch (GenvideoException e) {
                Judge.OF_ACCOUNT.clean(e.getError());
                return;
            }
            Object models = Judge.OF_REQUEST.settled(() -> provider.models(null, CallOptions.DEFAULT));
            assertThat(models).isInstanceOf(List.class);
            for (Object model : (List<?>) models) {
                assertThat(((ModelInfo) model).id()).hasSizeLessThan(500);
            }
            GenerationRequest request = GenerationRequest.builder()
                    .operation(Operation.IMAGE_TO_VIDEO)
                    .model("kling-ai/o1/video")
                    .prompt(Judge.PROMPT)
                    .parameter("image_url", "https://cdn.example.com/a.jpg")
                    .build();
            Judge.OF_REQUEST.settled(() -> provider.plan(request, CallOptions.DEFAULT));
        });
    }

    @Test
    void webhook() throws InterruptedException {
        WebhookReader reader = new SkillsvideoProviderFactory().webhookReader(SECRET, () -> NOW);
        String sample =
                "{\"type\":\"task.completed\",\"prediction\":{\"id\":\"gen_123\",\"state\":\"succeeded\",\"status\":\"COMPLETED\"}}";
        Fuzz.run("skills-webhook", 8, (random, notes) -> {
            byte[] body = mutated(random, List.of(sample), Judge.QUOTED_TO_A_POLL);
            boolean genuine = random.nextInt(4) > 0;
            String time = String.valueOf(NOW.getEpochSecond());
            String id = "msg_1";
            Map<String, String> headers = Map.of(
                    "webhook-id",
                    id,
                    "webhook-timestamp",
                    genuine
                            ? time
                            : List.of("", "x", "-1", "9".repeat(400), time).get(random.nextInt(5)),
                    "webhook-signature",
                    (genuine ? "" : "v1,") + "v1,AAAA "
                            + (genuine ? signature(id, time, body) : "v1,=" + " v1,".repeat(5000)));
            notes.add(headers + " " + text(body));
            WebhookEvent event = reader.read(name -> headers.get(name.toLowerCase(Locale.ROOT)), body);
            if (event instanceof WebhookEvent.Genuine known) {
                assertThat(genuine).as("signed").isTrue();
                if (known.taskId() != null) {
                    assertThat(known.taskId()).isNotBlank().hasSizeLessThanOrEqualTo(8192);
                }
            } else if (event instanceof WebhookEvent.Refused refused) {
                assertThat(genuine).as("signed").isFalse();
                Judge.OF_ACCOUNT.clean("refusal", refused.why(), 300);
                assertThat(refused.why()).doesNotContain(SECRET.substring(6));
            }
        });
    }

    private static String signature(String id, String time, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(SECRET.substring(6)), "HmacSHA256"));
            mac.update((id + "." + time + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What an engine would hear of a stream. */
    private static final class Pushes implements TaskPush {
        private final List<PollOutcome> outcomes = new ArrayList<>();
        private int ends;

        @Override
        public void saw(PollOutcome outcome) {
            assertThat(ends).as("ends before an outcome").isZero();
            outcomes.add(outcome);
        }

        @Override
        public void hint() {
            assertThat(ends).as("ends before a hint").isZero();
        }

        @Override
        public void ended() {
            ends++;
        }

        void judge(Object outcome) {
            assertThat(ends).as("ends of the push").isEqualTo(1);
            outcomes.forEach(o -> Outcomes.judge(Judge.OF_REQUEST, o, true));
            if (!(outcome instanceof SubmitOutcome.Accepted)) {
                assertThat(outcomes)
                        .as("progress of a task that was not accepted")
                        .isEmpty();
            }
        }
    }
}
