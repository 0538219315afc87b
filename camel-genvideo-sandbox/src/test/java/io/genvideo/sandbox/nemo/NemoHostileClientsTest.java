/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import static io.genvideo.sandbox.nemo.NemoClient.json;
import static io.genvideo.sandbox.nemo.NemoClient.message;
import static io.genvideo.sandbox.nemo.NemoClient.newRenderId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Multipart;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestMedia;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies without end, without measure or without sense; NemoVideo goes on serving the others. */
@Timeout(60)
class NemoHostileClientsTest {
    /** More than the sandbox has threads. */
    private static final int MANY = 40;

    private static final String HEADERS =
            " HTTP/1.1\r\nHost: x\r\nUser-Agent: x\r\nAuthorization: Bearer nmv_usr_test\r\n"
                    + "X-Skill-Source: x\r\nX-Skill-Version: 1\r\nX-Skill-Platform: cursor\r\n";

    private static Sandbox sandbox;
    private final NemoClient client = new NemoClient(sandbox);
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
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sandbox.reset();
    }

    private Socket open(String request) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("127.0.0.1", sandbox.port()));
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static String request(String path, String type, String body) {
        return "POST /nemo" + path + HEADERS + "Content-Type: " + type + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/run_sse",
                "/api/render/proxy/lambda",
                "/api/tasks/me/with-session/nemo_agent",
                "/api/upload-video/nemo_agent/me/1"
            })
    void servesOthersWhileManyBodiesNeverEnd(String path) throws Exception {
        for (int i = 0; i < MANY; i++) {
            open("POST /nemo" + path + HEADERS + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
        }

        assertThat(client.credits().path("available").asLong()).isPositive();
    }

    @Test
    void servesOthersWhileManyStreamsAreNotRead() throws Exception {
        for (int i = 0; i < MANY; i++) {
            String body = message(client.session(), "a lake [[stuck]]");
            open(request("/run_sse", "application/json", body));
        }
        await().until(() -> sandbox.openStreams() == MANY);

        assertThat(client.credits().path("frozen").asLong()).isEqualTo(100L * MANY);
    }

    @Test
    void endsAnUploadWithoutEnd() throws Exception {
        Socket socket = open("POST /nemo/api/upload-video/nemo_agent/me/" + client.session() + HEADERS
                + "Content-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\n\r\n");
        byte[] chunk = ("10000\r\n" + " ".repeat(1 << 16) + "\r\n").getBytes(StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 4096; i++) {
                        socket.getOutputStream().write(chunk);
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(client.credits().path("available").asLong()).isPositive();
    }

    @Test
    void refusesDeepJson() throws Exception {
        String deep = "[".repeat(200_000) + "]".repeat(200_000);
        String session = client.session();

        assertThat(json(client.post("/run_sse", "{\"new_message\":" + deep + "}")
                                .body())
                        .path("code")
                        .asInt())
                .isEqualTo(400);
        assertThat(client.render(newRenderId(), session, "{\"t\":" + deep + "}").statusCode())
                .isEqualTo(400);
        assertThat(client.post("/api/auth/claim-token", deep.substring(0, 60_000))
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"d\":1e999999999}", "{\"d\":-1e-999999999}", "{}", "{\"t\":[{}]}", "{\"d\":1,\"d\":2}"})
    void refusesDraftsThatAreNone(String draft) throws Exception {
        String session = client.session();
        client.chat(session, "a lake");

        assertThat(client.render(newRenderId(), session, draft).statusCode()).isEqualTo(400);
    }

    @Test
    void refusesEndlessLists() throws Exception {
        String session = client.session();
        String urls = "\"https://example.com/a.png\",".repeat(30_000);
        Multipart form = new Multipart();
        for (int i = 0; i < 2_000; i++) {
            form.text("field" + i, "x");
        }

        HttpResponse<String> list = client.post(
                "/api/upload-video/nemo_agent/me/" + session,
                "{\"urls\":[" + urls + "\"https://example.com/a.png\"],\"source_type\":\"url\"}");

        assertThat(list.statusCode()).isEqualTo(400);
        assertThat(client.upload(session, form).statusCode()).isEqualTo(400);
        assertThat(client.state(session)).isEmpty();
    }

    @Test
    void readsAMessageOfManyParts() throws Exception {
        String parts = "{\"text\":\"a\"},".repeat(50_000) + "{\"text\":\"b\"}";
        String body = message(client.session(), "a lake").replace("{\"text\":\"a lake\"}", parts);

        HttpResponse<String> response =
                client.header("Accept", "text/event-stream").post("/run_sse", body);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(sandbox.ledger().charges()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../../etc/x.png", "C:\\x.png", "<script>.png", "a\u0000.png", "\u6e56.png"})
    void keepsFilesUnderNamesOfItsOwn(String name) throws Exception {
        String session = client.session();

        JsonNode file = json(client.upload(
                                session, new Multipart().file("files", name, "image/png", TestMedia.png(8, 8)))
                        .body())
                .path("data")
                .path("files")
                .path(0);

        assertThat(file.path("cdn_url").asText()).matches("http://[^/]+/media/in/nemo/[0-9a-f-]{36}\\.png");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nemo/api/state/nemo_agent/me/../../../../etc/passwd/latest",
                "/nemo/api/state/nemo_agent/me/%2e%2e%2f%2e%2e%2fetc%2fpasswd/latest",
                "/nemo/api/render/proxy/%2e%2e/%2e%2e/etc/passwd/download"
            })
    void servesNothingButItsOwn(String path) throws Exception {
        Socket socket = open("GET " + path + HEADERS + "Connection: close\r\n\r\n");

        String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(response).matches("(?s)HTTP/1.1 (200|404) .*").doesNotContain("root:");
        assertThat(json(response.substring(response.indexOf("\r\n\r\n") + 4))
                        .path("code")
                        .asInt())
                .isIn(404, 1002);
    }
}
