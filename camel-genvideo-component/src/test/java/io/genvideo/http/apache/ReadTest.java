/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGatewayException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadTest extends GatewayTestSupport {
    private final WireMockServer service = new WireMockServer(wireMockConfig().dynamicPort());

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        service.start();
    }

    @AfterEach
    void stop() {
        service.stop();
    }

    private HttpCall poll() {
        return HttpCall.get("poll", URI.create(service.baseUrl() + "/task"));
    }

    private void answersOnceThen(int status, int then, String... retryAfter) {
        var first = aResponse().withStatus(status);
        if (retryAfter.length > 0) {
            first.withHeader("Retry-After", retryAfter);
        }
        service.stubFor(any(anyUrl())
                .inScenario("s")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(first)
                .willSetStateTo("next"));
        service.stubFor(any(anyUrl())
                .inScenario("s")
                .whenScenarioStateIs("next")
                .willReturn(aResponse().withStatus(then).withBody("ok")));
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void repeatsStatusesThatMayComeFromAProxy(int status) {
        answersOnceThen(status, 200);

        assertThat(get(gateway().read(poll())).status()).isEqualTo(200);
        service.verify(2, anyRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 404, 429, 500})
    void returnsOtherStatusesToTheCaller(int status) {
        answersOnceThen(status, 200);

        assertThat(get(gateway().read(poll())).status()).isEqualTo(status);
        service.verify(1, anyRequestedFor(anyUrl()));
    }

    @Test
    void returnsTheLastResponseAfterTwoRepeats() {
        service.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(503).withBody("no")));

        GatewayResponse answer = get(gateway().read(poll()));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).isEqualTo("no");
        service.verify(3, anyRequestedFor(anyUrl()));
    }

    @Test
    void failsAfterTwoRepeatsWithoutAResponse() {
        RawServer server = server((conversation, request) -> conversation.reset());

        assertThat(failure(gateway().read(HttpCall.get("poll", server.uri("/"))))
                        .wasSent())
                .isTrue();
        assertThat(server.requests).hasSize(3);
    }

    @Test
    void respectsAShortRetryAfter() {
        answersOnceThen(503, 200, "1");
        long began = System.nanoTime();

        assertThat(get(gateway().read(poll())).status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void returnsALongRetryAfterToTheCaller() {
        answersOnceThen(503, 200, "6");

        GatewayResponse answer = get(gateway().read(poll()));

        assertThat(answer.retryAfter()).contains(Duration.ofSeconds(6));
        service.verify(1, anyRequestedFor(anyUrl()));
    }

    @Test
    void startsNoRepeatThatTheDeadlineWouldCut() {
        answersOnceThen(503, 200, "2");

        assertThat(get(gateway().read(poll().timeout(Duration.ofSeconds(1)))).status())
                .isEqualTo(503);
        service.verify(1, anyRequestedFor(anyUrl()));
    }

    @Test
    void boundsAllAttemptsByOneDeadline() {
        RawServer server = server((conversation, request) -> conversation.stall());
        long began = System.nanoTime();

        failure(gateway().read(HttpCall.get("poll", server.uri("/")).timeout(Duration.ofMillis(300))));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void doesNotRepeatAResponseThatIsTooLong() {
        RawServer server = server((conversation, request) -> conversation.ok("x".repeat(2000)));

        HttpGatewayException failure =
                failure(gateway().read(HttpCall.get("poll", server.uri("/")).maxResponseBytes(1999)));

        assertThat(failure).hasMessageContaining("longer than 1999 bytes");
        assertThat(server.requests).hasSize(1);
        assertThat(get(gateway().read(HttpCall.get("poll", server.uri("/")).maxResponseBytes(2000)))
                        .body())
                .hasSize(2000);
    }

    @Test
    void keepsAllValuesOfAHeader() {
        service.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(204).withHeader("X-Many", "a", "b")));

        GatewayResponse answer = get(gateway().read(poll()));

        assertThat(answer.headers()).containsEntry("x-many", List.of("a", "b"));
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void sendsNoCookieBack() {
        service.stubFor(any(anyUrl()).willReturn(aResponse().withHeader("Set-Cookie", "id=1; Path=/")));
        ApacheHttpGateway gateway = gateway();

        get(gateway.read(poll()));
        get(gateway.read(poll()));

        assertThat(service.getAllServeEvents())
                .allSatisfy(event ->
                        assertThat(event.getRequest().containsHeader("Cookie")).isFalse());
    }

    @Test
    void streamsAFileWholeAndAgainWhenRepeated() throws Exception {
        byte[] content = new byte[3_000_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31);
        }
        Path file = Files.write(directory.resolve("in.mp4"), content);
        answersOnceThen(503, 200);

        get(gateway()
                .read(HttpCall.put(
                        "upload",
                        URI.create(service.baseUrl() + "/media?sig=x"),
                        new HttpBody.FromFile(file, "video/mp4"))));

        assertThat(service.getAllServeEvents()).hasSize(2).allSatisfy(event -> {
            assertThat(event.getRequest().getBody()).isEqualTo(content);
            assertThat(event.getRequest().getHeader("Content-Type")).isEqualTo("video/mp4");
            assertThat(event.getRequest().getHeader("Content-Length")).isEqualTo("3000000");
        });
    }

    @Test
    void sendsAnEmptyFile() throws Exception {
        Path file = Files.createFile(directory.resolve("empty"));
        service.stubFor(any(anyUrl()).willReturn(aResponse()));

        GatewayResponse answer = get(gateway()
                .read(HttpCall.put(
                        "upload", URI.create(service.baseUrl()), new HttpBody.FromFile(file, "text/plain"))));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(service.getAllServeEvents().get(0).getRequest().getBody()).isEmpty();
    }

    @Test
    void repeatsNothingWhileClosing() {
        service.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(503)));
        ApacheHttpGateway gateway = gateway(settings(), QUICK.withBackOff(Duration.ofSeconds(10)));
        CompletableFuture<GatewayResponse> read = gateway.read(poll().timeout(Duration.ofSeconds(60)));
        await().until(() ->
                service.getAllServeEvents().size() == 1 && timer.getQueue().size() > 0);

        gateway.close();

        assertThat(failure(read)).hasMessageContaining("closed");
        service.verify(1, anyRequestedFor(anyUrl()));
    }

    @Test
    void reportsATimerThatIsShutDown() {
        ApacheHttpGateway gateway = gateway();
        timer.shutdownNow();

        assertThat(failure(gateway.read(poll()))).hasMessageContaining("timer");
    }

    @Test
    void keepsOneConnectionForAChainOfPolls() {
        RawServer server = server((conversation, request) -> conversation.ok("{}"));
        ApacheHttpGateway gateway = gateway();
        CompletableFuture<GatewayResponse> chain = gateway.read(HttpCall.get("poll", server.uri("/")));
        for (int i = 0; i < 20; i++) {
            chain = chain.thenCompose(answer -> gateway.read(HttpCall.get("poll", server.uri("/"))));
        }

        get(chain);

        assertThat(server.requests).hasSize(21);
        assertThat(server.connections).hasValue(1);
    }

    @Test
    void sharesFiftyConnectionsAmongTwoThousandReads() {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        RawServer server = server((conversation, request) -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            conversation.ok("{}");
            atOnce.decrementAndGet();
        });
        ApacheHttpGateway gateway =
                gateway(settings().maxConnections(50).requestTimeout(Duration.ofSeconds(15)), QUICK);
        List<CompletableFuture<GatewayResponse>> reads = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            reads.add(gateway.read(HttpCall.get("poll", server.uri("/" + i))));
        }

        get(CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new)));

        assertThat(reads).allSatisfy(read -> assertThat(read.join().status()).isEqualTo(200));
        assertThat(server.requests).hasSize(2000);
        assertThat(server.connections.get()).isLessThanOrEqualTo(50);
        assertThat(most.get()).isLessThanOrEqualTo(50);
    }

    @Test
    void usesFewThreadsNamedAfterTheGateway() {
        RawServer server = server((conversation, request) -> conversation.ok("{}"));
        ApacheHttpGateway gateway = gateway(settings().name("few"), QUICK);
        get(gateway.read(HttpCall.get("poll", server.uri("/"))));
        get(gateway.send(create(server.uri("/"))));

        List<Thread> own = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("genvideo-http-few-"))
                .toList();

        assertThat(own).allMatch(Thread::isDaemon).hasSizeLessThanOrEqualTo(7);
    }
}
