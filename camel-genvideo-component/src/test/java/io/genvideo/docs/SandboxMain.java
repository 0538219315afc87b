/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.docs;

import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxConfig.Rendering;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.Processor;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.apache.camel.test.AvailablePortFinder;

/**
 * Camel Main as a user runs it, with accounts at a sandbox that all share. Of a snippet only folders, keys, the port and the
 * addresses of the services are replaced; consumers poll without the pauses that they have by default.
 */
final class SandboxMain implements AutoCloseable {
    static final String WEBHOOK_SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    /** A folder or file below the current one; not the functions of the Simple language, and no other URI. */
    private static final Pattern FILE = Pattern.compile("(?<![\\w{:])file:(?=[a-z])");

    private static final Pattern STEPS_ONLY =
            Pattern.compile("(?m)^- (from|route|beans|onException|rest|routeConfiguration|errorHandler):");

    private final Main main = new Main();
    private final String key = UUID.randomUUID().toString();
    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final Queue<Exchange> completed = new ConcurrentLinkedQueue<>();
    private final Path folder;
    private final int port = AvailablePortFinder.getNextAvailable();
    private final Sandbox sandbox;
    private final long violationsBefore;

    SandboxMain(Path folder) {
        this(folder, Shared.SANDBOX);
    }

    SandboxMain(Path folder, Sandbox sandbox) {
        this.sandbox = sandbox;
        this.violationsBefore = sandbox.ledger().violationCount();
        this.folder = folder;
        set("accounts[ima].apiKey", "ima_" + key);
        set("accounts[ima].baseUrl", sandbox.imaUri().toString());
        set("accounts[ima].uploadUrl", sandbox.imaUploadUri().toString());
        set("accounts[skillsvideo].apiKey", "sk_" + key);
        set("accounts[skillsvideo].baseUrl", sandbox.skillsvideoUri().toString());
        set("accounts[mediaio].apiKey", key);
        set("accounts[mediaio].baseUrl", sandbox.mediaioUri().toString());
        set("accounts[wiro].apiKey", key);
        set("accounts[wiro].secretKey", "wiro_secret");
        set("accounts[wiro].baseUrl", sandbox.wiroUri().toString());
        set("accounts[wiro].socketUrl", sandbox.wiroSocketUri().toString());
        set("accounts[nemo].apiKey", "nmv_usr_" + key);
        set("accounts[nemo].baseUrl", sandbox.nemoUri().toString());
        set("accounts[nemo].settings[settleSeconds]", "0.1");
        set("webhookVerifyToken", WEBHOOK_SECRET);
        set("pollInterval", "20ms");
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport started) {
                ExtendedCamelContext camel = started.getCamelContext().getCamelContextExtension();
                camel.registerEndpointCallback((uri, endpoint) -> withoutPauses(endpoint));
                camel.addLogListener((exchange, logger, message) -> {
                    logged.add(message);
                    return message;
                });
                camel.addInterceptStrategy((context, definition, target, next) ->
                        definition instanceof ToDefinition to && to.getUri().startsWith("genvideo:")
                                ? failingFirst(target)
                                : target);
            }
        });
        main.addInitialProperty("camel.server.enabled", "true");
        main.addInitialProperty("camel.server.host", "127.0.0.1");
        main.addInitialProperty("camel.server.port", String.valueOf(port));
    }

    private Processor failingFirst(Processor generation) {
        return new DelegateAsyncProcessor(generation) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                Exception failure = failures.poll();
                if (failure == null) {
                    return super.process(exchange, callback);
                }
                exchange.setException(failure);
                callback.done(true);
                return true;
            }
        };
    }

    /** What endpoints of the component fail with, one message each, before they are called: what takes it half a minute. */
    Queue<Exception> failures() {
        return failures;
    }

    /** The lines that routes have logged. */
    Queue<String> logged() {
        return logged;
    }

    private static Endpoint withoutPauses(Endpoint endpoint) {
        if (endpoint instanceof ScheduledPollEndpoint polled) {
            polled.setInitialDelay(0);
            polled.setDelay(20);
        }
        return endpoint;
    }

    Sandbox sandbox() {
        return sandbox;
    }

    private void set(String option, String value) {
        main.addInitialProperty("camel.component.genvideo." + option, value);
    }

    /** Adds a property of the program, before the start. */
    SandboxMain property(String name, String value) {
        main.addInitialProperty(name, value);
        return this;
    }

    /** Adds files of the folder routes, before the start; what they read and write is in the folder of the test. */
    SandboxMain shipped(String... files) {
        property("genvideo.folder", folder.toString());
        main.configure()
                .withRoutesIncludePattern(Stream.of(files)
                        .map(file -> "file:" + Snippet.ROOT.resolve("routes").resolve(file))
                        .collect(Collectors.joining(",")));
        return this;
    }

    /** Adds what the snippet says, before the start. */
    SandboxMain add(Snippet snippet) throws Exception {
        switch (snippet.kind()) {
            case YAML_ROUTE -> routes("yaml", inRouteIfSteps(here(snippet.text())));
            case XML_ROUTE -> routes("xml", inXmlRouteIfSteps(here(snippet.text())));
            case JAVA -> {
                Object compiled = JavaSnippets.instance(
                        new Snippet(snippet.page(), snippet.line(), "java", snippet.marker(), here(snippet.text())));
                if (compiled instanceof RoutesBuilder routes) {
                    main.configure().addRoutesBuilder(routes);
                }
            }
            case PROPERTIES ->
                properties(here(snippet.text()).replaceAll("\\{\\{[a-z.]+}}", "ima_" + key))
                        .forEach(this::property);
            default -> throw new IllegalArgumentException(snippet + " can't be started");
        }
        return this;
    }

    private void routes(String extension, String text) throws IOException {
        Path file = Files.writeString(folder.resolve("documented.camel." + extension), text);
        main.configure().withRoutesIncludePattern("file:" + file);
    }

    static Map<String, String> properties(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        Map<String, String> named = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> named.put(name, properties.getProperty(name)));
        return named;
    }

    static String inRouteIfSteps(String yaml) {
        return STEPS_ONLY.matcher(yaml).find() ? yaml : "- from:\n    uri: direct:in\n    steps:\n" + yaml.indent(6);
    }

    static String inXmlRouteIfSteps(String xml) {
        return xml.contains("<route") || xml.contains("<beans") || xml.contains("<camel") || xml.contains("<rest")
                ? xml
                : "<route><from uri=\"direct:in\"/>" + xml + "</route>";
    }

    /** With folders of the test, and with the keys for which a page has placeholders. */
    private String here(String text) throws IOException {
        Path document = folder.resolve("openapi.json");
        if (!Files.exists(document)) {
            try (InputStream openApi =
                    getClass().getResourceAsStream("/io/genvideo/provider/skillsvideo/openapi.json")) {
                Files.copy(Objects.requireNonNull(openApi), document);
            }
        }
        return FILE.matcher(text)
                .replaceAll("file:" + folder + "/")
                .replace("./data/", folder + "/")
                .replaceAll("\\{\\{env:[A-Z_]+}}", "ima_" + key);
    }

    SandboxMain start() {
        main.start();
        camel().getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                completed.add(((CamelEvent.ExchangeCompletedEvent) event).getExchange());
            }

            @Override
            public boolean isEnabled(CamelEvent event) {
                return event instanceof CamelEvent.ExchangeCompletedEvent;
            }
        });
        return this;
    }

    CamelContext camel() {
        return main.getCamelContext();
    }

    int port() {
        return port;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** The exchanges that have ended well. */
    Queue<Exchange> completed() {
        return completed;
    }

    Exchange send(String endpoint, Object body, Map<String, Object> headers) {
        return camel().createFluentProducerTemplate()
                .to(endpoint)
                .withBody(body)
                .withHeaders(headers)
                .send();
    }

    /** What the accounts of this context have paid for at all services. */
    List<Ledger.Charge> charges() {
        List<String> accounts = Stream.of("ima_", "sk_", "nmv_usr_", "")
                .map(prefix -> Ledger.account(prefix + key))
                .toList();
        return sandbox.ledger().charges().stream()
                .filter(c -> accounts.contains(c.account()))
                .toList();
    }

    /** Requests outside of the services' contracts since this was made. */
    long violations() {
        return sandbox.ledger().violationCount() - violationsBefore;
    }

    @Override
    public void close() {
        if (main.getCamelContext() != null) {
            main.getCamelContext().getShutdownStrategy().setTimeout(2);
        }
        main.stop();
    }

    private static final class Shared {
        static final Sandbox SANDBOX = Sandbox.start(SandboxConfig.builder()
                .taskDuration(Duration.ofMillis(50))
                .rendering(Rendering.SAMPLE)
                .localInputs(true)
                .build());
    }
}
