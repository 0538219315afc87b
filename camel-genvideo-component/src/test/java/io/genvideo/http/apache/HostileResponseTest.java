/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.http.Download;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpClientConfigurer;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.SseListener;
import io.genvideo.http.WebSocketCall;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No response of a server, and no error on an I/O thread, stops the gateway from serving other calls. */
class HostileResponseTest extends GatewayTestSupport {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";

    @TempDir
    Path directory;

    /** A beginning, and what is sent after it for ever. */
    record Endless(String begin, String more) {}

    static List<Endless> endless() {
        return List.of(
                new Endless("HTTP/1.1 200 ", "O"),
                new Endless("", "x"),
                new Endless(OK + "X-Long: ", "x"),
                new Endless(OK, "X-Many: x\r\n"),
                new Endless(OK + "X-Folded: x\r\n", " more\r\n"),
                new Endless(CHUNKED, "0"),
                new Endless(CHUNKED + "3;ext=", "x"),
                new Endless(CHUNKED + "3\r\nabc\r\n0\r\n", "X-Trailer: x\r\n"),
                new Endless(CHUNKED + "3\r\nabc\r\n0\r\nX-Trailer: ", "x"));
    }

    private RawServer sendingForEver(Endless response) {
        return server((conversation, request) -> {
            conversation.write(response.begin());
            String block = response.more().repeat(8192 / response.more().length());
            while (!conversation.socket.isClosed()) {
                conversation.write(block);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("endless")
    void failsOnlyTheCallWhoseHeadOrTrailerHasNoEnd(Endless response) {
        RawServer hostile = sendingForEver(response);
        RawServer good = server((conversation, request) -> conversation.ok("{}"));
        ApacheHttpGateway gateway = gateway();

        HttpGatewayException sent = failure(gateway.send(create(hostile.uri("/create"))));
        failure(gateway.once(HttpCall.get("poll", hostile.uri("/poll"))));
        failure(gateway.download(download(hostile, "/v")));

        assertThat(sent.wasSent()).isTrue();
        assertThat(sent).hasMessageNotContaining("no complete response within");
        assertThat(get(gateway.send(create(good.uri("/")))).status()).isEqualTo(200);
        assertThat(get(gateway.once(HttpCall.get("poll", good.uri("/")))).status())
                .isEqualTo(200);
        assertThat(get(gateway.download(download(good, "/v"))).status()).isEqualTo(200);
    }

    private Download download(RawServer server, String path) {
        return new Download(server.uri(path), directory.resolve("v"), 1000, Duration.ofSeconds(10), true, uri -> false);
    }

    @ParameterizedTest
    @MethodSource("endless")
    void failsTheOpeningOfASocketWhoseHeadHasNoEnd(Endless response) {
        RawServer hostile = sendingForEver(response);
        URI uri = URI.create("ws://127.0.0.1:" + hostile.port() + "/");

        failure(gateway()
                .webSocket(
                        WebSocketCall.to("socket", uri).connectTimeout(Duration.ofSeconds(2)),
                        new WebSocketTest.Recorder()));
    }

    @Test
    void readsALongLineAndManyHeadersWithinTheLimits() {
        RawServer server = server((conversation, request) -> conversation.write(OK + "X-Long: " + "x".repeat(15_000)
                + "\r\n" + "X-Many: x\r\n".repeat(190) + "Content-Length: 2\r\n\r\n{}"));

        GatewayResponse response = get(gateway().send(create(server.uri("/"))));

        assertThat(response.header("X-Long").orElseThrow()).hasSize(15_000);
        assertThat(response.headers().get("x-many")).hasSize(190);
    }

    @ParameterizedTest
    @ValueSource(strings = {"creates", "reads", "downloads"})
    void replacesAClientWhoseThreadHasEnded(String purpose) {
        RawServer server = server((conversation, request) -> conversation.ok("{}"));
        AtomicInteger errors = new AtomicInteger();
        HttpClientConfigurer deadly = builder -> builder.addRequestInterceptorFirst((request, entity, context) -> {
            if (request.getPath().startsWith("/deadly") && errors.incrementAndGet() <= 4) {
                throw new StackOverflowError("of the user's interceptor");
            }
        });
        ApacheHttpGateway gateway = gateway(settings().configurer(deadly), QUICK);

        for (int i = 0; i < 4; i++) {
            HttpGatewayException failure = failure(call(gateway, purpose, server, "/deadly"));
            assertThat(failure.wasSent()).isFalse();
            assertThat(failure).hasMessageNotContaining("interceptor");
        }

        get(call(gateway, purpose, server, "/deadly"));
        assertThat(errors).hasValue(5);
        assertThat(server.requests).hasSize(1);
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .filteredOn(name -> name.startsWith("genvideo-http-test-" + purpose)
                        || name.startsWith("genvideo-http-test-own-" + purpose))
                .as("threads of the client, without those of its predecessors")
                .hasSizeLessThanOrEqualTo(3));
    }

    private CompletableFuture<?> call(ApacheHttpGateway gateway, String purpose, RawServer server, String path) {
        return switch (purpose) {
            case "creates" -> gateway.send(create(server.uri(path)));
            case "reads" -> gateway.once(HttpCall.get("poll", server.uri(path)));
            default -> gateway.download(download(server, path));
        };
    }

    @Test
    void endsOpenStreamsWithTheThreadThatServesThem() {
        RawServer server = server((conversation, request) -> {
            conversation.write(OK + "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + StreamTest.chunk("data: one\n\n"));
            conversation.stall();
        });
        AtomicBoolean armed = new AtomicBoolean();
        HttpClientConfigurer deadly = builder -> builder.addRequestInterceptorFirst((request, entity, context) -> {
            if (armed.get()) {
                throw new StackOverflowError();
            }
        });
        ApacheHttpGateway gateway = gateway(settings().configurer(deadly), QUICK);
        StreamTest.EventRecorder open = new StreamTest.EventRecorder();
        get(gateway.stream(create(server.uri("/")), open, Duration.ofMinutes(5)));
        await().until(() -> open.events().size() == 1);
        armed.set(true);

        failure(gateway.stream(create(server.uri("/")), new StreamTest.EventRecorder(), Duration.ofMinutes(5)));

        assertThat(open.end()).isNotNull();
        assertThat(open.end().wasSent()).isTrue();
    }

    @Test
    void endsOnlyTheStreamWhoseListenerThrowsAnError() {
        RawServer server = server((conversation, request) -> {
            conversation.write(OK + "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + StreamTest.chunk("data: one\n\n"));
            conversation.stall();
        });
        ApacheHttpGateway gateway = gateway();
        StreamTest.EventRecorder other = new StreamTest.EventRecorder();
        get(gateway.stream(create(server.uri("/")), other, Duration.ofMinutes(5)));
        CompletableFuture<Boolean> ended = new CompletableFuture<>();

        get(gateway.stream(
                create(server.uri("/")),
                new SseListener() {
                    @Override
                    public boolean event(String data) {
                        throw new OutOfMemoryError("of a listener");
                    }

                    @Override
                    public void ended(HttpGatewayException cause) {
                        ended.complete(true);
                    }
                },
                Duration.ofMinutes(5)));

        assertThat(get(ended)).isTrue();
        await().until(() -> other.events().equals(List.of("one")));
        assertThat(other.ends).hasValue(0);
    }

    @Test
    void leavesNoThreadAfterAFailedStart() throws Exception {
        for (int i = 0; i < 50; i++) {
            AtomicInteger clients = new AtomicInteger();
            HttpClientConfigurer failing = builder -> {
                if (clients.incrementAndGet() == 2) {
                    throw new IllegalStateException("mistake of the user");
                }
            };
            try (ApacheHttpGateway unexpected = new ApacheHttpGateway(
                    settings().name("leaky").configurer(failing).build())) {
                throw new AssertionError("started in spite of " + unexpected);
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessage("mistake of the user");
            }
        }

        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("genvideo-http-leaky")));
    }
}
