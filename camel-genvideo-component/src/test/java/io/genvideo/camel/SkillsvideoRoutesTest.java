/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.AuthenticationException;
import io.genvideo.model.ContentRejectedException;
import io.genvideo.model.GenerationFailedException;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.InsufficientCreditsException;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.UncertainSubmissionException;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxConfig.Rendering;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Routes to skills.video, in the sandbox: whatever becomes of a stream, one request is one charge. */
class SkillsvideoRoutesTest {
    private static final String ROUTE = "genvideo:skillsvideo/text_to_video?model=google/veo-3.1";
    private static Sandbox sandbox;

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final GenvideoComponent component = new GenvideoComponent(camel);
    private ProducerTemplate template;
    private int chargesBefore;

    @BeforeAll
    static void startSandbox() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .taskDuration(Duration.ofMillis(300))
                .rendering(Rendering.SAMPLE)
                .build());
    }

    @AfterAll
    static void stopSandbox() {
        sandbox.close();
    }

    @BeforeEach
    void start() {
        GenvideoAccount account = new GenvideoAccount();
        account.setApiKey("sk_test");
        account.setBaseUrl(sandbox.skillsvideoUri().toString());
        component.getAccounts().put("skillsvideo", account);
        component.getConfiguration().setTimeout(Duration.ofSeconds(30));
        camel.addComponent("genvideo", component);
        camel.start();
        template = camel.createProducerTemplate();
        chargesBefore = sandbox.ledger().charges().size();
    }

    @AfterEach
    void stop() {
        sandbox.faults().clear();
        camel.stop();
    }

    private int charges() {
        return sandbox.ledger().charges().size() - chargesBefore;
    }

    private Exchange send(String uri, Object body) {
        return template.send(uri, e -> e.getMessage().setBody(body));
    }

    private static GenerationTask task(Exchange done) {
        assertThat(done.getException()).isNull();
        return done.getMessage().getBody(GenerationTask.class);
    }

    @Test
    void aPromptBecomesAVideo() {
        Exchange done = send(ROUTE + "&download=true", "a lake");
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(File.class)).isNotNull();
        assertThat(done.getMessage().getHeader(Exchange.FILE_NAME, String.class))
                .endsWith(".mp4");
        assertThat(charges()).isEqualTo(1);
        assertThat(sandbox.ledger().requests().get("skillsvideo/create-sse")).isPositive();
    }

    static Stream<Arguments> drops() {
        List<Arguments> all = new ArrayList<>();
        for (Fault.End end : Fault.End.values()) {
            for (int frames = 0; frames <= 3; frames++) {
                all.add(Arguments.of("after " + frames + " frames, " + end, Fault.dropStream(frames, end), frames > 0));
            }
            all.add(Arguments.of("instead of the last, " + end, Fault.dropStreamInsteadOfLast(end), true));
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("drops")
    void aStreamThatDropsIsOneChargeAndItsResultOrOneUncertainRecord(String when, Fault drop, boolean idSeen) {
        sandbox.faults().add(FaultRule.on("skillsvideo", "create-sse", drop).times(1));
        Exchange done = send(ROUTE, "a lake");

        assertThat(charges()).isEqualTo(1);
        if (idSeen) {
            assertThat(task(done).status()).isEqualTo(TaskStatus.SUCCEEDED);
        } else {
            assertThat(done.getException()).isInstanceOf(UncertainSubmissionException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"silent", "split", "crlf", "heartbeat", "garbage"})
    void anOddStreamIsStillHeard(String kind) {
        Fault fault = switch (kind) {
            case "split" -> Fault.splitStream(5, Duration.ofMillis(5));
            case "crlf" -> Fault.crlfStream();
            case "heartbeat" -> Fault.heartbeatStream(Duration.ofMillis(20));
            case "garbage" -> Fault.garbageInStream(1);
            default -> Fault.dropStream(1, Fault.End.CLEAN);
        };
        sandbox.faults().add(FaultRule.on("skillsvideo", "create-sse", fault).times(1));
        assertThat(task(send(ROUTE, "a lake")).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(charges()).isEqualTo(1);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("INSUFFICIENT_CREDITS", InsufficientCreditsException.class),
                Arguments.of("CONTENT_REJECTED", ContentRejectedException.class),
                Arguments.of("INVALID_INPUT", InvalidGenerationRequestException.class));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatIsRefusedBeforeTheStreamIsItsExceptionAndUnpaid(String code, Class<? extends GenvideoException> expected) {
        sandbox.faults()
                .add(FaultRule.on("skillsvideo", "create-sse", Fault.envelope(code, "no"))
                        .times(1));
        assertThat(send(ROUTE, "a lake").getException()).isInstanceOf(expected);
        assertThat(charges()).isZero();
    }

    @Test
    void aWrongKeyIsItsException() {
        sandbox.faults()
                .add(FaultRule.on("skillsvideo", "create-sse", Fault.unauthorized())
                        .times(1));
        assertThat(send(ROUTE, "a lake").getException()).isInstanceOf(AuthenticationException.class);
        assertThat(charges()).isZero();
    }

    @Test
    void tooManyRequestsAreWaitedOut() {
        sandbox.faults()
                .add(FaultRule.on("skillsvideo", "create-sse", Fault.envelope("RATE_LIMITED", "slow"))
                        .times(1));
        assertThat(task(send(ROUTE, "a lake")).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(charges()).isEqualTo(1);
    }

    @Test
    void aFailureInsideAStreamIsTheTasks() {
        assertThat(send(ROUTE, "a lake [[fail]]").getException()).isInstanceOf(GenerationFailedException.class);
        assertThat(charges()).isEqualTo(1);
    }

    @Test
    void aBareServerErrorIsUncertain() {
        sandbox.faults()
                .add(FaultRule.on("skillsvideo", "create-sse", Fault.status(504))
                        .times(1));
        assertThat(send(ROUTE, "a lake").getException()).isInstanceOf(UncertainSubmissionException.class);
        assertThat(sandbox.ledger().requests().get("skillsvideo/create-sse")).isPositive();
        assertThat(charges()).isLessThanOrEqualTo(1);
    }

    @Test
    void aStreamWithoutAnEndIsAskedFor() {
        assertThat(task(send(ROUTE, "a lake [[no-terminal]]")).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(charges()).isEqualTo(1);
    }

    @Test
    void askingWorksWithoutAnyStream() {
        assertThat(task(send(ROUTE + "&updates=poll&pollInterval=50", "a lake")).status())
                .isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(charges()).isEqualTo(1);
    }

    @Test
    void aPictureIsSentAsItsFile() {
        Exchange done = template.send("genvideo:skillsvideo/image_to_video?model=google/veo-3.1", e -> {
            e.getMessage().setBody(ImaContext.picture(7));
            e.getMessage().setHeader(GenvideoConstants.PROMPT, "it moves");
        });
        assertThat(task(done).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(charges()).isEqualTo(1);
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void manyStreamsAreHeardAtOnce() {
        List<java.util.concurrent.CompletableFuture<Exchange>> all = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            all.add(template.asyncSend(
                    ROUTE + "&maxInFlight=200", e -> e.getMessage().setBody("a lake")));
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> all.stream().allMatch(f -> f.isDone()));
        assertThat(all).allSatisfy(f -> assertThat(f.join().getException()).isNull());
        assertThat(charges()).isEqualTo(150);
    }

    @Test
    void aBalanceIsTold() {
        Exchange done = template.send("genvideo:skillsvideo/credits", e -> {});
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getHeaders()).containsKey(GenvideoConstants.CREDITS);
    }

    @Test
    void aModelIsDescribed() {
        Exchange done = template.send(
                "genvideo:skillsvideo/describe?model=google/veo-3.1",
                e -> e.getMessage().setHeaders(Map.of()));
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(List.class)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "text_to_video, google/veo-99, model=google/veo-99 is not known",
        "image_to_video, wan2.6-i2v, model=wan2.6-i2v is not known",
        "text_to_image, google/veo-3.1, google/veo-3.1"
    })
    void routeWithModelThatCanNotWorkDoesNotStart(String operation, String model, String message) {
        assertThatThrownBy(() -> camel.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:wrong").to("genvideo:skillsvideo/" + operation + "?model=" + model);
                    }
                }))
                .rootCause()
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining(message);
        assertThat(sandbox.ledger().charges()).hasSize(chargesBefore);
    }
}
