/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that do on raw sockets what no HTTP client does; the sandbox goes on serving the others. */
@Timeout(60)
class HostileClientsTest {
    /** More than the sandbox has threads. */
    private static final int MANY = 40;

    private static Sandbox sandbox;
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .build());
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @AfterEach
    void closeSockets() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private Socket open(String request) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress("127.0.0.1", sandbox.port()));
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private String get(String path) throws IOException {
        Socket socket = open("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        socket.getInputStream().transferTo(response);
        return response.toString(StandardCharsets.UTF_8);
    }

    @Test
    void servesOthersWhileManyBodiesNeverEnd() throws Exception {
        for (int i = 0; i < MANY; i++) {
            open("POST /skillsvideo/api/v1/generation/vidu/q3 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
        }

        assertThat(get("/sandbox/page/summary")).startsWith("HTTP/1.1 200");
        assertThat(sandbox.ledger().requests()).doesNotContainKey("skillsvideo/create");
    }

    @Test
    void servesOthersWhileManyClientsDoNotReadTheirResponse() throws Exception {
        String list =
                "GET /ima/open/v1/product/list?app=ima&platform=web&category=text_to_video HTTP/1.1\r\nHost: x\r\n"
                        + "Authorization: Bearer ima_x\r\nContent-Type: application/json\r\nx-app-source: ima_skills\r\n"
                        + "x_app_language: en\r\n\r\n";
        for (int i = 0; i < MANY; i++) {
            // the responses of one connection together are larger than the buffers of the operating system
            open(list.repeat(40));
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> sandbox.ledger().requests().getOrDefault("ima/product-list", 0L) >= MANY);

        assertThat(get("/sandbox/page/summary")).startsWith("HTTP/1.1 200");
    }

    @Test
    void endsABodyWithoutEnd() throws Exception {
        Socket socket = open("POST /sandbox/faults HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        byte[] chunk = ("10000\r\n" + " ".repeat(1 << 16) + "\r\n").getBytes(StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 4096; i++) {
                        socket.getOutputStream().write(chunk);
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(get("/sandbox/page/summary")).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/media/../../../../etc/passwd",
                "/media/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
                "/media/..%2f..%2f..%2fetc%2fpasswd",
                "/media//etc/passwd",
                "/media/in/%00",
                "/sandbox/page/media/../../../../etc/passwd",
                "/sandbox/page/media/%2e%2e/%2e%2e/etc/passwd",
                "/sandbox/page/media//etc/passwd",
                "/ima-upload/oss/../../../../etc/passwd"
            })
    void servesNothingButItsOwnMedia(String path) throws Exception {
        String response = get(path);

        assertThat(response).matches("(?s)HTTP/1.1 40[045] .*");
        assertThat(response).doesNotContain("root:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sandbox/ledger?limit=999999999",
                "/sandbox/page/tasks?size=9999999&page=9999999",
                "/sandbox/page/tasks?page=-1&size=-1&search=%00%3Cscript%3E"
            })
    void boundsWhatAQueryCanAskFor(String path) throws Exception {
        assertThat(get(path)).startsWith("HTTP/1.1 200");
    }

    @Test
    void refusesEndlessHeaders() throws Exception {
        Socket socket = open("GET / HTTP/1.1\r\nHost: x\r\n");
        byte[] header = ("X-Filler: " + "x".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        socket.getOutputStream().write(header);
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void thePageNeverTakesTextForMarkup() throws Exception {
        try (InputStream page = LivePage.class.getResourceAsStream("index.html")) {
            assertThat(new String(page.readAllBytes(), StandardCharsets.UTF_8))
                    .doesNotContainPattern("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(");
        }
    }

    @Test
    void neverAddsToABalanceByACharge() {
        assertThatThrownBy(() -> sandbox.ledger().charge("ima", "acct-1", "task_1", "m", -1, "", ""))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
