/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.docs;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped routes that speak HTTP, and what the README tells its reader to run. */
class HttpRoutesTest extends ShippedRoutes {
    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + main.port() + path));
    }

    private static HttpResponse<byte[]> call(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray());
    }

    private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        return new ObjectMapper().readTree(response.body());
    }

    private HttpRequest.Builder post(String json) {
        return request("/videos")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rest-status.camel.yaml", "rest-status.camel.xml"})
    void submitsOverHttpAndReturnsStatusAndFile(String route) throws Exception {
        start("journal.camel.yaml", route);
        String body = "{\"prompt\": \"a lake at dawn\", \"options\": {\"duration\": 5}}";

        HttpResponse<byte[]> accepted = call(post(body).header("Idempotency-Key", "request 7"));
        HttpResponse<byte[]> repeated = call(post(body).header("Idempotency-Key", "request 7"));

        assertThat(accepted.statusCode()).isEqualTo(202);
        String id = json(accepted).get("handle").asText();
        assertThat(accepted.headers().firstValue("Location")).contains("/videos/" + id);
        assertThat(json(repeated).get("handle").asText()).isEqualTo(id);
        await().atMost(PATIENCE).untilAsserted(() -> {
            HttpResponse<byte[]> status = call(request("/videos/" + id));
            assertThat(status.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(json(status).get("status").asText()).isEqualTo("SUCCEEDED");
        });
        HttpResponse<byte[]> file = call(request("/videos/" + id + "/file"));
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.headers().firstValue("Content-Type")).contains("video/mp4");
        assertThat(new String(file.body(), 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
        assertCharged(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rest-status.camel.yaml", "rest-status.camel.xml"})
    void respondsToWrongHttpRequestsWithStatusOfFailure(String route) throws Exception {
        start("journal.camel.yaml", route);

        assertThat(call(post("{\"prompt\": \"a lake\", \"options\": {\"duration\": 7}}"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(call(post("{\"promt\": \"a lake\"}")).statusCode()).isEqualTo(400);
        HttpResponse<byte[]> unknown = call(request("/videos/none"));
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
        assertThat(main.charges()).isEmpty();
    }

    @Test
    void returnsNextResultToClient() throws Exception {
        start("journal.camel.yaml", "poll-results.camel.yaml");

        assertThat(call(request("/results/next")).statusCode()).isEqualTo(204);
        Exchange sent = main.send("genvideo:ima/text_to_video?waitForResult=false", "a lake", Map.of());

        String id = sent.getMessage().getHeader("CamelGenvideoTaskId", String.class);
        await().atMost(PATIENCE).untilAsserted(() -> {
            HttpResponse<byte[]> next = call(request("/results/next"));
            assertThat(next.statusCode()).isEqualTo(200);
            assertThat(json(next).get("handle").asText()).isEqualTo(id);
        });
        assertThat(call(request("/results/next")).statusCode()).isEqualTo(204);
        assertCharged(1);
    }

    @Test
    void deliversResultToObjectStoreUntilItIsAccepted() throws Exception {
        WireMockServer store =
                new WireMockServer(WireMockConfiguration.options().dynamicPort());
        store.start();
        try {
            store.stubFor(put(anyUrl())
                    .inScenario("busy")
                    .whenScenarioStateIs(Scenario.STARTED)
                    .willSetStateTo("ready")
                    .willReturn(aResponse().withStatus(503)));
            store.stubFor(put(anyUrl())
                    .inScenario("busy")
                    .whenScenarioStateIs("ready")
                    .willReturn(aResponse().withStatus(200)));
            main.property("genvideo.delivery.url", store.baseUrl() + "/bucket");
            main.property("genvideo.delivery.authorization", "Bearer t0ken");
            start("journal.camel.yaml", "deliver-object-store.camel.yaml");

            main.send(
                    "genvideo:ima/text_to_video?waitForResult=false",
                    "a lake",
                    Map.of(Exchange.FILE_NAME, "trip/my lake #1.txt"));

            await().atMost(PATIENCE)
                    .untilAsserted(() -> store.verify(
                            2,
                            putRequestedFor(urlEqualTo("/bucket/trip/my_lake__1.mp4"))
                                    .withHeader("Content-Type", equalTo("video/mp4"))
                                    .withHeader("Authorization", equalTo("Bearer t0ken"))));
            assertThat(store.getAllServeEvents().get(0).getRequest().getBody())
                    .startsWith(0, 0, 0)
                    .contains("ftyp".getBytes(StandardCharsets.US_ASCII));
            assertCharged(1);
        } finally {
            store.stop();
        }
    }

    @Test
    void firstRouteOfReadmeIsShipped() throws IOException {
        String printed = Snippet.all()
                .filter(s -> s.page().equals("README.md") && s.language().equals("yaml"))
                .findFirst()
                .orElseThrow()
                .text();

        String shipped = Files.readString(Snippet.ROOT.resolve("routes/inbox.camel.yaml"));

        assertThat(shipped.lines().filter(line -> !line.startsWith("#")).toList())
                .isEqualTo(printed.lines().toList());
    }

    @Test
    void propertiesOfSandboxNameItsAddresses() throws IOException {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(Snippet.ROOT.resolve("routes/sandbox.properties"))) {
            properties.load(file);
        }
        Map<String, URI> addresses = Map.of(
                "accounts[ima].baseUrl", main.sandbox().imaUri(),
                "accounts[ima].uploadUrl", main.sandbox().imaUploadUri(),
                "accounts[skillsvideo].baseUrl", main.sandbox().skillsvideoUri(),
                "accounts[mediaio].baseUrl", main.sandbox().mediaioUri(),
                "accounts[wiro].baseUrl", main.sandbox().wiroUri(),
                "accounts[wiro].socketUrl", main.sandbox().wiroSocketUri(),
                "accounts[nemo].baseUrl", main.sandbox().nemoUri());

        addresses.forEach((option, address) -> {
            URI named = URI.create(properties.getProperty("camel.component.genvideo." + option));
            assertThat(named.getPath()).as(option).isEqualTo(address.getPath());
            assertThat(named.getScheme()).isEqualTo(address.getScheme());
            assertThat(named.getPort()).isEqualTo(8089);
        });
        properties.stringPropertyNames().forEach(name -> main.property(name, properties.getProperty(name)));
        main.start();
        assertThat(main.camel().hasComponent("genvideo")).isNotNull();
    }
}
