/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.TaskStatus;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxConfig.Rendering;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.test.AvailablePortFinder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every route and property that the documentation prints starts against the sandbox, read from the page; those that need no
 * folder are run. Only folders, files and the port are replaced.
 */
class DocumentedRoutesTest {
    private static final List<String> PAGES = List.of(
            "README.md",
            "docs/genvideo.md",
            "docs/journal.md",
            "docs/providers/ima.md",
            "docs/providers/skillsvideo.md",
            "docs/providers/mediaio.md");
    private static final Pattern SNIPPET = Pattern.compile("(?s)```(yaml|xml|properties)\n(.*?)```");
    private static final String WEBHOOK_SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    @TempDir
    Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
            .taskDuration(Duration.ofMillis(200))
            .rendering(Rendering.SAMPLE)
            .build());
    private final Main main = new Main();
    private final Queue<Exchange> completed = new ConcurrentLinkedQueue<>();
    private final int port = AvailablePortFinder.getNextAvailable();

    /** A piece of code on a page. */
    record Snippet(String page, String language, String text) {
        boolean isRoute() {
            return language.equals("yaml") || language.equals("xml") && text.contains("<route");
        }

        boolean isStepsOnly() {
            return !Pattern.compile("(?m)^- (from|route|beans|onException|rest|routeConfiguration):")
                    .matcher(text)
                    .find();
        }

        @Override
        public String toString() {
            return page + ": " + text.lines().limit(4).toList();
        }
    }

    static Stream<Snippet> snippets() {
        return PAGES.stream().flatMap(page -> {
            try {
                Matcher found = SNIPPET.matcher(Files.readString(Path.of("..").resolve(page)));
                return found.results().map(r -> new Snippet(page, r.group(1), r.group(2))).toList().stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    static Stream<Snippet> routes() {
        return snippets().filter(Snippet::isRoute);
    }

    static Stream<Snippet> properties() {
        return snippets().filter(s -> s.language().equals("properties"));
    }

    @AfterEach
    void stop() {
        main.stop();
        sandbox.close();
    }

    private void start(Snippet snippet) throws IOException {
        set("accounts[ima].apiKey", "ima_documented");
        set("accounts[ima].baseUrl", sandbox.imaUri().toString());
        set("accounts[ima].uploadUrl", sandbox.imaUploadUri().toString());
        set("accounts[skillsvideo].apiKey", "sk_documented");
        set("accounts[skillsvideo].baseUrl", sandbox.skillsvideoUri().toString());
        set("accounts[mediaio].apiKey", "mediaio_documented");
        set("accounts[mediaio].baseUrl", sandbox.mediaioUri().toString());
        set("webhookVerifyToken", WEBHOOK_SECRET);
        set("pollInterval", "20ms");
        main.addInitialProperty("camel.server.enabled", "true");
        main.addInitialProperty("camel.server.host", "127.0.0.1");
        main.addInitialProperty("camel.server.port", String.valueOf(port));
        String text = here(snippet.text());
        if (snippet.language().equals("properties")) {
            text.lines().filter(line -> line.contains(" = ")).forEach(line -> {
                String[] property = line.split(" = ", 2);
                main.addInitialProperty(property[0], property[1]);
            });
        } else {
            Path route = folder.resolve("documented.camel." + snippet.language());
            Files.writeString(route, snippet.isStepsOnly() ? inRoute(text) : text);
            main.configure().withRoutesIncludePattern("file:" + route);
        }
        main.start();
        main.getCamelContext().getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                completed.add(((CamelEvent.ExchangeCompletedEvent) event).getExchange());
            }

            @Override
            public boolean isEnabled(CamelEvent event) {
                return event instanceof CamelEvent.ExchangeCompletedEvent;
            }
        });
    }

    private void set(String option, String value) {
        main.addInitialProperty("camel.component.genvideo." + option, value);
    }

    /** With folders of the test, and with the keys for which a page has placeholders. */
    private String here(String text) throws IOException {
        Path document = folder.resolve("openapi.json");
        try (InputStream openApi = getClass().getResourceAsStream("/io/genvideo/provider/skillsvideo/openapi.json")) {
            Files.copy(openApi, document, StandardCopyOption.REPLACE_EXISTING);
        }
        return text.replace("file:openapi.json", "file:" + document)
                .replaceAll("file:(inbox|outbox)", "file:" + folder + "/$1")
                .replace("./data/", folder + "/")
                .replaceAll("\\{\\{[a-z:.A-Z_]+}}", "ima_documented");
    }

    private static String inRoute(String steps) {
        return "- from:\n    uri: direct:in\n    steps:\n" + steps.indent(6);
    }

    private Snippet snippet(String page, String part) {
        return routes().filter(s -> s.page().equals(page) && s.text().contains(part))
                .findFirst()
                .orElseThrow();
    }

    private Exchange send(String endpoint, Object body, Map<String, Object> headers) {
        return main.getCamelContext()
                .createFluentProducerTemplate()
                .to(endpoint)
                .withBody(body)
                .withHeaders(headers)
                .send();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void starts(Snippet snippet) throws Exception {
        start(snippet);

        assertThat(main.getCamelContext().isStarted()).isTrue();
        if (!snippet.text().startsWith("- beans:")) {
            assertThat(main.getCamelContext().getRoutes()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("properties")
    void isSetByProperties(Snippet snippet) throws Exception {
        start(snippet);

        assertThat(main.getCamelContext().hasComponent("genvideo") != null
                        || main.getCamelContext().getRegistry().lookupByName("journal") != null)
                .isTrue();
    }

    @Test
    void makesAVideoOfTheVideoOfTheStepBefore() throws Exception {
        start(snippet("docs/genvideo.md", "the same scene by night"));

        Exchange done = send("direct:in", "a lake", Map.of());

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(GenerationTask.class).operation().path())
                .isEqualTo("image_to_video");
        assertThat(sandbox.ledger().charges()).hasSize(2);
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void consumesLateResults() throws Exception {
        start(snippet("docs/genvideo.md", "uri: genvideo:ima/tasks"));
        Files.createDirectories(folder.resolve("outbox"));

        send("genvideo:ima/text_to_video?waitForResult=false", "a lake", Map.of(Exchange.FILE_NAME, "lake.txt"));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.isRegularFile(folder.resolve("outbox").resolve("lake.mp4")));
    }

    @Test
    void settlesAnUncertainTask() throws Exception {
        start(snippet("docs/genvideo.md", "constant: adopt"));
        Exchange done = send("direct:in", null, Map.of("record", "none", "task", "task_1"));

        assertThat(done.getException()).hasMessageContaining("'none'");
    }

    private HttpResponse<String> post(String json) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/videos"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void makesVideosOfTheRequestsOfRestCalls() throws Exception {
        start(snippet("docs/genvideo.md", "platform-http:/videos"));

        HttpResponse<String> done =
                post("{\"prompt\":\"a lake\",\"model\":\"wan2.6-t2v\",\"options\":{\"duration\":10}}");

        assertThat(done.statusCode()).isEqualTo(200);
        assertThat(new ObjectMapper()
                        .readValue(done.body(), GenerationTask.class)
                        .status())
                .isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(sandbox.ledger().charges()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'promt':'a lake'}|Unrecognized field \"promt\"",
                "{'prompt':'a lake','options':{'duration':'long'}}|[\"duration\"]",
                "{'prompt':'a lake','options':{'duration':7}}|duration=7 is not allowed",
                "{'prompt':'a lake','operation':'image_to_video'}|image_to_video",
                "{'prompt':'a lake','maxCredits':0.5}|above the limit of 0.5",
                "{'prompt':'a lake','inputs':[{'role':'hero','url':'https://a.example'}]}|there is no role 'hero'",
                "{'model':'wan2.6-t2v'}|prompt is missing",
                "{'prompt':|Unexpected end-of-input"
            })
    void answersARestCallThatIsWrongWith400(String json, String message) throws Exception {
        start(snippet("docs/genvideo.md", "platform-http:/videos"));

        HttpResponse<String> refused = post(json.replace('\'', '"'));

        assertThat(refused.body()).contains(message);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(sandbox.ledger().charges()).isEmpty();
    }

    @Test
    void receivesTheWebhooksOfTheService() throws Exception {
        start(snippet("docs/genvideo.md", "webhook:genvideo:skillsvideo/tasks"));
        URI hook = URI.create("http://127.0.0.1:" + port + "/hooks/skillsvideo");
        sandbox.skillsvideo().webhooks().target(hook, WEBHOOK_SECRET);

        // Polled far too late to be what ends the task
        Exchange sent = send(
                "genvideo:skillsvideo/text_to_video?model=google/veo-3.1&waitForResult=false&updates=poll&pollInterval=10m",
                "a lake",
                Map.of());

        assertThat(sent.getException()).isNull();
        String taskId = sent.getMessage().getHeader(GenvideoConstants.TASK_ID, String.class);
        await().untilAsserted(() -> assertThat(completed)
                .filteredOn(e -> e.getFromEndpoint().getEndpointUri().equals("genvideo://skillsvideo/tasks"))
                .extracting(e -> e.getMessage().getBody(GenerationTask.class).handle())
                .containsExactly(taskId));
    }
}
