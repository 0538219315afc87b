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
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.camel.Exchange;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The patterns of the folder routes, as their first lines describe them, in YAML and those that exist in XML. */
class ShippedRoutesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private SandboxMain main;

    @BeforeEach
    void create() {
        main = new SandboxMain(folder);
    }

    @AfterEach
    void stop() {
        main.close();
        main.sandbox().faults().clear();
    }

    private void start(String... files) {
        main.shipped(files).start();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Path hidden = Files.writeString(file.resolveSibling("." + file.getFileName()), text);
        Files.move(hidden, file);
    }

    private void picture(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    }

    private List<String> files() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(f -> !f.getFileName().toString().startsWith("."))
                    .map(f -> folder.relativize(f).toString())
                    .filter(f -> !f.startsWith("journal/") && !f.equals("openapi.json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            // A file was moved meanwhile
            return List.of();
        }
    }

    private void awaitFiles(String... names) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(files()).as(this::reasons).containsExactly(names));
    }

    /** What the routes have written about failures, for the message of a test that fails. */
    private String reasons() {
        return files().stream()
                .filter(f -> f.contains(".reason."))
                .map(f -> {
                    try {
                        return f + ": " + read(f);
                    } catch (IOException e) {
                        return f + ": " + e;
                    }
                })
                .toList()
                .toString();
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private void assertCharged(int times) {
        assertThat(main.charges()).hasSize(times);
        assertThat(main.violations()).isZero();
    }

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

    @ParameterizedTest
    @ValueSource(strings = {"two-models.camel.yaml", "two-models.camel.xml"})
    void makesVideosWithTwoModelsAndKeepsBoth(String route) throws Exception {
        write("prompts/lake.txt", "a lake at dawn");
        start("journal.camel.yaml", route);

        awaitFiles("done/lake.txt", "videos/lake-1.mp4", "videos/lake-2.mp4");
        assertCharged(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two-models.camel.yaml", "two-models.camel.xml"})
    void takesPromptUpAgainAndPaysEachModelOnce(String route) throws Exception {
        main.failures().add(unpaid());
        write("prompts/lake.txt", "a lake at dawn");
        start("journal.camel.yaml", route);

        awaitFiles("done/lake.txt", "videos/lake-1.mp4", "videos/lake-2.mp4");
        assertThat(main.failures()).isEmpty();
        assertCharged(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two-models.camel.yaml", "two-models.camel.xml"})
    void keepsVideoOfOneModelWhenTheOtherRefuses(String route) throws Exception {
        write("prompts/lake.txt", "a lake at dawn");
        main.property("genvideo.model.2", "no-such-model");
        start("journal.camel.yaml", route);

        awaitFiles("done/lake.txt", "failed/lake-2.reason.txt", "videos/lake-1.mp4");
        assertThat(read("failed/lake-2.reason.txt")).contains("no-such-model");
        assertCharged(1);
    }

    @Test
    void makesVideoBetweenFirstAndLastFrame() throws Exception {
        picture("frames/lake at dawn-first.png");
        picture("frames/lake at dawn-last.png");
        start("journal.camel.yaml", "frame-pairs.camel.yaml");

        awaitFiles("done/lake at dawn-first.png", "done/lake at dawn-last.png", "videos/lake at dawn.mp4");
        assertCharged(1);
    }

    @Test
    void refusesLastFrameWithoutFirst() throws Exception {
        picture("frames/lake-last.png");
        picture("frames/hill-first.png");
        start("journal.camel.yaml", "frame-pairs.camel.yaml");

        awaitFiles("failed/lake-last.png", "failed/lake.reason.txt", "frames/hill-first.png");
        assertThat(read("failed/lake.reason.txt")).contains("no first frame");
        assertCharged(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text-image-video.camel.yaml", "text-image-video.camel.xml"})
    void makesPictureOfTextAndVideoOfPicture(String route) throws Exception {
        // The service refuses pictures as small as the sample
        try (Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
                .taskDuration(Duration.ofMillis(50))
                .maxDimension(640)
                .frameRate(1)
                .localInputs(true)
                .build())) {
            main = new SandboxMain(folder, sandbox);
            write("prompts/lake.txt", "a lake at dawn");
            start("journal.camel.yaml", route);

            awaitFiles("done/lake.txt", "videos/lake.mp4");
            assertThat(main.charges()).extracting(c -> c.taskId()).doesNotHaveDuplicates();
            assertCharged(2);
            main.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text-image-video.camel.yaml", "text-image-video.camel.xml"})
    void makesNoVideoOfPictureThatFailed(String route) throws Exception {
        write("prompts/dark.txt", "a lake [[fail: too dark]]");
        start("journal.camel.yaml", route);

        awaitFiles("failed/dark.reason.txt", "failed/dark.txt");
        assertThat(read("failed/dark.reason.txt")).contains("too dark");
        assertCharged(1);
    }

    private static GenvideoException unpaid() {
        return GenerationError.of(ErrorCategory.SERVICE_UNAVAILABLE, "ima", "the service did not respond")
                .withRetryable(true)
                .toException();
    }

    @Test
    void triesUnpaidFailureAgain() throws Exception {
        main.failures().addAll(List.of(unpaid(), unpaid()));
        write("prompts/lake.txt", "a lake at dawn");
        main.property("genvideo.attemptDelay", "1");
        start("journal.camel.yaml", "dead-letter.camel.yaml");

        awaitFiles("done/lake.txt", "videos/lake.mp4");
        assertThat(main.failures()).isEmpty();
        assertCharged(1);
    }

    @Test
    void movesUnpaidFailureToDeadLettersAfterItsAttempts() throws Exception {
        main.failures().addAll(List.of(unpaid(), unpaid(), unpaid(), unpaid()));
        write("prompts/lake.txt", "a lake at dawn");
        main.property("genvideo.attempts", "2");
        main.property("genvideo.attemptDelay", "1");
        start("journal.camel.yaml", "dead-letter.camel.yaml");

        awaitFiles("dead/lake.reason.json", "dead/lake.txt");
        assertThat(main.failures()).as("three of four attempts are made").hasSize(1);
        assertCharged(0);
    }

    @Test
    void movesPaidFailureToDeadLettersAtOnce() throws Exception {
        write("prompts/dark.txt", "a lake [[fail: too dark]]");
        main.property("genvideo.attemptDelay", "1");
        start("journal.camel.yaml", "dead-letter.camel.yaml");

        awaitFiles("dead/dark.reason.json", "dead/dark.txt");
        JsonNode reason = new ObjectMapper().readTree(read("dead/dark.reason.json"));
        assertThat(reason.get("paid").asText()).isEqualTo("UNKNOWN");
        assertThat(reason.get("handle").asText())
                .isEqualTo(main.charges().get(0).taskId());
        assertCharged(1);
    }

    @Test
    void movesLostCreateCallToDeadLettersWithoutSecondCall() throws Exception {
        main.sandbox()
                .faults()
                .add(FaultRule.on("ima", "create", Fault.loseAnswer()).times(1));
        write("prompts/lake.txt", "a lake at dawn");
        main.property("genvideo.attemptDelay", "1");
        start("journal.camel.yaml", "dead-letter.camel.yaml");

        awaitFiles("dead/lake.reason.json", "dead/lake.txt");
        assertThat(read("dead/lake.reason.json")).contains("UNCERTAIN", "recordId");
        assertThat(main.charges()).hasSize(1);
    }

    @Test
    void makesVideosOfLinesOfCsvByTheClock() throws Exception {
        write(
                "batch/videos.csv",
                "name,prompt\nlake,\"a lake\", at dawn\n\nhill,a hill\n../etc,a trap\ndark,night [[fail: too dark]]\n");
        main.property("genvideo.cron", "0/1 * * * * ?");
        start("journal.camel.yaml", "nightly-batch.camel.yaml");

        awaitFiles("done/videos.csv", "failed/dark.reason.txt", "videos/hill.mp4", "videos/lake.mp4");
        assertThat(read("failed/dark.reason.txt")).contains("too dark");
        assertCharged(3);
    }

    @Test
    void takesListUpAgainAndPaysEachLineOnce() throws Exception {
        main.failures().add(unpaid());
        write("batch/videos.csv", "lake,a lake\nhill,a hill\nsea,the sea\n");
        main.property("genvideo.cron", "0/1 * * * * ?");
        start("journal.camel.yaml", "nightly-batch.camel.yaml");

        awaitFiles("done/videos.csv", "videos/hill.mp4", "videos/lake.mp4", "videos/sea.mp4");
        assertThat(main.failures()).isEmpty();
        assertCharged(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"submit-and-collect.camel.yaml", "submit-and-collect.camel.xml"})
    void submitsNowAndCollectsLater(String route) throws Exception {
        write("prompts/lake.txt", "a lake at dawn");
        write("prompts/dark.txt", "a lake [[fail: too dark]]");
        start("journal.camel.yaml", route);

        awaitFiles("failed/dark.reason.txt", "submitted/dark.txt", "submitted/lake.txt", "videos/lake.mp4");
        assertThat(read("failed/dark.reason.txt")).contains("too dark");
        assertCharged(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"submit-and-collect.camel.yaml", "submit-and-collect.camel.xml"})
    void submitsAgainWhatServiceDidNotRespondTo(String route) throws Exception {
        main.failures().addAll(List.of(unpaid(), unpaid()));
        write("prompts/lake.txt", "a lake at dawn");
        start("journal.camel.yaml", route);

        awaitFiles("submitted/lake.txt", "videos/lake.mp4");
        assertThat(main.failures()).isEmpty();
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
    void logsPriceOnlyIfServiceReportsOne() {
        Configurator.setLevel("outbox", Level.INFO);
        start("file-drop.camel.yaml");

        main.send("direct:outbox", "video", Map.of(Exchange.FILE_NAME, "lake.mp4", "CamelGenvideoCredits", 8));
        main.send("direct:outbox", "video", Map.of(Exchange.FILE_NAME, "hill.mp4"));

        assertThat(main.logged())
                .containsExactly(
                        "lake: the video is in " + folder + "/outbox (8 credits)",
                        "hill: the video is in " + folder + "/outbox");
    }
}
