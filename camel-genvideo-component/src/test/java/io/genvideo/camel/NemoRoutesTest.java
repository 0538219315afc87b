/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxConfig.Rendering;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Routes to NemoVideo, against its sandbox, which is written from the contract independently of the provider: whatever becomes of
 * streams, states and exports, one message is sent once, and no request is outside of the contract.
 */
class NemoRoutesTest {
    private static final String ROUTE = "genvideo:nemo/text_to_video?pollInterval=30ms";
    private static Sandbox sandbox;

    @TempDir
    Path folder;

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final GenvideoComponent component = new GenvideoComponent(camel);
    private final String token = "nmv_usr_" + UUID.randomUUID();

    @BeforeAll
    static void startSandbox() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .taskDuration(Duration.ofMillis(50))
                .rendering(Rendering.SAMPLE)
                .build());
    }

    @AfterAll
    static void stopSandbox() {
        sandbox.close();
    }

    private void start(String apiKey, Map<String, String> settings) {
        GenvideoAccount account = new GenvideoAccount();
        account.setApiKey(apiKey);
        account.setBaseUrl(sandbox.nemoUri().toString());
        Map<String, String> all = new LinkedHashMap<>(Map.of("settleSeconds", "0.12"));
        all.putAll(settings);
        account.setSettings(all);
        component.getAccounts().put("nemo", account);
        component.getConfiguration().setTimeout(Duration.ofSeconds(30));
        camel.addComponent("genvideo", component);
        camel.start();
    }

    private void start() {
        start(token, Map.of());
    }

    @AfterEach
    void stop() {
        sandbox.faults().clear();
        camel.stop();
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    private Exchange send(String uri, Object body) {
        return send(uri, body, Map.of());
    }

    private Exchange send(String uri, Object body, Map<String, Object> parameters) {
        return camel.createProducerTemplate().send(uri, e -> {
            e.getMessage().setBody(body);
            e.getMessage().setHeader(GenvideoConstants.PARAMETERS, new HashMap<>(parameters));
        });
    }

    private static GenerationTask task(Exchange done) {
        assertThat(done.getException()).isNull();
        return done.getMessage().getBody(GenerationTask.class);
    }

    @SuppressWarnings("unchecked") // the provider's own operations return maps
    private static Map<String, Object> map(Exchange done) {
        assertThat(done.getException()).isNull();
        return done.getMessage().getBody(Map.class);
    }

    private static GenvideoException failure(Exchange done) {
        assertThat(done.getException()).isInstanceOf(GenvideoException.class);
        return (GenvideoException) done.getException();
    }

    private long charges() {
        return sandbox.ledger().charges().stream()
                .filter(c -> c.account().equals(Ledger.account(token)))
                .count();
    }

    static Stream<String> oddities() {
        return Stream.of(
                "",
                "[[events: typed]]",
                "[[events: adk]]",
                "[[heartbeat: json]]",
                "[[heartbeat: text]]",
                "[[heartbeat: empty]]",
                "[[heartbeat: comment]]",
                "[[heartbeat: none]]",
                "[[silent]]",
                "[[drop: 0]]",
                "[[drop: 1]]",
                "[[drop: 2, clean]]",
                "[[late-stage: 60ms]]",
                "[[gui]]",
                "[[temporary-issue]]",
                "[[render-shape: a]]",
                "[[render-shape: b]]",
                "[[render-fail: 1]]",
                "[[render-duplicate]]",
                "[[no-url]]");
    }

    @ParameterizedTest
    @MethodSource("oddities")
    void oneMessageBecomesOneVideo(String directive) {
        start();

        Exchange done = send(ROUTE + "&download=true", "a lake at dawn " + directive);

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(File.class)).isFile().isNotEmpty();
        assertThat(charges()).isEqualTo(1);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments("[[insufficient]]", ErrorCategory.INSUFFICIENT_CREDITS),
                arguments("[[subscription]]", ErrorCategory.SUBSCRIPTION_REQUIRED),
                arguments("[[reject: too odd]]", ErrorCategory.INVALID_REQUEST),
                arguments("[[code: 1002]]", ErrorCategory.INVALID_REQUEST),
                arguments("[[code: 1002, 404]]", ErrorCategory.INVALID_REQUEST),
                arguments("[[code: 2001]]", ErrorCategory.INSUFFICIENT_CREDITS),
                arguments("[[code: 2001, 402]]", ErrorCategory.INSUFFICIENT_CREDITS),
                arguments("[[code: 402, 402]]", ErrorCategory.SUBSCRIPTION_REQUIRED),
                arguments("[[code: 4001, 415]]", ErrorCategory.INVALID_REQUEST));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusalIsTypedAndUnpaid(String directive, ErrorCategory category) {
        start();

        GenvideoException failure = failure(send(ROUTE, "a lake at dawn " + directive));

        assertThat(failure.getCategory()).isEqualTo(category);
        assertThat(failure.getPaid()).isEqualTo(Paid.NO);
        assertThat(charges()).isZero();
    }

    @Test
    void messageThatABusyServiceRefusesIsUnpaid() {
        start();

        GenvideoException failure = failure(send(ROUTE + "&timeout=2s", "a lake at dawn [[busy]]"));

        assertThat(failure.getPaid()).isEqualTo(Paid.NO);
        assertThat(charges()).isZero();
    }

    @Test
    void videoWhoseUrlIsGoneFailsAsPaidAndNamesItsTask() {
        start();

        GenvideoException failure = failure(send(ROUTE + "&download=true", "a lake at dawn [[url-gone]]"));

        assertThat(failure.getPaid()).isEqualTo(Paid.YES);
        assertThat(failure.getHandle()).isNotBlank();
        assertThat(charges()).isEqualTo(1);
    }

    @Test
    void tokenThatExpiresDuringATaskIsRenewedAndTheMessageIsPaidOnce() throws IOException {
        Path file = folder.resolve("token.json");
        start(null, Map.of("tokenFile", file.toString()));
        send("genvideo:nemo/credits", "");
        // a token that has just been issued is not replaced
        Files.writeString(
                file,
                Files.readString(file).replaceFirst("\"issuedAt\":\"[^\"]*", "\"issuedAt\":\"2020-01-01T00:00:00Z"));
        String first = Files.readString(file);
        int before = sandbox.ledger().charges().size();

        assertThat(task(send(ROUTE, "a lake at dawn [[expire-token: 1]]")).status())
                .isEqualTo(TaskStatus.SUCCEEDED);

        assertThat(sandbox.ledger().charges()).hasSize(before + 1);
        assertThat(Files.readString(file)).isNotEqualTo(first);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments("[[fail: too dark]]", ErrorCategory.GENERATION_FAILED, Paid.UNKNOWN),
                arguments("[[render-fail: 2]]", ErrorCategory.GENERATION_FAILED, Paid.YES),
                arguments("[[export-plan]]", ErrorCategory.SUBSCRIPTION_REQUIRED, Paid.YES));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failureAfterTheMessageIsTypedAndSaysWhatWasPaid(String directive, ErrorCategory category, Paid paid) {
        start();

        GenvideoException failure = failure(send(ROUTE, "a lake at dawn " + directive));

        assertThat(failure.getCategory()).isEqualTo(category);
        assertThat(failure.getPaid()).isEqualTo(paid);
        assertThat(failure.getHandle()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[[unchanged]] [[silent]]", "[[no-draft]]", "[[stuck]]", "[[render-stuck]]"})
    void taskWithoutAResultLivesOnAfterTheDeadline(String directive) {
        start();

        GenvideoException failure = failure(send(ROUTE + "&timeout=700ms", "a lake at dawn " + directive));

        assertThat(failure.getCategory()).isEqualTo(ErrorCategory.TIMEOUT);
        Exchange read = camel.createProducerTemplate()
                .send(
                        "genvideo:nemo/task",
                        e -> e.getMessage().setHeader(GenvideoConstants.TASK_ID, failure.getHandle()));
        assertThat(task(read).status().isWatched()).isTrue();
    }

    @Test
    void wordsInsteadOfAVideoAreTheReasonOfTheTimeOut() {
        start();

        assertThat(failure(send(ROUTE + "&timeout=700ms", "a lake at dawn [[talk]] [[events: typed]]")))
                .hasMessageContaining("the service replied, and nothing in the session has changed so far");
    }

    @Test
    void messageWhoseAnswerIsLostIsRecoveredFromTheState() {
        start();
        sandbox.faults().add(FaultRule.on("nemo", "create", Fault.loseAnswer()).times(1));

        assertThat(task(send(ROUTE, "a lake at dawn")).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(charges()).isEqualTo(1);
    }

    @Test
    void exportWhoseAnswerIsLostIsFoundUnderItsId() {
        start();
        sandbox.faults().add(FaultRule.on("nemo", "render", Fault.loseAnswer()).times(1));

        assertThat(task(send(ROUTE, "a lake at dawn")).status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void anonymousUserNeedsAFileOnlyAndATokenThatExpiresIsRenewed() {
        start(null, Map.of("tokenFile", folder.resolve("token.json").toString()));

        assertThat(task(send(ROUTE, "a lake at dawn")).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(folder.resolve("token.json")).isNotEmptyFile();
    }

    @Test
    void videoIsEditedInItsSession() {
        start();
        String session =
                String.valueOf(task(send(ROUTE, "a lake at dawn")).raw().get("sessionId"));

        GenerationTask edited = task(send(
                "genvideo:nemo/video_to_video?pollInterval=30ms&prompt=make it slower",
                null,
                Map.of("sessionId", session)));

        assertThat(edited.status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(edited.handle()).startsWith(session + "-");
        assertThat(charges()).isEqualTo(2);
    }

    @Test
    void conversationIsOpenToRoutes() {
        start();
        String session = String.valueOf(map(send("genvideo:nemo/session", null)).get("sessionId"));
        Map<String, Object> inSession = Map.of("sessionId", session);

        Map<String, Object> reply = map(send("genvideo:nemo/chat", "a lake at dawn [[gui]]", inSession));
        Map<String, Object> state = map(send("genvideo:nemo/state", null, inSession));
        Object renderId = map(send("genvideo:nemo/export", null, inSession)).get("renderId");
        Map<String, Object> export = Map.of();
        while (!"completed".equals(export.get("status"))) {
            export = map(send("genvideo:nemo/export", null, Map.of("renderId", renderId)));
        }

        assertThat(session).matches("\\d{19}");
        assertThat(reply).containsEntry("changed", true).containsEntry("complete", true);
        assertThat((List<?>) reply.get("actions")).isNotEmpty();
        assertThat(state).containsEntry("exportable", true);
        assertThat((List<?>) state.get("tracks")).isNotEmpty();
        assertThat(export.get("url")).asString().startsWith("http");
        assertThat(charges()).isEqualTo(1);
    }
}
