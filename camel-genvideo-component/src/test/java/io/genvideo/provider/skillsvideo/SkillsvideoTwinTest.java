/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.Pushed;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.Fault.End;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the sandbox, whose ledger records what was charged and which request was outside of the contract. */
class SkillsvideoTwinTest extends SkillsvideoTestSupport {
    private static final String TWIN_KEY = "sk_twin";
    private static final String KLING = "kling-ai/v3/video";

    private Sandbox sandbox;
    private GenerationProvider twin;
    private final Pushed pushed = new Pushed();

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .build());
        twin = provider(TWIN_KEY, sandbox.skillsvideoUri().toString(), null);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private SubmitOutcome stream(GenerationRequest request) {
        return await(ready(twin, request).submit(pushed));
    }

    private static GenerationRequest kling(String prompt) {
        return request(Operation.TEXT_TO_VIDEO, KLING).prompt(prompt).build();
    }

    private void once(String route, Fault fault) {
        sandbox.faults().add(FaultRule.on("skillsvideo", route, fault).times(1));
    }

    private PollOutcome result(SubmitOutcome outcome) {
        String id = ((SubmitOutcome.Accepted) outcome).taskId();
        AtomicReference<PollOutcome> last = new AtomicReference<>();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            last.set(await(
                    twin.poll(new SubmittedTask(null, id, Operation.TEXT_TO_VIDEO, KLING, null), CallOptions.DEFAULT)));
            return !(last.get() instanceof PollOutcome.Pending);
        });
        return last.get();
    }

    static Stream<Arguments> drops() {
        return Stream.of(End.values())
                .flatMap(end -> Stream.of(0, 1, 2, 3, Fault.StreamDrop.INSTEAD_OF_LAST)
                        .map(frames -> Arguments.of(frames, end)));
    }

    @ParameterizedTest(name = "{1} after {0}")
    @MethodSource("drops")
    void droppedStreamChargesOnceAndEndsInResultOrUncertain(int frames, End end) {
        once("create-sse", Fault.dropStream(frames, end));

        SubmitOutcome outcome = stream(kling("a quiet lake"));

        assertThat(pushed.shown()).endsWith("ended").doesNotContain("Succeeded");
        assertThat(sandbox.ledger().creates()).isEqualTo(1);
        if (frames == 0) {
            assertThat(outcome).isInstanceOf(SubmitOutcome.Unknown.class);
        } else {
            assertThat(result(outcome)).isInstanceOf(PollOutcome.Succeeded.class);
        }
        assertThat(sandbox.ledger().creates()).isEqualTo(1);
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"split", "crlf", "heartbeat", "garbage", "old", "none"})
    void readsWholeStreamInEveryForm(String form) {
        switch (form) {
            case "split" -> once("create-sse", Fault.splitStream(7, Duration.ofMillis(2)));
            case "crlf" -> once("create-sse", Fault.crlfStream());
            case "heartbeat" -> once("create-sse", Fault.heartbeatStream(Duration.ofMillis(20)));
            case "garbage" -> once("create-sse", Fault.garbageInStream(1));
            default -> {}
        }

        SubmitOutcome outcome = stream(kling((form.equals("old") ? "[[old-status]] " : "") + "[[take: 200ms]] a lake"));

        assertThat(outcome).isInstanceOf(SubmitOutcome.Accepted.class);
        assertThat(pushed.shown()).containsExactly("RUNNING", "RUNNING", "Succeeded", "ended");
        PollOutcome.Succeeded done = (PollOutcome.Succeeded) pushed.last();
        assertThat(done.media().get(0).kind()).isEqualTo(MediaKind.VIDEO);
        assertThat(done.credits()).isEqualByComparingTo(new BigDecimal("15"));
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void silentStreamIsUncertain() {
        once("create-sse", Fault.silentStream(0));

        assertThat(stream(kling("a quiet lake"))).isInstanceOf(SubmitOutcome.Unknown.class);
        assertThat(sandbox.ledger().creates()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "LOSE,Unknown,1",
        "RESET,Unknown,0",
        "HTML,Unknown,0",
        "HTML_AFTER,Unknown,1",
        "GARBAGE,Unknown,1",
        "TRUNCATE,Unknown,1",
        "EMPTY,Unknown,1",
        "RATE,Deferred,0",
        "REDIRECT,Refused,0",
        "KEY,Refused,0",
        "UNAVAILABLE,Deferred,0",
        "FAILED,Unknown,0",
        "TIMEOUT,Unknown,0",
        "REJECTED,Refused,0",
        "UNSUPPORTED,Refused,0"
    })
    void mapsEveryFaultOfBothCreateCalls(String name, String verdict, int charged) {
        Fault fault = switch (name) {
            case "LOSE" -> Fault.loseAnswer();
            case "RESET" -> Fault.resetBefore();
            case "HTML" -> Fault.status(503);
            case "HTML_AFTER" -> Fault.statusAfterProcessing(502);
            case "GARBAGE" -> Fault.garbage();
            case "TRUNCATE" -> Fault.truncate();
            case "EMPTY" -> Fault.emptyData();
            case "RATE" -> Fault.rateLimit(Duration.ofSeconds(3));
            case "REDIRECT" -> Fault.redirect(307);
            case "KEY" -> Fault.unauthorized();
            case "UNAVAILABLE" -> Fault.envelope("PROVIDER_UNAVAILABLE", "m");
            case "FAILED" -> Fault.envelope("FAILED", "m");
            case "TIMEOUT" -> Fault.envelope("TIMEOUT", "m");
            case "REJECTED" -> Fault.envelope("CONTENT_REJECTED", "m");
            default -> Fault.envelope("UNSUPPORTED_MODEL", "m");
        };
        once("create", fault);
        once("create-sse", fault);

        SubmitOutcome plain = await(ready(twin, kling("a lake")).submit());
        SubmitOutcome streamed = stream(kling("a lake at night"));

        assertThat(plain.getClass().getSimpleName()).isEqualTo(verdict);
        assertThat(streamed.getClass().getSimpleName()).isEqualTo(verdict);
        assertThat(pushed.shown()).containsExactly("ended");
        assertThat(sandbox.ledger().creates()).isEqualTo(2 * charged);
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "[[reject]],Refused,CONTENT_REJECTED",
        "[[insufficient]],Refused,INSUFFICIENT_CREDITS",
        "[[subscription]],Refused,SUBSCRIPTION_REQUIRED"
    })
    void mapsRefusals(String prompt, String verdict, ErrorCategory category) {
        SubmitOutcome outcome = stream(kling(prompt));

        assertThat(outcome.getClass().getSimpleName()).isEqualTo(verdict);
        assertThat(((SubmitOutcome.Refused) outcome).error().category()).isEqualTo(category);
        assertThat(sandbox.ledger().creates()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "[[fail]],GENERATION_FAILED",
        "[[fail: VIDEO_GENERATION_CONTENT_REJECTED: no]],CONTENT_REJECTED",
        "[[fail: VIDEO_GENERATION_INSUFFICIENT_CREDITS: no]],INSUFFICIENT_CREDITS",
        "[[fail: VIDEO_GENERATION_PROVIDER_UNAVAILABLE: no]],SERVICE_UNAVAILABLE"
    })
    void failedTaskFailsInStreamAndPoll(String prompt, ErrorCategory category) {
        SubmitOutcome outcome = stream(kling(prompt));

        assertThat(pushed.shown()).endsWith("Failed", "ended");
        assertThat(((PollOutcome.Failed) pushed.last()).error().category()).isEqualTo(category);
        assertThat(((PollOutcome.Failed) result(outcome)).error().category()).isEqualTo(category);
    }

    @Test
    void handlesCancelledTaskAndMissingLastEvent() {
        stream(kling("[[canceled]]"));
        assertThat(pushed.shown()).endsWith("Cancelled", "ended");

        Pushed second = new Pushed();
        SubmitOutcome outcome =
                await(ready(twin, kling("[[no-terminal]] a lake")).submit(second));
        assertThat(second.shown()).doesNotContain("Succeeded").endsWith("ended");
        assertThat(result(outcome)).isInstanceOf(PollOutcome.Succeeded.class);
    }

    @Test
    void everyDescribedModelAcceptsTranslatedOptions() {
        for (Map.Entry<String, GenerationRequest> each : Map.of(
                        "veo",
                        request(Operation.TEXT_TO_VIDEO, VEO)
                                .options(options(8.0, "720p", "9:16", "rain", 7L, 2, false))
                                .build(),
                        "sora",
                        request(Operation.IMAGE_TO_VIDEO, "openai/sora-2-pro")
                                .input(url("https://cdn.example.com/a.png"))
                                .options(options(8.0, "1080p", "16:9", null, null, 1, null))
                                .build(),
                        "kling",
                        request(Operation.FIRST_LAST_FRAME_TO_VIDEO, KLING)
                                .input(url("https://cdn.example.com/a.png"))
                                .input(url("https://cdn.example.com/b.png"))
                                .options(options(5.0, null, "1:1", "rain", null, 1, true))
                                .parameter("quality", "pro")
                                .build(),
                        "o3",
                        request(Operation.VIDEO_TO_VIDEO, "kling-ai/o3/video")
                                .input(url("https://cdn.example.com/a.mp4"))
                                .parameter("keep_audio", "true")
                                .build(),
                        "seedream",
                        request(Operation.TEXT_TO_IMAGE, "bytedance/seedream-4.0")
                                .options(options(null, "2k", "21:9", null, null, 2, null))
                                .build(),
                        "banana",
                        request(Operation.IMAGE_TO_IMAGE, "google/nano-banana-pro")
                                .input(MediaInput.of(new MediaSource.Bytes(PNG, null, null)))
                                .input(url("https://cdn.example.com/b.png"))
                                .build(),
                        "file",
                        request(Operation.IMAGE_TO_VIDEO, KLING)
                                .input(MediaInput.of(new MediaSource.Bytes(PNG, null, null)))
                                .options(options(5.0, null, null, null, null, 1, false))
                                .build(),
                        "vidu",
                        request(Operation.TEXT_TO_IMAGE, "vidu/q2/text-to-image")
                                .build(),
                        "upscale",
                        request(Operation.GENERATE, "topaz/upscale/video")
                                .prompt(null)
                                .parameter("video_url", "https://cdn.example.com/a.mp4")
                                .build())
                .entrySet()) {
            SubmitOutcome outcome = await(ready(twin, each.getValue()).submit());

            assertThat(sandbox.ledger().violations()).as(each.getKey()).isEmpty();
            assertThat(outcome).as(each.getKey()).isInstanceOf(SubmitOutcome.Accepted.class);
            assertThat(result(outcome)).as(each.getKey()).isInstanceOf(PollOutcome.Succeeded.class);
        }
    }

    @Test
    void theBalanceTheUnknownTaskAndTheUnknownModel() {
        assertThat(await(twin.credits(CallOptions.DEFAULT)).available()).isPositive();
        assertThat(await(twin.credits(CallOptions.DEFAULT)).details()).containsKeys("subscription", "permanent");
        PollOutcome unknown = await(
                twin.poll(new SubmittedTask(null, "gen_nobody", Operation.GENERATE, null, null), CallOptions.DEFAULT));
        assertThat(((PollOutcome.Trouble) unknown).kind()).isEqualTo(PollOutcome.Trouble.Kind.UNKNOWN_TASK);
        SubmitOutcome refused =
                await(ready(twin, request(Operation.GENERATE, "acme/unheard/of").build())
                        .submit());
        assertThat(((SubmitOutcome.Refused) refused).error().category()).isEqualTo(ErrorCategory.INVALID_REQUEST);
        assertThat(List.of(sandbox.ledger().creates())).containsExactly(0);
    }
}
