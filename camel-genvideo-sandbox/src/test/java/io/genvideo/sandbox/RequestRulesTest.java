/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every service: what is refused, what is booked as a violation and what is only noted. */
class RequestRulesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SORA = "/generation/openai/sora-2";

    private final TestClock clock = new TestClock();
    private final HttpClient http = HttpClient.newHttpClient();
    private Sandbox sandbox;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .clock(clock)
                .build());
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder skillsvideo(String path) {
        return HttpRequest.newBuilder(URI.create(sandbox.skillsvideoUri() + path))
                .header("Authorization", "Bearer any-key-at-all");
    }

    private HttpResponse<String> create(String prompt) throws Exception {
        return create(("{\"prompt\":\"" + prompt + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> create(byte[] body) throws Exception {
        return send(skillsvideo(SORA)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private List<String> violations() {
        return sandbox.ledger().violations().stream()
                .map(Ledger.Violation::what)
                .toList();
    }

    private List<String> notes() {
        return sandbox.ledger().notes().stream().map(Ledger.Note::what).toList();
    }

    private String taskId(HttpResponse<String> created) throws IOException {
        return JSON.readTree(created.body()).path("id").asText();
    }

    @Test
    void takesTheBalanceRequestOfTheVendorsCurlExample() throws Exception {
        HttpResponse<String> credits = send(skillsvideo("/credits").header("Accept", "*/*"));

        assertThat(credits.statusCode()).isEqualTo(200);
        assertThat(violations()).isEmpty();
        assertThat(notes()).containsExactly("Accept is not application/json");
    }

    @Test
    void booksARepeatedCreateAfterALostAnswer() throws Exception {
        sandbox.faults()
                .add(FaultRule.on("skillsvideo", "create", Fault.loseAnswer()).times(1));
        assertThatThrownBy(() -> create("a lake")).isInstanceOf(IOException.class);
        assertThat(create("another lake").statusCode()).isEqualTo(200);
        assertThat(violations()).isEmpty();

        clock.forward(Duration.ofSeconds(30));
        assertThat(create("a lake").statusCode()).isEqualTo(200);

        assertThat(violations()).singleElement().asString().contains("equal input", "30 s");
        assertThat(create("a lake").statusCode()).isEqualTo(200);
        assertThat(violations()).hasSize(1);
    }

    @Test
    void doesNotBlameACreateLongAfterALostAnswer() throws Exception {
        sandbox.faults()
                .add(FaultRule.on("skillsvideo", "create", Fault.garbage()).times(1));
        create("a lake");
        clock.forward(Ledger.REPEAT_WINDOW.plusSeconds(1));

        create("a lake");

        assertThat(violations()).isEmpty();
    }

    @Test
    void booksARequestThatIgnoresRetryAfter() throws Exception {
        sandbox.faults()
                .add(FaultRule.on("skillsvideo", "create", Fault.rateLimit(Duration.ofSeconds(20)))
                        .times(1));
        assertThat(create("a lake").statusCode()).isEqualTo(429);
        clock.forward(Duration.ofSeconds(5));

        create("a lake");

        assertThat(violations()).singleElement().asString().contains("Retry-After ignored", "15000 ms");
        clock.forward(Duration.ofSeconds(15));
        create("a lake");
        assertThat(violations()).hasSize(1);
    }

    @Test
    void booksAKeyInTheQuery() throws Exception {
        send(skillsvideo("/credits?token=any-key-at-all"));
        // the key is known from its header from now on
        send(skillsvideo("/credits?token=any-key-at-all"));

        assertThat(violations()).isNotEmpty().allSatisfy(v -> assertThat(v).contains("key in the query"));
    }

    @Test
    void booksCredentialsOnAMediaDownload() throws Exception {
        HttpResponse<String> medium = send(HttpRequest.newBuilder(URI.create(sandbox.uri() + "/media/out/x.mp4"))
                .header("Authorization", "Bearer sk_x"));

        assertThat(medium.statusCode()).isEqualTo(404);
        assertThat(sandbox.ledger().violations()).singleElement().satisfies(v -> {
            assertThat(v.what()).contains("a key was given away");
            assertThat(v.what()).doesNotContain("sk_x");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32"})
    void refusesABodyThatIsNotUtf8(String charset) throws Exception {
        assertThat(create("{\"prompt\":\"a lake\"}".getBytes(Charset.forName(charset)))
                        .statusCode())
                .isEqualTo(400);
        assertThat(violations()).isNotEmpty();
        assertThat(sandbox.ledger().creates()).isZero();
    }

    @Test
    void refusesAByteOrderMark() throws Exception {
        assertThat(create("\uFEFF{\"prompt\":\"a lake\"}".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void namesABodyThatIsTooLarge() throws Exception {
        HttpResponse<String> refused = create("x".repeat(1 << 20));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("larger than 1048576 bytes");
    }

    @Test
    void refusesADoubledAuthorizationHeader() throws Exception {
        String request = "GET /skillsvideo/api/v1/credits HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\n"
                + "Authorization: Bearer b\r\nConnection: close\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", sandbox.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            assertThat(answer.toString(StandardCharsets.UTF_8)).startsWith("HTTP/1.1 400");
        }
        assertThat(violations()).singleElement().asString().contains("2 times");
        assertThat(notes()).anySatisfy(n -> assertThat(n).contains("User-Agent"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://",
                "https:///a.png",
                "http://10.0.0.1/a.png",
                "http://127.0.0.1:1/a.png",
                "http://[::1]/a.png",
                "http://printer/a.png",
                "https://nas.local/a.png",
                "ftp://example.com/a.png"
            })
    void refusesAnInputThatNoServiceCouldFetch(String url) throws Exception {
        HttpResponse<String> refused = send(skillsvideo("/generation/google/veo-3.1")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"prompt\":\"x\",\"reference_image_urls\":[\"" + url + "\"]}")));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(sandbox.ledger().creates()).isZero();
        assertThat(violations()).isNotEmpty();
    }

    @Test
    void resultsOfEqualRequestsDiffer() throws Exception {
        byte[] first = video(taskId(create("a lake")));
        byte[] second = video(taskId(create("a lake")));

        assertThat(first).isNotEqualTo(second);
        assertThat(new String(first, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
        assertThat(new String(first, StandardCharsets.ISO_8859_1)).contains("freesandbox result");
    }

    private byte[] video(String id) throws Exception {
        for (int i = 0; i < 2000; i++) {
            JsonNode task = JSON.readTree(send(skillsvideo("/generation/" + id)).body());
            if (task.path("status").asText().equals("COMPLETED")) {
                URI url = URI.create(task.path("data").path("video").path("url").asText());
                HttpResponse<byte[]> whole =
                        http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofByteArray());
                HttpResponse<byte[]> end = http.send(
                        HttpRequest.newBuilder(url).header("Range", "bytes=-10").build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                assertThat(new String(whole.body(), StandardCharsets.ISO_8859_1))
                        .endsWith(new String(end.body(), StandardCharsets.ISO_8859_1));
                return whole.body();
            }
        }
        throw new AssertionError("the task does not end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"service\":\"imma\",\"kind\":\"DOWN\"}",
                "{\"service\":\"ima\",\"route\":\"crate\",\"kind\":\"DOWN\"}",
                "{\"service\":\"ima\",\"route\":\"create-sse\",\"kind\":\"DOWN\"}",
                "{\"kind\":\"STATUS\",\"status\":50}",
                "{\"kind\":\"STATUS\",\"status\":\"503\"}",
                "{\"kind\":\"STREAM_DROP\",\"end\":\"SOFT\"}",
                "{\"kind\":\"REDIRECT\",\"status\":200}",
                "{\"kind\":\"LOSE_ANSWER\",\"probability\":2}"
            })
    void refusesAFaultRuleThatCouldNeverHappen(String rule) throws Exception {
        HttpResponse<String> refused = send(HttpRequest.newBuilder(URI.create(sandbox.uri() + "/sandbox/faults"))
                .POST(HttpRequest.BodyPublishers.ofString(rule)));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(refused.body()).path("error").asText()).isNotBlank();
        assertThat(sandbox.faults().rules()).isEmpty();
    }
}
