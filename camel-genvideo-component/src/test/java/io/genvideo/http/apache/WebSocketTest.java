/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.WebSocketCall;
import io.genvideo.http.WebSocketConnection;
import io.genvideo.http.WebSocketListener;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketTest extends GatewayTestSupport {
    private final Recorder recorder = new Recorder();

    /** All messages and the end. */
    static final class Recorder implements WebSocketListener {
        private final List<String> messages = new ArrayList<>();
        private final AtomicInteger ends = new AtomicInteger();
        private final CompletableFuture<HttpGatewayException> ended = new CompletableFuture<>();

        @Override
        public synchronized boolean message(String text) {
            assertThat(ended).as("no message after the end").isNotDone();
            messages.add(text);
            return !text.equals("enough");
        }

        @Override
        public void ended(HttpGatewayException cause) {
            ends.incrementAndGet();
            ended.complete(cause);
        }

        HttpGatewayException end() {
            return get(ended);
        }

        synchronized List<String> messages() {
            return List.copyOf(messages);
        }
    }

    /** A server's side after the opening. */
    @FunctionalInterface
    private interface Peer {
        void run(SocketPeer peer, RawServer.Conversation conversation) throws Exception;
    }

    private RawServer accepting(Peer peer) {
        return server((conversation, request) -> peer.run(SocketPeer.accept(conversation, request), conversation));
    }

    private static WebSocketCall call(RawServer server) {
        return WebSocketCall.to("task socket", uri(server.port())).idle(Duration.ofSeconds(10));
    }

    private static URI uri(int port) {
        return URI.create("ws://127.0.0.1:" + port + "/v1?token=s3cret");
    }

    private WebSocketConnection open(RawServer server) {
        return get(gateway().webSocket(call(server), recorder));
    }

    @Test
    void exchangesTextMessagesInOrder() {
        RawServer server = accepting((peer, conversation) -> {
            for (int i = 0; i < 3; i++) {
                peer.text("re: " + peer.read().text());
            }
            peer.close(1000);
        });

        WebSocketConnection connection = open(server);
        CompletableFuture<Void> first = connection.send("eins");
        connection.send("zw\u00f6lf");
        connection.send("drei");

        get(first);
        assertThat(recorder.end()).isNull();
        assertThat(recorder.messages()).containsExactly("re: eins", "re: zw\u00f6lf", "re: drei");
        assertThat(recorder.ends).hasValue(1);
        assertThat(server.requests.get(0)).startsWith("GET /v1?token=s3cret HTTP/1.1");
    }

    @Test
    void sendsTheHeadersOfTheCall() {
        RawServer server = accepting((peer, conversation) -> peer.close(1000));

        get(gateway().webSocket(call(server).header("Authorization", "Bearer k").header("X-A", "1"), recorder));

        assertThat(recorder.end()).isNull();
        assertThat(server.requests.get(0)).contains("Authorization: Bearer k").contains("X-A: 1");
    }

    @Test
    void joinsFragmentsAndLetsControlFramesComeBetween() {
        RawServer server = accepting((peer, conversation) -> {
            byte[] umlaut = "\u00fc".getBytes(StandardCharsets.UTF_8);
            peer.frame(SocketPeer.TEXT, false, new byte[] {'a', umlaut[0]});
            peer.frame(SocketPeer.PING, true, new byte[] {7});
            peer.frame(SocketPeer.CONTINUATION, false, new byte[] {umlaut[1]});
            peer.frame(SocketPeer.CONTINUATION, true, new byte[] {'z'});
            SocketPeer.Frame pong = peer.read();
            peer.text(pong.opcode() == SocketPeer.PONG && pong.payload()[0] == 7 ? "pong" : "no pong");
            peer.close(1000);
        });

        open(server);

        assertThat(recorder.end()).isNull();
        assertThat(recorder.messages()).containsExactly("a\u00fcz", "pong");
    }

    @Test
    void dropsBinaryMessages() {
        RawServer server = accepting((peer, conversation) -> {
            peer.frame(SocketPeer.BINARY, true, new byte[100_000]);
            peer.text("after");
            peer.close(1000);
        });

        open(server);

        assertThat(recorder.end()).isNull();
        assertThat(recorder.messages()).containsExactly("after");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsASocketWhoseMessageIsTooLongInOneFrameOrInMany(boolean oneFrame) {
        RawServer server = accepting((peer, conversation) -> {
            peer.text("x".repeat(1000));
            if (oneFrame) {
                peer.text("x".repeat(100_000));
            } else {
                peer.frame(SocketPeer.TEXT, false, "x".repeat(500).getBytes(StandardCharsets.US_ASCII));
                while (true) {
                    peer.frame(SocketPeer.CONTINUATION, false, "x".repeat(500).getBytes(StandardCharsets.US_ASCII));
                }
            }
            conversation.stall();
        });

        get(gateway().webSocket(call(server).maxMessageChars(1000), recorder));

        assertThat(recorder.end()).hasMessageContaining("longer than 1000 characters");
        assertThat(recorder.end().isPermanent()).isTrue();
        assertThat(recorder.messages()).hasSize(1);
    }

    @Test
    void endsASilentSocketAndCountsAnyFrameAsASign() {
        RawServer server = accepting((peer, conversation) -> {
            CountDownLatch never = new CountDownLatch(1);
            for (int i = 0; i < 6; i++) {
                never.await(100, TimeUnit.MILLISECONDS);
                peer.frame(SocketPeer.PING, true, new byte[0]);
            }
            peer.text("still there");
            conversation.stall();
        });

        get(gateway().webSocket(call(server).idle(Duration.ofMillis(400)), recorder));

        assertThat(recorder.end()).hasMessageContaining("no frame for 400 ms").hasMessageNotContaining("s3cret");
        assertThat(recorder.messages()).containsExactly("still there");
        assertThat(recorder.ends).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reportsAnAbruptEnd(boolean reset) {
        RawServer server = accepting((peer, conversation) -> {
            peer.text("one");
            await().until(() -> recorder.messages().size() == 1);
            if (reset) {
                conversation.reset();
            } else {
                conversation.socket.close();
            }
        });

        open(server);

        assertThat(recorder.end())
                .isNotNull()
                .hasMessageContaining("task socket")
                .hasMessageNotContaining("s3cret");
        assertThat(recorder.messages()).containsExactly("one");
        assertThat(recorder.ends).hasValue(1);
    }

    @Test
    void reportsACloseWithAnErrorStatusButNotItsReason() {
        RawServer server = accepting((peer, conversation) -> {
            peer.frame(SocketPeer.CLOSE, true, "\u0003\u00f3s3cret".getBytes(StandardCharsets.ISO_8859_1));
            conversation.stall();
        });

        open(server);

        assertThat(recorder.end()).hasMessageContaining("status 1011").hasMessageNotContaining("s3cret");
    }

    @Test
    void reportsAFrameThatBreaksTheProtocol() {
        RawServer server = accepting((peer, conversation) -> {
            peer.frame(SocketPeer.CONTINUATION, true, new byte[] {'x'});
            conversation.stall();
        });

        open(server);

        assertThat(recorder.end()).isNotNull();
        assertThat(recorder.ends).hasValue(1);
    }

    @Test
    void reportsARefusedConnection() throws Exception {
        HttpGatewayException failure =
                failure(gateway().webSocket(WebSocketCall.to("task socket", uri(deadPort())), recorder));

        assertThat(failure).hasMessageContaining("refused").hasMessageNotContaining("s3cret");
        assertThat(failure.wasSent()).isFalse();
        assertThat(recorder.ends).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 401, 403, 404, 407, 500, 503})
    void reportsAnyResponseButAnUpgrade(int status) {
        RawServer server = server((conversation, request) -> conversation.write("HTTP/1.1 " + status
                + " No\r\nLocation: /s3cret\r\nWWW-Authenticate: Basic realm=\"s3cret\"\r\nContent-Length: 0\r\n\r\n"));

        HttpGatewayException failure = failure(gateway().webSocket(call(server), recorder));

        assertThat(failure).hasMessageContaining("HTTP " + status);
        for (Throwable thrown = failure; thrown != null; thrown = thrown.getCause()) {
            assertThat(thrown.toString()).doesNotContain("s3cret");
        }
        assertThat(server.requests).hasSize(1);
        assertThat(recorder.ends).hasValue(0);
    }

    @Test
    void givesUpAServerThatDoesNotRespond() {
        RawServer server = server((conversation, request) -> conversation.stall());

        HttpGatewayException failure =
                failure(gateway().webSocket(call(server).connectTimeout(Duration.ofMillis(300)), recorder));

        assertThat(failure).hasMessageMatching(".*(within 300 ms|within the time allowed).*");
        assertThat(recorder.ends).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1/", "wss:///x", "/relative"})
    void refusesAddressesThatAreNoSockets(String uri) {
        HttpGatewayException failure =
                failure(gateway().webSocket(WebSocketCall.to("task socket", URI.create(uri)), recorder));

        assertThat(failure).hasMessageMatching(".*(only ws and wss|no host).*");
        assertThat(failure.isPermanent()).isTrue();
    }

    @Test
    void closesTheSocketWhenTheListenerHasEnough() {
        CompletableFuture<SocketPeer.Frame> last = new CompletableFuture<>();
        RawServer server = accepting((peer, conversation) -> {
            peer.text("enough");
            peer.text("more");
            last.complete(peer.read());
        });

        open(server);

        assertThat(recorder.end()).isNull();
        assertThat(recorder.messages()).containsExactly("enough");
        assertThat(get(last).opcode()).isEqualTo(SocketPeer.CLOSE);
        assertThat(recorder.ends).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsOnlyTheSocketWhoseListenerFails(boolean error) {
        RawServer server = accepting((peer, conversation) -> {
            peer.text("one");
            conversation.stall();
        });
        ApacheHttpGateway gateway = gateway();
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        WebSocketListener failing = new WebSocketListener() {
            @Override
            public boolean message(String text) {
                if (error) {
                    throw new StackOverflowError();
                }
                throw new IllegalStateException("mistake");
            }

            @Override
            public void ended(HttpGatewayException cause) {
                ended.complete(true);
            }
        };

        get(gateway.webSocket(call(server), failing));
        assertThat(get(ended)).isTrue();

        get(gateway.webSocket(call(server), recorder));
        await().until(() -> recorder.messages().equals(List.of("one")));
    }

    @Test
    void closesOnceAndSendsNothingAfterwards() throws Exception {
        RawServer server = accepting((peer, conversation) -> {
            assertThat(peer.read().opcode()).isEqualTo(SocketPeer.CLOSE);
            peer.close(1000);
        });
        WebSocketConnection connection = open(server);

        connection.close();
        connection.close();

        assertThat(recorder.end()).isNull();
        assertThat(failure(connection.send("late"))).hasMessageContaining("has ended");
        assertThat(recorder.ends).hasValue(1);
    }

    @Test
    void endsOpenSocketsAndRefusesNewOnesWhenTheGatewayIsClosed() {
        RawServer server = accepting((peer, conversation) -> conversation.stall());
        ApacheHttpGateway gateway = gateway();
        get(gateway.webSocket(call(server), recorder));

        gateway.close();

        assertThat(recorder.end()).hasMessageContaining("closed");
        assertThat(failure(gateway.webSocket(call(server), recorder))).hasMessageContaining("closed");
        assertThat(recorder.ends).hasValue(1);
    }

    @Test
    void abortsASocketWhoseOpeningWasCancelled() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        RawServer server = server((conversation, request) -> {
            cancelled.await(10, TimeUnit.SECONDS);
            SocketPeer peer = SocketPeer.accept(conversation, request);
            try {
                peer.text("nobody reads this");
                peer.read();
            } catch (IOException end) {
                gone.complete(true);
            }
        });
        CompletableFuture<WebSocketConnection> opening = gateway().webSocket(call(server), recorder);
        await().until(() -> server.requests.size() == 1);

        opening.cancel(false);
        cancelled.countDown();

        assertThat(get(gone)).isTrue();
        assertThat(recorder.ends).hasValue(0);
        assertThat(recorder.messages()).isEmpty();
    }

    @RepeatedTest(20)
    void endsTheSocketOnceWhenClosesRace() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        RawServer server = accepting((peer, conversation) -> {
            start.await(10, TimeUnit.SECONDS);
            peer.text("one");
            peer.close(1000);
            conversation.socket.close();
        });
        ApacheHttpGateway gateway = gateway();
        WebSocketConnection connection = get(gateway.webSocket(call(server), recorder));
        Thread closing = new Thread(() -> {
            start.countDown();
            connection.close();
        });
        closing.start();
        start.await(10, TimeUnit.SECONDS);
        gateway.close();
        closing.join();

        recorder.end();
        assertThat(recorder.ends).hasValue(1);
        assertThat(recorder.messages().size()).isLessThanOrEqualTo(1);
    }

    @Test
    void refusesOneSocketTooManyUntilAnotherHasEnded() {
        RawServer server = accepting((peer, conversation) -> conversation.stall());
        ApacheHttpGateway gateway = gateway(settings().maxWebSockets(2), QUICK);
        WebSocketConnection first = get(gateway.webSocket(call(server), new Recorder()));
        get(gateway.webSocket(call(server), new Recorder()));

        HttpGatewayException failure = failure(gateway.webSocket(call(server), recorder));

        assertThat(failure).hasMessageContaining("no more than 2 sockets");
        assertThat(failure.wasSent()).isFalse();
        first.close();
        get(gateway.webSocket(call(server), recorder));
    }

    @Test
    void releasesThePermitOfAFailedOpening() throws Exception {
        RawServer server =
                server((conversation, request) -> conversation.write("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"));
        ApacheHttpGateway gateway = gateway(settings().maxWebSockets(1), QUICK);

        for (int i = 0; i < 3; i++) {
            assertThat(failure(gateway.webSocket(call(server), recorder))).hasMessageContaining("HTTP 503");
        }
    }

    @Test
    void servesAThousandSocketsWithAFewThreads() {
        RawServer server = accepting((peer, conversation) -> {
            peer.text("one");
            conversation.stall();
        });
        ApacheHttpGateway gateway = gateway();
        List<Recorder> all = new ArrayList<>();
        List<CompletableFuture<WebSocketConnection>> openings = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Recorder one = new Recorder();
            all.add(one);
            openings.add(gateway.webSocket(call(server), one));
        }
        openings.forEach(GatewayTestSupport::get);
        await().until(() -> all.stream().allMatch(one -> one.messages().size() == 1));

        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("genvideo-http-test-sockets"))
                        .count())
                .isLessThanOrEqualTo(2);
        gateway.close();
        assertThat(all).allSatisfy(one -> assertThat(one.end()).hasMessageContaining("closed"));
    }
}
