/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.genvideo.http.HttpGateway;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.SseListener;
import io.genvideo.http.StreamResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTest extends GatewayTestSupport {
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";

    private final EventRecorder recorder = new EventRecorder();

    /** All events and the end. */
    static class EventRecorder implements SseListener {
        final List<String> events = new ArrayList<>();
        final AtomicInteger ends = new AtomicInteger();
        final CompletableFuture<HttpGatewayException> ended = new CompletableFuture<>();

        @Override
        public synchronized boolean event(String data) {
            assertThat(ended).as("nothing after the end").isNotDone();
            events.add(data);
            return !data.equals("enough");
        }

        @Override
        public void ended(HttpGatewayException cause) {
            ends.incrementAndGet();
            ended.complete(cause);
        }

        HttpGatewayException end() {
            return get(ended);
        }

        synchronized List<String> events() {
            return List.copyOf(events);
        }
    }

    static String chunk(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Integer.toHexString(bytes.length) + "\r\n" + new String(bytes, StandardCharsets.ISO_8859_1) + "\r\n";
    }

    private static String event(String data) {
        return chunk("data: " + data + "\n\n");
    }

    private CompletableFuture<StreamResponse> stream(RawServer server) {
        return gateway().stream(create(server.uri("/sse?key=secret")), recorder, IDLE);
    }

    @Test
    void deliversEventsAsTheyAreSentAndTheEndOnce() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        RawServer server = server((conversation, request) -> {
            conversation.write(CHUNKED + event("one"));
            first.await(10, TimeUnit.SECONDS);
            conversation.write(chunk(": ping\n\n") + event("zwei \u00fc") + event("three") + "0\r\n\r\n");
        });

        assertThat(get(stream(server))).isEqualTo(new StreamResponse.Opened(200));
        await().until(() -> recorder.events().equals(List.of("one")));
        first.countDown();

        assertThat(recorder.end()).isNull();
        assertThat(recorder.events()).containsExactly("one", "zwei \u00fc", "three");
        assertThat(recorder.ends).hasValue(1);
        assertThat(server.requests).hasSize(1);
        assertThat(server.requests.get(0)).contains("{\"prompt\":\"a cat\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "text/event-stream; charset=utf-8", "Text/Event-Stream;charset=UTF-8"})
    void acceptsAStreamThatEndsWithItsConnection(String type) {
        RawServer server = server((conversation, request) -> {
            conversation.write("HTTP/1.1 202 Accepted\r\nContent-Type: " + type + "\r\n\r\ndata: one\n\ndata: two");
            conversation.socket.close();
        });

        assertThat(get(stream(server)).status()).isEqualTo(202);
        assertThat(recorder.end()).isNull();
        assertThat(recorder.events()).containsExactly("one", "two");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 402, 404, 422, 429, 500, 503, 504, 301, 307})
    void returnsAnErrorResponseAsAWhole(int status) {
        RawServer server = server((conversation, request) ->
                conversation.write("HTTP/1.1 " + status + " X\r\nContent-Type: text/event-stream\r\nRetry-After: 7\r\n"
                        + "Location: http://127.0.0.1:1/\r\nContent-Length: 12\r\n\r\n{\"code\":\"X\"}"));

        StreamResponse.Plain plain = (StreamResponse.Plain) get(stream(server));

        assertThat(plain.status()).isEqualTo(status);
        assertThat(plain.response().text()).isEqualTo("{\"code\":\"X\"}");
        assertThat(plain.response().retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(server.requests).hasSize(1);
        assertThat(recorder.ends).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 204 No Content\r\n\r\n"
            })
    void returnsASuccessThatIsNoStreamAsAWhole(String answer) {
        RawServer server = server((conversation, request) -> conversation.write(answer));

        assertThat(get(stream(server))).isInstanceOf(StreamResponse.Plain.class);
        assertThat(recorder.ends).hasValue(0);
    }

    @Test
    void deliversEventsBeforeAReset() {
        RawServer server = server((conversation, request) -> {
            conversation.write(CHUNKED + event("one") + chunk("data: two\ndata: half a li"));
            await().until(() -> recorder.events().size() == 1);
            conversation.reset();
        });

        get(stream(server));

        assertThat(recorder.end().wasSent()).isTrue();
        assertThat(recorder.end()).hasMessageContaining("create").hasMessageNotContaining("secret");
        assertThat(recorder.events()).containsExactly("one", "two");
        assertThat(recorder.ends).hasValue(1);
        assertThat(server.requests).hasSize(1);
    }

    /** Often the last bytes and the end of the connection are there together when the client comes to read. */
    @RepeatedTest(20)
    void deliversTheLastEventOfACutStreamAndReportsTheCut() {
        RawServer server = server((conversation, request) -> {
            conversation.write(CHUNKED + event("one") + event("two"));
            conversation.socket.close();
        });

        get(stream(server));

        assertThat(recorder.end()).hasMessageContaining("closed before the response was complete");
        assertThat(recorder.events()).containsExactly("one", "two");
    }

    @RepeatedTest(20)
    void deliversTheLastEventBeforeAReset() {
        RawServer server = server((conversation, request) -> {
            conversation.write(CHUNKED + event("one"));
            conversation.reset();
        });

        get(stream(server));

        assertThat(recorder.end().wasSent()).isTrue();
        assertThat(recorder.events()).containsExactly("one");
    }

    @Test
    void reportsAResetBeforeTheHeadAsSent() {
        RawServer server = server((conversation, request) -> conversation.reset());

        assertThat(failure(stream(server)).wasSent()).isTrue();
        assertThat(recorder.ends).hasValue(0);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void reportsARefusedConnectionUnsent() throws Exception {
        CompletableFuture<StreamResponse> answer =
                gateway().stream(create(URI.create("http://127.0.0.1:" + deadPort() + "/")), recorder, IDLE);

        assertThat(failure(answer).wasSent()).isFalse();
        assertThat(recorder.ends).hasValue(0);
    }

    @Test
    void limitsTheTimeOfTheFirstEventOnly() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        RawServer server = server((conversation, request) -> {
            conversation.write(CHUNKED + event("one"));
            late.await(10, TimeUnit.SECONDS);
            conversation.write(event("two") + "0\r\n\r\n");
        });
        timer.schedule(late::countDown, 900, TimeUnit.MILLISECONDS);

        get(gateway().stream(create(server.uri("/")).timeout(Duration.ofMillis(400)), recorder, IDLE));

        assertThat(recorder.end()).isNull();
        assertThat(recorder.events()).containsExactly("one", "two");
    }

    @Test
    void givesUpAStreamWithoutEventsWhateverElseItSends() {
        RawServer server = server((conversation, request) -> {
            conversation.write(CHUNKED);
            while (!conversation.socket.isClosed()) {
                conversation.write(chunk(": ping\n\n"));
                new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
            }
        });

        get(gateway().stream(create(server.uri("/")).timeout(Duration.ofMillis(400)), recorder, IDLE));

        assertThat(recorder.end()).hasMessageContaining("within");
        assertThat(recorder.events()).isEmpty();
    }

    @Test
    void endsASilentStreamAndCountsCommentsAsASign() throws Exception {
        RawServer server = server((conversation, request) -> {
            conversation.write(CHUNKED + event("one"));
            for (int i = 0; i < 8; i++) {
                new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
                conversation.write(chunk(":\n\n"));
            }
            conversation.write(event("two"));
            conversation.stall();
        });

        get(gateway().stream(create(server.uri("/")), recorder, Duration.ofMillis(500)));

        assertThat(recorder.end()).hasMessageContaining("sent nothing for too long");
        assertThat(recorder.events()).containsExactly("one", "two");
    }

    @Test
    void endsTheStreamWhenTheListenerHasEnough() {
        CountDownLatch gone = new CountDownLatch(1);
        RawServer server = server((conversation, request) -> {
            conversation.write(CHUNKED + event("one") + event("enough") + event("more"));
            try {
                assertThat(conversation.socket.getInputStream().read()).isNegative();
            } catch (IOException reset) {
                // As good as an end: there was more to read
            }
            gone.countDown();
        });

        get(stream(server));

        assertThat(recorder.end()).isNull();
        assertThat(recorder.events()).containsExactly("one", "enough");
        await().until(() -> gone.getCount() == 0);
        assertThat(recorder.ends).hasValue(1);
    }

    @Test
    void endsTheStreamWhenTheListenerFails() {
        RawServer server = server((conversation, request) -> {
            conversation.write(CHUNKED + event("one") + event("two"));
            conversation.stall();
        });
        AtomicInteger events = new AtomicInteger();
        CompletableFuture<Boolean> ended = new CompletableFuture<>();

        get(gateway().stream(
                create(server.uri("/")),
                new SseListener() {
                    @Override
                    public boolean event(String data) {
                        events.incrementAndGet();
                        throw new IllegalStateException("mistake");
                    }

                    @Override
                    public void ended(HttpGatewayException cause) {
                        ended.complete(true);
                    }
                },
                IDLE));

        assertThat(get(ended)).isTrue();
        assertThat(events).hasValue(1);
    }

    @Test
    void endsAStreamWhoseEventIsTooLong() {
        RawServer server = server((conversation, request) -> {
            conversation.write(CHUNKED + event("one") + event("x".repeat(2000)));
            conversation.stall();
        });

        get(gateway().stream(create(server.uri("/")).maxResponseBytes(1000), recorder, IDLE));

        assertThat(recorder.end()).hasMessageContaining("longer than 1000 bytes");
        assertThat(recorder.events()).containsExactly("one");
    }

    @Test
    void endsStreamsWhenTheGatewayIsClosed() {
        RawServer server = server((conversation, request) -> {
            conversation.write(CHUNKED + event("one"));
            conversation.stall();
        });
        ApacheHttpGateway gateway = gateway();
        get(gateway.stream(create(server.uri("/")), recorder, IDLE));
        await().until(() -> recorder.events().size() == 1);

        gateway.close();

        assertThat(recorder.end()).hasMessageContaining("closed");
        assertThat(recorder.ends).hasValue(1);
        assertThat(failure(gateway.stream(create(server.uri("/")), recorder, IDLE))
                        .wasSent())
                .isFalse();
    }

    @Test
    void holdsNeitherThreadsNorConnectionsOfCreatesForAHundredStreams() {
        RawServer server = server((conversation, request) -> {
            if (request.startsWith("POST /create")) {
                conversation.ok("{}");
            } else {
                conversation.write(CHUNKED + event("one"));
                conversation.stall();
            }
        });
        ApacheHttpGateway gateway = gateway();
        List<EventRecorder> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            EventRecorder one = new EventRecorder();
            all.add(one);
            gateway.stream(create(server.uri("/sse")), one, IDLE);
        }
        await().until(() -> all.stream().allMatch(one -> one.events().size() == 1));

        for (int i = 0; i < 20; i++) {
            assertThat(get(gateway.send(create(server.uri("/create")))).status())
                    .isEqualTo(200);
        }
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("genvideo-http-test-streams"))
                .count();
        assertThat(threads).isLessThanOrEqualTo(3);
    }

    @Test
    void reportsOneStreamTooManyUnsent() {
        RawServer server = server((conversation, request) -> {
            conversation.write(CHUNKED + event("one"));
            conversation.stall();
        });
        ApacheHttpGateway gateway = gateway(settings().maxStreams(2), QUICK);
        get(gateway.stream(create(server.uri("/")), new EventRecorder(), IDLE));
        get(gateway.stream(create(server.uri("/")), new EventRecorder(), IDLE));

        CompletableFuture<StreamResponse> third =
                gateway.stream(create(server.uri("/")).timeout(Duration.ofMillis(300)), recorder, IDLE);

        assertThat(failure(third).wasSent()).isFalse();
        assertThat(server.requests).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308, 401, 407, 429, 503})
    void sendsAStreamOnceWhateverTheConfigurerDoes(int status) {
        RawServer server = server((conversation, request) -> conversation.write("HTTP/1.1 " + status
                + " X\r\nLocation: /again\r\nRetry-After: 0\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
                + "Content-Length: 2\r\n\r\n{}"));

        StreamResponse answer = get(gateway(settings().configurer(SendTest.HOSTILE), QUICK).stream(
                create(server.uri("/")), recorder, IDLE));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void makesStreamsWaitForTheirPermits() {
        RawServer server = server((conversation, request) -> conversation.write(CHUNKED + event("enough")));
        HttpGateway limited = gateway().limitedTo(5);
        long began = System.nanoTime();

        for (int i = 0; i < 3; i++) {
            get(limited.stream(create(server.uri("/")), new EventRecorder(), IDLE));
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(350));
    }

    @Test
    void endsACallThatIsCancelledBeforeTheHead() {
        RawServer server = server((conversation, request) -> {
            assertThat(conversation.socket.getInputStream().read()).isNegative();
        });
        CompletableFuture<StreamResponse> answer = stream(server);
        await().until(() -> server.requests.size() == 1);

        answer.cancel(true);

        assertThat(catchThrowable(answer::join)).isInstanceOf(CancellationException.class);
        assertThat(recorder.ends).hasValue(0);
    }
}
