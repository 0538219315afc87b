/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the page for people reads: the latest tasks of all services, a part at a time, and that something changed. */
class LivePageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "a-key-of-somebody";

    private final HttpClient http = HttpClient.newHttpClient();
    private final TestClock clock = new TestClock();
    private Sandbox sandbox = Sandbox.start(config().build());

    private SandboxConfig.Builder config() {
        return SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .taskDuration(Duration.ofSeconds(40))
                .clock(clock);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private String get(String path) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(sandbox.uri() + path)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private JsonNode tasks(String query) throws Exception {
        return JSON.readTree(get("/sandbox/page/tasks?" + query));
    }

    private JsonNode summary() throws Exception {
        return JSON.readTree(get("/sandbox/page/summary"));
    }

    private void create(String prompt) throws Exception {
        HttpResponse<String> created = http.send(
                HttpRequest.newBuilder(URI.create(sandbox.skillsvideoUri() + "/generation/openai/sora-2"))
                        .header("Authorization", "Bearer " + KEY)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"" + prompt + "\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(created.statusCode()).isEqualTo(200);
        clock.forward(Duration.ofSeconds(1));
    }

    @Test
    void listsTheLatestTaskFirstAndPages() throws Exception {
        for (int i = 0; i < 5; i++) {
            create(i == 2 ? "[[fail: too dark]]" : "lake " + i);
        }

        JsonNode first = tasks("size=2");
        JsonNode last = tasks("size=2&page=99");

        assertThat(first.path("total").asInt()).isEqualTo(5);
        assertThat(first.path("pages").asInt()).isEqualTo(3);
        assertThat(first.path("tasks")).hasSize(2);
        assertThat(first.at("/tasks/0/createdAt").asText())
                .isGreaterThan(first.at("/tasks/1/createdAt").asText());
        assertThat(last.path("page").asInt()).isEqualTo(2);
        assertThat(last.path("tasks")).hasSize(1);
    }

    @Test
    void showsProgressPointsAndTheReasonOfAFailure() throws Exception {
        create("[[fail: too dark]]");
        clock.forward(Duration.ofSeconds(19));
        JsonNode running = tasks("").at("/tasks/0");
        assertThat(running.path("progress").asDouble()).isEqualTo(0.5);
        assertThat(running.path("points").asLong()).isPositive();
        assertThat(running.path("failure").asText()).isEmpty();

        clock.forward(Duration.ofSeconds(30));

        JsonNode failed = tasks("state=FAILED&search=TOO").at("/tasks/0");
        assertThat(failed.path("failure").asText()).isEqualTo("too dark");
        assertThat(tasks("search=bright").path("total").asInt()).isZero();
        assertThat(tasks("service=ima").path("total").asInt()).isZero();
    }

    @Test
    void showsNeitherPromptsNorKeys() throws Exception {
        create("a quiet lake");

        for (String path : List.of("/", "/sandbox/page/tasks", "/sandbox/page/summary", "/sandbox/ledger")) {
            assertThat(get(path)).doesNotContain("a quiet lake", KEY);
        }
    }

    @Test
    void namesTheKeysThatItTakes() throws Exception {
        assertThat(summary().at("/services/0/key").asText()).isEqualTo("any that starts with ima_");
        sandbox.close();
        sandbox = Sandbox.start(config().imaKeys(Set.of("ima_secret")).build());

        assertThat(summary().at("/services/0/key").asText())
                .isEqualTo("one of the 1 that the sandbox was started with");
        assertThat(get("/sandbox/page/summary")).doesNotContain("ima_secret");
    }

    @Test
    void resetForgetsTasksBooksAndFaults() throws Exception {
        create("a lake");
        sandbox.faults().down(Duration.ofMinutes(1));

        http.send(
                HttpRequest.newBuilder(URI.create(sandbox.uri() + "/sandbox/reset"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(tasks("").path("total").asInt()).isZero();
        assertThat(summary().path("creates").asInt()).isZero();
        assertThat(summary().path("balances")).isEmpty();
        assertThat(sandbox.faults().rules()).isEmpty();
    }

    @Test
    void pushesThatSomethingChanged() throws Exception {
        HttpResponse<InputStream> events = http.send(
                HttpRequest.newBuilder(URI.create(sandbox.uri() + "/sandbox/page/events"))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            List<String> seen = new ArrayList<>(List.of(next(lines)));
            create("a lake");
            seen.add(next(lines));
            assertThat(seen)
                    .doesNotHaveDuplicates()
                    .allSatisfy(e -> assertThat(e).contains("revision"));
            assertThat(sandbox.openStreams())
                    .as("the page is no client of a service")
                    .isZero();
        }
    }

    private static String next(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data:")) {
                return line;
            }
        }
        throw new IOException("the stream ended");
    }

    @Test
    void pagesThroughTheLedger() throws Exception {
        create("a");
        create("b");
        create("c");

        JsonNode part = JSON.readTree(get("/sandbox/ledger?from=1&limit=1"));

        assertThat(part.path("creates").asInt()).isEqualTo(3);
        assertThat(part.path("charges")).hasSize(1);
        assertThat(part.path("taskCount").asInt()).isEqualTo(3);
        assertThat(part.path("tasks")).hasSize(1);
        assertThat(JSON.readTree(get("/sandbox/ledger?limit=0")).path("error").asText())
                .contains("limit");
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(sandbox.uri() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void showsMediaWithoutMeetingFaultsOrCounting() throws Exception {
        create("a lake");
        clock.forward(Duration.ofMinutes(1));
        await().until(() -> tasks("").at("/tasks/0/readyAt").isTextual());
        String path = tasks("").at("/tasks/0/mediaPaths/0").asText();
        sandbox.faults().add(FaultRule.on("*", "*", Fault.rateLimit(Duration.ofSeconds(5))));

        HttpResponse<String> shown = send("GET", "/sandbox/page" + path, "");

        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.headers().firstValue("Content-Type")).hasValue("video/mp4");
        assertThat(sandbox.ledger().requests()).doesNotContainKey("skillsvideo/media");
        assertThat(send("GET", path, "").statusCode()).isEqualTo(429);
    }

    @Test
    void removesOneFaultRuleById() throws Exception {
        send("POST", "/sandbox/faults", "[{\"kind\":\"DOWN\",\"route\":\"create\"},{\"kind\":\"GARBAGE\"}]");
        JsonNode first = summary().at("/faults/0");

        send("DELETE", "/sandbox/faults?id=" + first.path("id").asInt(), "");

        assertThat(sandbox.faults().rules())
                .singleElement()
                .satisfies(r -> assertThat(r.fault().kind()).isEqualTo("GARBAGE"));
        assertThat(send("POST", "/sandbox/faults", summary().at("/faults").toString())
                        .statusCode())
                .as("what was read can be written")
                .isEqualTo(200);
    }

    @Test
    void addsNoRuleOfAListWithAWrongOne() throws Exception {
        HttpResponse<String> refused =
                send("POST", "/sandbox/faults", "[{\"kind\":\"DOWN\"},{\"kind\":\"DOWN\",\"service\":\"imma\"}]");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(sandbox.faults().rules()).isEmpty();
    }

    @Test
    void letsNoPageOfAnotherSiteChangeTheSandbox() throws Exception {
        String rule = "{\"kind\":\"DOWN\"}";

        assertThat(send("POST", "/sandbox/faults", rule, "Origin", "https://example.com")
                        .statusCode())
                .isEqualTo(403);
        assertThat(sandbox.faults().rules()).isEmpty();
        assertThat(send("POST", "/sandbox/faults", rule, "Origin", sandbox.uri().toString())
                        .statusCode())
                .isEqualTo(200);
    }
}
