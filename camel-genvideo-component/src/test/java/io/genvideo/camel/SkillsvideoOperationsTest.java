/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.Credits;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.UncertainSubmissionException;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.Fault.End;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Ledger;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The operations of skills.video in routes, compared with the ledger of the sandbox. */
@Timeout(120)
class SkillsvideoOperationsTest {
    private static final String KLING = "model=kling-ai/v3/video&";

    private final String key = "sk_" + UUID.randomUUID();
    private final ImaContext context = new ImaContext();
    private final long violationsBefore = ImaContext.sandbox().ledger().violationCount();

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        GenvideoAccount account = new GenvideoAccount();
        account.setApiKey(key);
        account.setBaseUrl(ImaContext.sandbox().skillsvideoUri().toString());
        context.component().getAccounts().put("skillsvideo", account);
        context.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:video").to("genvideo:skillsvideo/text_to_video?" + KLING + ImaContext.QUICK);
                        from("direct:picture").to("genvideo:skillsvideo/image_to_video?" + KLING + ImaContext.QUICK);
                        from("direct:file")
                                .to("genvideo:skillsvideo/text_to_video?duration=5&download=true&" + KLING
                                        + ImaContext.QUICK);
                        from("direct:any").to("genvideo:skillsvideo/generate?" + ImaContext.QUICK);
                        for (String operation : List.of("task", "result", "credits", "models", "describe")) {
                            from("direct:" + operation).to("genvideo:skillsvideo/" + operation);
                        }
                    }
                })
                .start();
    }

    @AfterEach
    void stop() {
        context.close();
    }

    private void fault(Fault fault, int times) {
        for (String route : List.of("create", "create-sse")) {
            ImaContext.sandbox()
                    .faults()
                    .add(FaultRule.on("skillsvideo", route, fault).times(times));
        }
    }

    private void assertCharged(int times) {
        String account = Ledger.account(key);
        assertThat(ImaContext.sandbox().ledger().charges().stream()
                        .filter(c -> c.account().equals(account)))
                .hasSize(times);
        assertThat(ImaContext.sandbox().ledger().violations().stream().skip(violationsBefore))
                .isEmpty();
    }

    private Exchange send(String endpoint, Object body) {
        return context.send(endpoint, body, Map.of());
    }

    @Test
    void aTextBecomesAVideoOnDisk() {
        Exchange done = send("direct:file", "a quiet lake");

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(File.class).getName()).endsWith(".mp4");
        assertThat(done.getMessage().getHeader(Exchange.FILE_NAME, String.class))
                .startsWith("gen_")
                .endsWith(".mp4");
        GenerationTask task = done.getProperty("CamelGenvideoTask", GenerationTask.class);
        assertThat(task.status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(task.model()).isEqualTo("kling-ai/v3/video");
        assertThat(task.credits()).isPositive();
        assertThat(task.raw()).doesNotContainKey("input");
        assertCharged(1);
    }

    @Test
    void aPictureFromDiskTravelsWithItsRequest() throws Exception {
        Path picture = ImaContext.picture(folder.resolve("kite.png"), 7);

        Exchange done =
                context.send("direct:picture", picture.toFile(), Map.of(GenvideoConstants.PROMPT, "it begins to fly"));

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(GenerationTask.class).media()).hasSize(1);
        assertCharged(1);
    }

    @ParameterizedTest
    @CsvSource({
        "[[insufficient]],InsufficientCreditsException,402,0",
        "[[subscription]],SubscriptionRequiredException,403,0",
        "[[reject]],ContentRejectedException,422,0",
        "[[fail]],GenerationFailedException,502,1",
        "[[fail: VIDEO_GENERATION_CONTENT_REJECTED: no]],ContentRejectedException,422,1",
        "[[canceled]],GenerationCancelledException,409,1"
    })
    void eachRefusalIsItsException(String prompt, String exception, int status, int charged) {
        GenvideoException failure =
                (GenvideoException) send("direct:video", prompt).getException();

        assertThat(failure.getClass().getSimpleName()).isEqualTo(exception);
        assertThat(failure.getHttpResponseCode()).isEqualTo(status);
        assertThat(failure).hasMessageNotContaining(key);
        assertCharged(charged);
    }

    @Test
    void aWrongKeyAnUnknownModelAndNoAnswer() {
        fault(Fault.unauthorized(), 1);
        assertThat(send("direct:video", "x").getException().getClass().getSimpleName())
                .isEqualTo("AuthenticationException");
        assertThat(context.send("direct:any", "x", Map.of(GenvideoConstants.MODEL, "acme/unheard/of"))
                        .getException()
                        .getClass()
                        .getSimpleName())
                .isEqualTo("InvalidGenerationRequestException");
        assertCharged(0);
        ImaContext.sandbox().faults().clear();
        fault(Fault.status(503), 1);
        assertThat(send("direct:video", "x").getException()).isInstanceOf(UncertainSubmissionException.class);
        assertCharged(0);
    }

    @Test
    void tooManyRequestsAndAProviderThatIsAwayAreWaitedFor() {
        fault(Fault.rateLimit(Duration.ofSeconds(1)), 1);
        assertThat(send("direct:video", "a lake").getException()).isNull();
        ImaContext.sandbox().faults().clear();
        fault(Fault.envelope("PROVIDER_UNAVAILABLE", "away"), 1);
        assertThat(send("direct:video", "a lake").getException()).isNull();
        assertCharged(2);
    }

    static Stream<Arguments> drops() {
        return Stream.of(End.values()).flatMap(end -> Stream.of(0, 1, 3).map(frames -> Arguments.of(frames, end)));
    }

    /** Where streams are listened to, each ends early; either way the books must fit what the route has seen. */
    @ParameterizedTest(name = "{1} after {0}")
    @MethodSource("drops")
    void aDroppedStreamPaysOnce(int frames, End end) {
        fault(Fault.dropStream(frames, end), 1);
        Map<String, Object> key = Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "request 1");

        Exchange first = context.send("direct:video", "a quiet lake", key);
        Exchange second = context.send("direct:video", "a quiet lake", key);

        if (first.getException() == null) {
            assertThat(first.getMessage().getBody(GenerationTask.class).media()).hasSize(1);
            assertThat(second.getMessage().getBody(GenerationTask.class).handle())
                    .isEqualTo(first.getMessage().getBody(GenerationTask.class).handle());
        } else {
            assertThat(frames).isZero();
            assertThat(first.getException()).isInstanceOf(UncertainSubmissionException.class);
            assertThat(second.getException()).isInstanceOf(UncertainSubmissionException.class);
        }
        assertCharged(1);
    }

    @Test
    void whatIsAskedWithoutPaying() {
        GenerationTask task = send("direct:video", "a lake").getMessage().getBody(GenerationTask.class);
        Map<String, Object> id = Map.of(GenvideoConstants.TASK_ID, task.handle());

        assertThat(context.send("direct:task", null, id)
                        .getMessage()
                        .getBody(GenerationTask.class)
                        .status())
                .isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(context.send("direct:result", null, id)
                        .getMessage()
                        .getBody(GenerationTask.class)
                        .media())
                .hasSize(1);
        assertThat(send("direct:credits", null)
                        .getMessage()
                        .getBody(Credits.class)
                        .available())
                .isPositive();
        assertThat(send("direct:models", null).getMessage().getBody(List.class)).hasSizeGreaterThan(61);
        List<?> described = context.send("direct:describe", null, Map.of(GenvideoConstants.MODEL, "google/veo-3.1"))
                .getMessage()
                .getBody(List.class);
        assertThat(described).hasSize(4);
        assertThat(((ModelInfo) described.get(0)).description()).contains("/generation/sse/google/veo-3.1");
        assertCharged(1);
    }
}
