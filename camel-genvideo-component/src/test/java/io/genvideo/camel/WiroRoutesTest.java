/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.genvideo.model.AuthenticationException;
import io.genvideo.model.GenerationCancelledException;
import io.genvideo.model.GenerationFailedException;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.InsufficientCreditsException;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxConfig.Rendering;
import java.io.File;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.test.AvailablePortFinder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes to Wiro, against its sandbox: whatever becomes of sockets, callbacks and cancels, one message is one charge. */
class WiroRoutesTest {
    private static final String ROUTE = "genvideo:wiro/text_to_video?model=alibaba/wan 2.6";
    private static Sandbox sandbox;

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final GenvideoComponent component = new GenvideoComponent(camel);
    private final String key = "wiro-" + System.nanoTime();

    @BeforeAll
    static void startSandbox() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .taskDuration(Duration.ofMillis(400))
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
        account.setApiKey(key);
        account.setSecretKey("wiro_secret");
        account.setBaseUrl(sandbox.wiroUri().toString());
        account.setSocketUrl(sandbox.wiroSocketUri().toString());
        component.getAccounts().put("wiro", account);
        component.getConfiguration().setTimeout(Duration.ofSeconds(30));
        camel.addComponent("genvideo", component);
        camel.start();
    }

    @AfterEach
    void stop() {
        sandbox.faults().clear();
        camel.stop();
    }

    private Exchange send(String uri, Object body) {
        return camel.createProducerTemplate().send(uri, e -> e.getMessage().setBody(body));
    }

    private Exchange send(String uri, Map<String, Object> headers) {
        return camel.createProducerTemplate().send(uri, e -> e.getMessage().setHeaders(new HashMap<>(headers)));
    }

    private static GenerationTask task(Exchange done) {
        assertThat(done.getException()).isNull();
        return done.getMessage().getBody(GenerationTask.class);
    }

    private long charges() {
        return sandbox.ledger().charges().stream()
                .filter(c -> c.account().equals(Ledger.account(key)))
                .count();
    }

    @Test
    void aPromptBecomesAVideo() {
        Exchange done = send(ROUTE + "&download=true&duration=5", "a lake");

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(File.class)).isNotNull();
        assertThat(done.getMessage().getHeader(GenvideoConstants.CREDITS)).isNotNull();
        assertThat(charges()).isEqualTo(1);
    }

    static Stream<String> sockets() {
        return Stream.concat(
                Stream.iterate(0, n -> n + 1).limit(10).map(n -> "[[socket-drop: " + n + "]]"),
                Stream.of(
                        "[[socket-silent: 0]]",
                        "[[socket-silent: 4]]",
                        "[[socket-replay]]",
                        "[[socket-repeat]]",
                        "[[socket-garbage]]",
                        "[[socket-text]]"));
    }

    @ParameterizedTest
    @MethodSource("sockets")
    void whateverBecomesOfTheSocketThereIsOneResultInTime(String directive) {
        long began = System.nanoTime();

        // The JDK's client may lose the end of a socket that breaks off right behind a frame
        assertThat(task(send(ROUTE + "&pollInterval=1s", "a lake " + directive)).status())
                .isEqualTo(TaskStatus.SUCCEEDED);

        assertThat(charges()).isEqualTo(1);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void aRefusedSocketIsPolledInstead() {
        sandbox.faults().add(FaultRule.on("wiro", "socket", Fault.status(403)));

        assertThat(task(send(ROUTE, "a lake")).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(charges()).isEqualTo(1);
    }

    static Stream<Arguments> outcomes() {
        return Stream.of(
                arguments("[[fail: too dark]]", GenerationFailedException.class, Paid.NO),
                arguments("[[task-error: no folder]]", GenerationFailedException.class, Paid.NO),
                arguments("[[canceled]]", GenerationCancelledException.class, Paid.NO),
                arguments("[[insufficient]]", InsufficientCreditsException.class, Paid.NO),
                arguments("[[subscription]]", AuthenticationException.class, Paid.NO),
                arguments(
                        "[[reject: Request parameters are invalid.]]",
                        InvalidGenerationRequestException.class,
                        Paid.NO));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void eachEndIsATypedError(String directive, Class<? extends GenvideoException> type, Paid paid) {
        Exchange done = send(ROUTE + "&timeout=15s&pollInterval=1s", "a lake " + directive);

        assertThat(done.getException()).isInstanceOfSatisfying(type, e -> {
            assertThat(e.getPaid()).isEqualTo(paid);
            assertThat(e.getRecordId()).isNotNull();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"[[error-line: oops]]", "[[no-url]]", "[[old-status]]", "[[text-parameters]]"})
    void oddAnswersDoNotDisturb(String directive) {
        assertThat(task(send(ROUTE, "a lake " + directive)).status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    private String queued(String directive) {
        GenerationTask accepted = task(send(ROUTE + "&waitForResult=false", "a lake " + directive));
        return accepted.handle();
    }

    private void awaitStatus(String taskId, TaskStatus wanted) {
        await().atMost(15, TimeUnit.SECONDS)
                .until(() -> send("genvideo:wiro/task", Map.of(GenvideoConstants.TASK_ID, taskId))
                                .getMessage()
                                .getBody(GenerationTask.class)
                                .status()
                        == wanted);
    }

    private Exchange cancel(String taskId) {
        return send("genvideo:wiro/cancel", Map.of(GenvideoConstants.TASK_ID, taskId));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[[queued]]", "[[stuck]]"})
    void aTaskIsCancelledInTheQueueAndKilledWhileItRuns(String directive) {
        String id = queued(directive);
        if (directive.contains("stuck")) {
            awaitStatus(id, TaskStatus.RUNNING);
        }

        assertThat(task(cancel(id)).status()).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void aKillThatLosesItsRaceLeavesTheResult() {
        String id = queued("[[kill-lost]]");
        awaitStatus(id, TaskStatus.RUNNING);

        cancel(id);

        awaitStatus(id, TaskStatus.SUCCEEDED);
        assertThat(charges()).isEqualTo(1);
    }

    @Test
    void aTimeoutCancelsTheTask() {
        Exchange done = send(ROUTE + "&timeout=1s&cancelOnTimeout=true", "a lake [[stuck]]");

        assertThat(done.getException()).isInstanceOfSatisfying(GenerationTimeoutException.class, e -> {
            assertThat(e).hasMessageContaining("taken the request to cancel");
            awaitStatus(e.getHandle(), TaskStatus.CANCELLED);
        });
    }

    @Test
    void aFullAccountWaitsForOneOfItsTasks() {
        CompletableFuture<Exchange> first = camel.createProducerTemplate()
                .asyncSend(ROUTE, e -> e.getMessage().setBody("first"));
        sandbox.faults()
                .add(FaultRule.on("wiro", "create", Fault.envelope(96, "You have reached your concurrent task limit."))
                        .times(1));

        Exchange second = send(ROUTE, "second");

        assertThat(task(second).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(first.join().getException()).isNull();
        assertThat(charges()).isEqualTo(2);
    }

    private String callbackRoute() throws Exception {
        int port = AvailablePortFinder.getNextAvailable();
        component.setWebhookVerifyToken("a long random text");
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                restConfiguration().component("undertow").host("127.0.0.1").port(port);
                from("webhook:genvideo:wiro/tasks?webhookAutoRegister=true&delay=600000&webhookPath=/wiro")
                        .to("mock:late");
            }
        });
        return "http://127.0.0.1:" + port + "/wiro/" + KeyedHash.webhookPath("a long random text", "wiro");
    }

    @ParameterizedTest
    @ValueSource(strings = {"flat", "tasklist", "data", "double, tasklist"})
    void aCallbackIsFollowedByAPoll(String mode) throws Exception {
        String route = ROUTE + "&updates=poll&pollInterval=10m&callbackUrl=" + callbackRoute();

        Exchange done = send(route, "a lake [[callback: " + mode + "]]");

        assertThat(task(done).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(charges()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"early", "lying", "malformed", "none", "early, lying, double, malformed"})
    void whatACallbackSaysIsNotBelieved(String mode) throws Exception {
        String route = ROUTE + "&updates=poll&pollInterval=200ms&callbackUrl=" + callbackRoute();

        Exchange done = send(route, "a lake [[callback: " + mode + "]]");

        assertThat(task(done).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(charges()).isEqualTo(1);
    }
}
