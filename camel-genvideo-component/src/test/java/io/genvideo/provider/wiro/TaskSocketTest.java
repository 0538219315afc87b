/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.http.apache.RawServer;
import io.genvideo.http.apache.SocketPeer;
import io.genvideo.model.TaskStatus;
import io.genvideo.provider.support.Pushed;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.TaskSubscription;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** docs/contracts/wiro.md section 6. */
class TaskSocketTest extends WiroTestSupport {
    private static final String TOKEN = "eDcCm5yyUfIvMFspTwww49OUfgXkQt";

    private final Pushed pushed = new Pushed();
    private RawServer server;

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Override
    String socketUrl() {
        return "ws://localhost:" + server.port() + "/v1";
    }

    /** The service's side after the opening. */
    @FunctionalInterface
    private interface Service {
        void run(SocketPeer peer, RawServer.Conversation conversation) throws Exception;
    }

    private TaskSubscription subscribe(Service service) {
        server = new RawServer(
                (conversation, request) -> service.run(SocketPeer.accept(conversation, request), conversation));
        stub("/Task/Detail", okJson(detail("2221", "task_queue", "")));
        return await(provider().subscribe(task("2221"), pushed, CallOptions.DEFAULT));
    }

    private static String frame(String type, String message) {
        return "{\"type\":\"" + type + "\",\"id\":\"2221\",\"tasktoken\":\"" + TOKEN + "\",\"message\":" + message
                + ",\"result\":true}";
    }

    private static String progress(String percentage) {
        return frame("task_output", "{\"type\":\"progressGenerate\",\"percentage\":\"" + percentage + "\"}");
    }

    @Test
    void asksForTheTaskByItsToken() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        subscribe((peer, conversation) -> {
            first.complete(peer.read().text());
            peer.close(1000);
        });

        assertThat(MAPPER.readTree(first.get(10, TimeUnit.SECONDS)))
                .isEqualTo(MAPPER.readTree("{\"type\":\"task_info\",\"tasktoken\":\"" + TOKEN + "\"}"));
        assertThat(server.requests.get(0)).doesNotContain(TOKEN).doesNotContain(KEY);
    }

    @Test
    void passesOnProgressAndTakesTheEndForAHint() {
        subscribe((peer, conversation) -> {
            peer.read();
            peer.text(frame("task_queue", "null"));
            peer.text(frame("task_start", "null"));
            peer.text(progress("60"));
            peer.text(frame("task_error", "\"a line of stderr\""));
            peer.text(frame("task_output", "\"{\\\"percentage\\\":\\\"80.5\\\"}\""));
            peer.text(progress("100"));
            peer.text(frame("task_postprocess_end", "[]"));
            conversation.stall();
        });

        assertThat(pushed.shown())
                .containsExactly("QUEUED", "RUNNING", "RUNNING", "hint", "RUNNING", "RUNNING", "hint", "ended");
        assertThat(pushed.outcomes)
                .containsExactly(
                        new PollOutcome.Pending(TaskStatus.QUEUED, null, null),
                        new PollOutcome.Pending(TaskStatus.RUNNING, null, null),
                        new PollOutcome.Pending(TaskStatus.RUNNING, 0.6, null),
                        new PollOutcome.Pending(TaskStatus.RUNNING, 0.8, null),
                        new PollOutcome.Pending(TaskStatus.RUNNING, 0.99, null));
    }

    @Test
    void aPercentageBeyondAllMeasureStaysAProgress() {
        subscribe((peer, conversation) -> {
            peer.read();
            peer.text(progress("2147483648"));
            peer.text(frame("task_postprocess_end", "[]"));
            conversation.stall();
        });

        assertThat(pushed.shown()).endsWith("ended");
        assertThat(pushed.outcomes).containsExactly(new PollOutcome.Pending(TaskStatus.RUNNING, 0.99, null));
    }

    @Test
    void aFrameThatSaysNothingNewIsNotPassedOn() {
        subscribe((peer, conversation) -> {
            peer.read();
            for (int i = 0; i < 50; i++) {
                peer.text(progress("10"));
            }
            peer.close(1000);
        });

        assertThat(pushed.shown()).containsExactly("RUNNING", "ended");
    }

    @Test
    void anEndlessSocketIsLeft() {
        subscribe((peer, conversation) -> {
            peer.read();
            for (int i = 0; i < 3000; i++) {
                peer.text(progress(String.valueOf(i % 2)));
            }
            conversation.stall();
        });

        assertThat(pushed.shown()).hasSize(1001).endsWith("ended");
    }

    @Test
    void ignoresFramesAboutAnotherTaskAndGarbage() {
        subscribe((peer, conversation) -> {
            peer.read();
            peer.text(frame("task_cancel", "null").replace("2221", "2222"));
            peer.text(frame("task_cancel", "null").replace(TOKEN, "another"));
            peer.text("no json");
            peer.text("[]");
            peer.text("{}");
            peer.frame(SocketPeer.BINARY, true, new byte[] {1, 2});
            peer.text(progress("-5"));
            peer.text(progress("1e999"));
            peer.close(1000);
        });

        assertThat(pushed.shown()).containsExactly("RUNNING", "ended");
    }

    @Test
    void aDroppedSocketEnds() {
        subscribe((peer, conversation) -> {
            peer.read();
            peer.text(progress("10"));
            conversation.reset();
        });

        // a reset may overtake the frame before it
        assertThat(pushed.shown()).endsWith("ended").containsOnlyOnce("ended");
    }

    @Test
    void closesWithTheSubscription() {
        TaskSubscription subscription = subscribe((peer, conversation) -> {
            peer.read();
            conversation.stall();
        });

        subscription.close();

        assertThat(pushed.shown()).containsExactly("ended");
    }

    @Test
    void failsIfTheServiceRefusesTheSocket() {
        server = new RawServer(
                (conversation, request) -> conversation.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
        stub("/Task/Detail", okJson(detail("2221", "task_queue", "")));

        assertThat(provider()
                        .subscribe(task("2221"), pushed, CallOptions.DEFAULT)
                        .toCompletableFuture()
                        .handle((subscription, failure) -> failure)
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join())
                .isNotNull();
    }

    @Test
    void failsIfTheTaskHasNoToken() {
        server = new RawServer((conversation, request) -> conversation.stall());
        stub("/Task/Detail", okJson(detail("2221", "task_queue", "").replace(TOKEN, "")));

        assertThat(failure(() -> provider().subscribe(task("2221"), pushed, CallOptions.DEFAULT)))
                .hasMessageContaining("lacks");
        assertThat(server.connections).hasValue(0);
    }
}
