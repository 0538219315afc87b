/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.http.Download;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.SseListener;
import io.genvideo.http.StreamResponse;
import io.genvideo.http.WebSocketCall;
import io.genvideo.http.WebSocketListener;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random responses, and frames of accepted WebSockets, on real sockets, for every kind of call. Whatever a server sends, a call ends by itself, at once, with a
 * response or a {@link HttpGatewayException} without foreign text; it is sent no second time, and no client dies of it.
 *
 * <p>{@code -Dgenvideo.fuzz.http=1000000} runs more, {@code -Dgenvideo.fuzz.seed=…} others.
 */
class WireFuzzTest extends GatewayTestSupport {
    private static final int INPUTS = Integer.getInteger("genvideo.fuzz.http", 2_500);
    private static final long SEED = Long.getLong("genvideo.fuzz.seed", 19);
    private static final int PARALLEL = 8;
    private static final int KINDS = 5;
    private static final int SOCKET = 3;
    private static final int MOST_MESSAGE = 3_000;
    /** Ends a socket whose end the JDK's client loses: in JDK 17 that happens if the end follows a ping at once. */
    private static final Duration SOCKET_IDLE = Duration.ofSeconds(1);

    /** Far below every time-out of the calls, so that one that ends by its time-out counts as hanging; a second on an idle machine. */
    private static final Duration HANG = Duration.ofSeconds(10);

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final Map<String, AtomicInteger> received = new ConcurrentHashMap<>();
    private final Queue<String> broken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sockets = new AtomicInteger();
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicInteger responses = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();

    private void answer(RawServer.Conversation conversation, String request) throws Exception {
        String line = request.substring(0, request.indexOf('\r'));
        received.computeIfAbsent(line, first -> new AtomicInteger()).incrementAndGet();
        String id = line.replaceAll("^\\S+ /?(\\d*).*", "$1");
        long seed = id.isEmpty() ? 0 : Long.parseLong(id);
        if (seed % KINDS == SOCKET && seed % 2 == 0) {
            SocketPeer.accept(conversation, request);
            conversation.write(new FrameGenerator(SEED * 1_000_003 + seed).next());
            conversation.socket.shutdownOutput();
            sockets.incrementAndGet();
            conversation.socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } else {
            for (String piece : new ResponseGenerator(SEED * 1_000_003 + seed).next()) {
                conversation.write(piece);
            }
        }
        conversation.socket.close();
    }

    @Test
    void endsEveryCallOnceWithoutLosingAClient() throws Exception {
        RawServer server = server(this::answer);
        ApacheHttpGateway gateway = gateway(settings().requestTimeout(TIMEOUT), QUICK);
        ExecutorService callers = Executors.newFixedThreadPool(PARALLEL);
        try {
            List<Callable<Void>> tasks = IntStream.range(0, INPUTS)
                    .<Callable<Void>>mapToObj(input -> () -> {
                        check(input, call(gateway, server, input));
                        return null;
                    })
                    .toList();
            for (Future<Void> done : callers.invokeAll(tasks)) {
                done.get();
            }
        } catch (ExecutionException failure) {
            throw new AssertionError(failure.getCause().getMessage(), failure.getCause());
        } finally {
            callers.shutdownNow();
        }

        assertThat(received)
                .allSatisfy((line, count) -> assertThat(count.get()).as(line).isLessThanOrEqualTo(mostRequests(line)));
        assertThat(responses.get()).as("responses that were read").isGreaterThan(INPUTS / 10);
        assertThat(failures.get()).as("responses that were refused").isGreaterThan(INPUTS / 10);
        assertThat(broken).isEmpty();
        assertThat(sockets.get()).as("sockets that were accepted").isGreaterThan(INPUTS / 40);
        assertThat(messages.get()).as("messages of sockets").isGreaterThan(INPUTS / 40);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().endsWith(".part"));
        }
        RawServer good = server((conversation, request) -> conversation.ok("{}"));
        assertThat(get(gateway.send(create(good.uri("/")))).status()).isEqualTo(200);
        assertThat(get(gateway.once(HttpCall.get("poll", good.uri("/")))).status())
                .isEqualTo(200);
    }

    /**
     * How often a line may be requested: once, but for addresses that redirects of several inputs share, and for sockets, whose
     * opening has no effect and is repeated by the JDK's client if the connection is closed without a response.
     */
    private static int mostRequests(String line) {
        Matcher input = Pattern.compile("\\S+ /(\\d+)\\?.*").matcher(line);
        return input.matches() && Integer.parseInt(input.group(1)) % KINDS != SOCKET ? 1 : Integer.MAX_VALUE;
    }

    private CompletableFuture<?> call(ApacheHttpGateway gateway, RawServer server, int input) {
        URI uri = server.uri("/" + input + "?key=s3cret");
        return switch (input % KINDS) {
            case 0 -> gateway.send(create(uri).maxResponseBytes(10_000));
            case 1 -> gateway.once(HttpCall.get("poll", uri).maxResponseBytes(10_000));
            case 2 ->
                gateway.download(
                        new Download(uri, directory.resolve("v" + input), 10_000, TIMEOUT, true, any -> false));
            case SOCKET -> socket(gateway, URI.create("ws" + uri.toString().substring(4)));
            default -> stream(gateway, uri);
        };
    }

    /** Completes when the socket has ended. */
    private CompletableFuture<?> socket(ApacheHttpGateway gateway, URI uri) {
        CompletableFuture<Object> ended = new CompletableFuture<>();
        WebSocketListener listener = new WebSocketListener() {
            @Override
            public boolean message(String text) {
                if (ended.isDone() || text.length() > MOST_MESSAGE) {
                    broken.add(
                            "a message of " + text.length() + " characters" + (ended.isDone() ? " after the end" : ""));
                }
                messages.incrementAndGet();
                return true;
            }

            @Override
            public void ended(HttpGatewayException cause) {
                if (!(cause == null ? ended.complete("ended") : ended.completeExceptionally(cause))) {
                    broken.add("a second end");
                }
            }
        };
        WebSocketCall call = WebSocketCall.to("socket", uri)
                .connectTimeout(TIMEOUT)
                .idle(SOCKET_IDLE)
                .maxMessageChars(MOST_MESSAGE);
        gateway.webSocket(call, listener).whenComplete((connection, failure) -> {
            if (failure != null) {
                ended.completeExceptionally(failure);
            }
        });
        return ended;
    }

    /** Completes when the stream has ended. */
    private static CompletableFuture<?> stream(ApacheHttpGateway gateway, URI uri) {
        CompletableFuture<Object> ended = new CompletableFuture<>();
        SseListener listener = new SseListener() {
            @Override
            public boolean event(String data) {
                return true;
            }

            @Override
            public void ended(HttpGatewayException cause) {
                if (cause == null) {
                    ended.complete("ended");
                } else {
                    ended.completeExceptionally(cause);
                }
            }
        };
        gateway.stream(create(uri).maxResponseBytes(10_000), listener, TIMEOUT).whenComplete((response, failure) -> {
            if (failure != null) {
                ended.completeExceptionally(failure);
            } else if (!(response instanceof StreamResponse.Opened)) {
                ended.complete(response);
            }
        });
        return ended;
    }

    private void check(int input, CompletableFuture<?> call) throws Exception {
        try {
            call.get(HANG.toMillis(), TimeUnit.MILLISECONDS);
            responses.incrementAndGet();
        } catch (TimeoutException hangs) {
            throw new AssertionError("input " + input + " of seed " + SEED + " hangs");
        } catch (ExecutionException | CompletionException e) {
            failures.incrementAndGet();
            assertThat(e.getCause()).as("input %s", input).isInstanceOf(HttpGatewayException.class);
            StringWriter printed = new StringWriter();
            e.getCause().printStackTrace(new PrintWriter(printed, true));
            assertThat(printed.toString())
                    .as("input %s", input)
                    .doesNotContain("s3cret", "Error:", "no complete response within");
        }
    }
}
