/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import static io.genvideo.sandbox.skillsvideo.SkillsvideoClient.KLING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.Fault.End;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.skillsvideo.SkillsvideoClient.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SkillsvideoStreamTest {
    private static final String CREATE_SSE = "create-sse";
    private Sandbox sandbox;
    private SkillsvideoClient client;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .build());
        client = new SkillsvideoClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private void once(Fault fault) {
        sandbox.faults().add(FaultRule.on("skillsvideo", CREATE_SSE, fault).times(1));
    }

    private Ledger.TaskView onlyTask() {
        assertThat(sandbox.ledger().tasks()).hasSize(1);
        return sandbox.ledger().tasks().get(0);
    }

    private void awaitSuccess(String id) {
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            JsonNode task = client.detail(id);
            assertThat(task.path("status").asText()).isEqualTo("COMPLETED");
            assertThat(task.path("data").path("video").path("url").asText()).endsWith(".mp4");
        });
    }

    @Test
    void framesComeInOrderAndTheStreamEndsBehindTheLast() throws Exception {
        Stream stream = client.stream(KLING, "a quiet lake");
        assertThat(stream.broken()).isFalse();
        assertThat(stream.statuses()).containsExactly("IN_QUEUE", "IN_PROGRESS", "IN_PROGRESS", "COMPLETED");
        assertThat(stream.frames().get(0))
                .isEqualTo(
                        "{\"id\":\"" + stream.id()
                                + "\",\"status\":\"IN_QUEUE\",\"data\":null,\"usage\":{\"total\":0,\"subscription\":0,\"permanent\":0}}");
        assertThat(stream.last().path("data").path("videos")).hasSize(1);
        assertThat(stream.last().path("usage").path("total").asInt()).isEqualTo(15);
        assertThat(sandbox.ledger().creates()).isEqualTo(1);
        assertThat(sandbox.ledger().violations()).isEmpty();
        assertThat(sandbox.ledger().requests()).containsEntry("skillsvideo/create-sse", 1L);
    }

    @Test
    void theWireIsThatOfTheContract() throws Exception {
        try (Socket socket = client.socket(KLING, "a quiet lake")) {
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String head = all.substring(0, all.indexOf("\r\n\r\n"));
            assertThat(head).startsWith("HTTP/1.1 200 OK").contains("Content-Type: text/event-stream");
            assertThat(all).endsWith("}\n\n\r\n0\r\n\r\n").doesNotContain("event:", "id: ");
        }
    }

    @Test
    void framesTakeTheirTime() throws Exception {
        long start = System.nanoTime();
        List<Long> at = new ArrayList<>();
        HttpResponse<InputStream> answer = client.open(KLING, SkillsvideoClient.prompt("[[take: 1500ms]] a lake"));
        try (InputStream in = answer.body()) {
            byte[] buffer = new byte[4096];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                at.add((System.nanoTime() - start) / 1_000_000);
            }
        }
        assertThat(at.get(at.size() - 1) - at.get(0)).isGreaterThan(1000);
        assertThat(at.get(at.size() - 1)).isGreaterThan(1450);
        assertThat(at).hasSizeGreaterThan(2);
    }

    @ParameterizedTest
    @CsvSource({
        "[[fail]],VIDEO_GENERATION_FAILED,Generation failed.",
        "[[fail: out of paint]],VIDEO_GENERATION_FAILED,out of paint",
        "[[fail: VIDEO_GENERATION_TIMEOUT: too slow]],VIDEO_GENERATION_TIMEOUT,too slow"
    })
    void failureIsAFrameOfAGoodAnswer(String prompt, String code, String message) throws Exception {
        Stream stream = client.stream(KLING, prompt);
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.broken()).isFalse();
        assertThat(stream.statuses()).endsWith("FAILED");
        assertThat(stream.last().path("data").isNull()).isTrue();
        assertThat(stream.last().path("code").asText()).isEqualTo(code);
        assertThat(stream.last().path("message").asText()).isEqualTo(message);
        assertThat(stream.last().path("usage").path("total").asInt()).isEqualTo(15);
    }

    @Test
    void theOlderSpellingCanBeAskedFor() throws Exception {
        assertThat(client.stream(KLING, "[[old-status]] x").statuses())
                .containsExactly("starting", "processing", "processing", "succeeded");
        assertThat(client.stream(KLING, "[[old-status]] [[canceled]]").statuses())
                .endsWith("canceled");
        assertThat(client.stream(KLING, "[[canceled]]").statuses()).endsWith("CANCELED");
    }

    @Test
    void aStreamCanLackItsTerminalEvent() throws Exception {
        Stream stream = client.stream(KLING, "[[no-terminal]] a lake");
        assertThat(stream.broken()).isFalse();
        assertThat(stream.statuses()).containsExactly("IN_QUEUE", "IN_PROGRESS", "IN_PROGRESS");
        awaitSuccess(stream.id());
    }

    @Test
    void aRefusedStreamIsAnOrdinaryError() throws Exception {
        HttpResponse<InputStream> answer = client.open(KLING, SkillsvideoClient.prompt("[[reject]]"));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(client.open(KLING, "{}").statusCode()).isEqualTo(400);
        assertThat(client.open("no/such", SkillsvideoClient.prompt("x")).statusCode())
                .isEqualTo(404);
        assertThat(sandbox.ledger().charges()).isEmpty();
    }

    @Test
    void aTaskGoesOnWithoutItsClient() throws Exception {
        Socket socket = client.socket(KLING, "[[take: 500ms]] a lake");
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        socket.close();
        awaitSuccess(onlyTask().taskId());
    }

    @ParameterizedTest
    @CsvSource({"0,CLEAN", "1,CLEAN", "2,CLEAN", "3,CLEAN", "-1,CLEAN", "0,CUT", "1,CUT", "2,CUT", "-1,CUT"})
    void aStreamCanEndAtAnyPlace(int frames, End end) throws Exception {
        once(new Fault.StreamDrop(frames, end));
        Stream stream = client.stream(KLING, "a lake");
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.frames()).hasSize(frames < 0 ? 3 : frames);
        assertThat(stream.broken()).isEqualTo(end != End.CLEAN);
        Ledger.TaskView task = onlyTask();
        assertThat(sandbox.ledger().injected()).singleElement().satisfies(i -> {
            assertThat(i.kind()).isEqualTo("STREAM_DROP");
            assertThat(i.subject()).isEqualTo(task.taskId());
        });
        awaitSuccess(task.taskId());
        assertThat(sandbox.ledger().creates()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "3,3", "-1,3", "4,4"})
    void aResetComesBehindWhatCouldBeRead(int frames, int seen) throws Exception {
        once(Fault.dropStream(frames, End.RESET));
        try (Socket socket = client.socket(KLING, "a lake")) {
            StringBuilder all = new StringBuilder();
            IOException failure = null;
            byte[] buffer = new byte[4096];
            try {
                for (int n = socket.getInputStream().read(buffer);
                        n >= 0;
                        n = socket.getInputStream().read(buffer)) {
                    all.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
                }
            } catch (SocketException e) {
                failure = e;
            }
            assertThat(failure).isNotNull();
            assertThat(all).startsWith("HTTP/1.1 200");
            assertThat(all.toString().split("data: ", -1)).hasSize(seen + 1);
        }
        awaitSuccess(onlyTask().taskId());
    }

    @Test
    void aStreamCanFallSilent() throws Exception {
        once(Fault.silentStream(1));
        try (Socket socket = client.socket(KLING, "a lake")) {
            socket.setSoTimeout(1000);
            StringBuilder all = new StringBuilder();
            assertThat(readTo(socket, all, "never")).isInstanceOf(SocketTimeoutException.class);
            assertThat(all.toString().split("data: ", -1)).hasSize(2);
        }
        awaitSuccess(onlyTask().taskId());
    }

    /** Reads until a text is there or reading fails; the failure. */
    private static IOException readTo(Socket socket, StringBuilder all, String text) {
        try {
            while (all.indexOf(text) < 0) {
                int b = socket.getInputStream().read();
                if (b < 0) {
                    return new IOException("end");
                }
                all.append((char) b);
            }
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    @Test
    void framesCanComeInPieces() throws Exception {
        once(Fault.splitStream(5, Duration.ofMillis(30)));
        AtomicInteger reads = new AtomicInteger();
        StringBuilder all = new StringBuilder();
        HttpResponse<InputStream> answer = client.open(KLING, SkillsvideoClient.prompt("a lake"));
        try (InputStream in = answer.body()) {
            byte[] buffer = new byte[4096];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                reads.incrementAndGet();
                all.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
            }
        }
        assertThat(reads.get()).isGreaterThan(12);
        assertThat(all.toString().split("\n\n")).hasSize(4);
        once(Fault.slowBody(Duration.ofMillis(100)));
        assertThat(client.stream(KLING, "a lake").statuses()).hasSize(4);
    }

    @Test
    void linesCanEndInCrLfAndComeWithComments() throws Exception {
        once(Fault.crlfStream());
        assertThat(text()).contains("}\r\n\r\n").doesNotContain("}\n");
        once(Fault.heartbeatStream(Duration.ofMillis(50)));
        assertThat(text().split(": keep-alive\n\n", -1)).hasSizeGreaterThan(4);
        once(Fault.garbageInStream(2));
        String[] frames = text().split("\n\n");
        assertThat(frames).hasSize(5);
        assertThat(frames[2]).isEqualTo("data: <<<not what you asked for>>>");
    }

    private String text() throws Exception {
        try (InputStream in =
                client.open(KLING, SkillsvideoClient.prompt("a lake")).body()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void otherFaultsWorkOnStreamsToo() throws Exception {
        once(Fault.truncate());
        Stream half = client.stream(KLING, "a lake");
        assertThat(half.broken()).isTrue();
        assertThat(half.frames()).allSatisfy(f -> assertThat(f).doesNotEndWith("}"));
        once(Fault.emptyData());
        Stream empty = client.stream(KLING, "a lake");
        assertThat(empty.statuses()).containsExactly("IN_QUEUE");
        assertThat(empty.id()).isEmpty();
        once(Fault.stall(Duration.ofMillis(200)));
        assertThat(client.stream(KLING, "a lake").statuses()).hasSize(4);
        once(Fault.garbage());
        assertThat(client.stream(KLING, "a lake").frames()).isEmpty();
        assertThat(sandbox.ledger().creates()).isEqualTo(4);
        once(Fault.envelope("PROVIDER_UNAVAILABLE", "busy"));
        HttpResponse<InputStream> busy = client.open(KLING, SkillsvideoClient.prompt("x"));
        assertThat(busy.statusCode()).isEqualTo(503);
        assertThat(new String(busy.body().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"error\":\"VIDEO_GENERATION_PROVIDER_UNAVAILABLE\","
                        + "\"code\":\"VIDEO_GENERATION_PROVIDER_UNAVAILABLE\",\"message\":\"busy\"}");
        assertThat(sandbox.ledger().creates()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void streamFaultsPassOverOtherRoutesAndRefusals(End end) throws Exception {
        sandbox.faults().add(FaultRule.on("*", "*", Fault.dropStream(1, end)).times(1));
        client.created(KLING, "a lake");
        assertThat(sandbox.ledger().injected()).isEmpty();
        assertThat(client.open(KLING, "{}").statusCode()).isEqualTo(400);
        assertThat(sandbox.ledger().injected()).isEmpty();
    }

    @Test
    void aClosedSandboxEndsItsStreams() throws Exception {
        try (Socket socket = client.socket(KLING, "[[stuck]]")) {
            assertThat(readTo(socket, new StringBuilder(), "IN_PROGRESS")).isNull();
            sandbox.close();
            assertThat(readTo(socket, new StringBuilder(), "never"))
                    .isNotNull()
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void manyIdleStreamsNeedNoThreads() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 500; i++) {
                sockets.add(client.socket(KLING, "[[stuck]] " + i));
            }
            for (Socket socket : sockets) {
                assertThat(readTo(socket, new StringBuilder(), "IN_PROGRESS")).isNull();
            }
            assertThat(sandbox.openStreams()).isEqualTo(500);
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(t -> t.getName().startsWith("XNIO") || t.getName().startsWith("sandbox"))
                    .count();
            assertThat(threads).isLessThan(50);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(sandbox.openStreams()).isZero());
    }
}
