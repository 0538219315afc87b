/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.EngineSettings;
import io.genvideo.model.GenvideoException;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A whole run of an application, with failures of every kind: no line of the component's log at any level, and none of the
 * summary of the start, shows a secret.
 */
class LogScanTest {
    private static final String PROMPT = "a Pr1vate lake";
    private static final String URI_KEY = "ima_Key0nTheUri";
    private static final String SECRET_KEY = "S3cretKeyOfThe2ndAccount";
    private static final String VERIFY_TOKEN = "whsec_"
            + Base64.getEncoder()
                    .encodeToString("V3rifyTokenOfTheWebhooks".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    private final String key = "ima_" + UUID.randomUUID();
    private final Main main = new Main();

    @AfterEach
    void stop() {
        main.stop();
        ImaContext.sandbox().faults().clear();
    }

    private void configure() {
        set("accounts[ima].apiKey", key);
        set("accounts[ima].baseUrl", ImaContext.base());
        set("accounts[ima].uploadUrl", ImaContext.sandbox().imaUploadUri().toString());
        set("accounts[second].provider", "ima");
        set("accounts[second].apiKey", key + "2");
        set("accounts[second].secretKey", SECRET_KEY);
        set("webhookVerifyToken", VERIFY_TOKEN);
        set("pollInterval", "20ms");
        set("timeout", "10s");
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport configured) {
                configured
                        .getCamelContext()
                        .getComponent("genvideo", GenvideoComponent.class)
                        .setEngineDefaults(new EngineSettings(
                                Duration.ofDays(7),
                                EngineSettings.DEFAULT.recoverFor(),
                                Duration.ofMillis(300),
                                Duration.ofSeconds(1),
                                Duration.ofDays(7),
                                Duration.ofDays(90)));
            }
        });
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:text").to("genvideo:ima/text_to_video");
                from("direct:picture").to("genvideo:ima/image_to_video?download=true");
                from("direct:uri").to(onUri("image_to_video"));
                from("direct:dynamic").toD(onUri("${header.what}"));
                from("direct:impatient").to("genvideo:ima/text_to_video?requestTimeout=1s");
            }
        });
    }

    private void set(String option, String value) {
        main.addInitialProperty("camel.component.genvideo." + option, value);
    }

    private static String onUri(String operation) {
        return "genvideo:ima/" + operation + "?apiKey=" + URI_KEY + "&baseUrl=" + ImaContext.base() + "&uploadUrl="
                + ImaContext.sandbox().imaUploadUri();
    }

    private Exchange send(String endpoint, Object body, Map<String, Object> headers) {
        return main.getCamelContext()
                .createFluentProducerTemplate()
                .to(endpoint)
                .withBody(body)
                .withHeaders(headers)
                .send();
    }

    private static void fail(String route, Fault fault, int times) {
        ImaContext.sandbox().faults().add(FaultRule.on("ima", route, fault).times(times));
    }

    /** Some loggers of Camel show at DEBUG and TRACE what they are given: properties, URIs, messages. SECURITY.md says so. */
    private void assertNoSecret(String line) {
        boolean detailOfCamel =
                line.startsWith("DEBUG org.apache.camel.") || line.startsWith("TRACE org.apache.camel.");
        if (!line.startsWith("DEBUG org.apache.camel.main.")) {
            assertThat(line).doesNotContain(key, SECRET_KEY, VERIFY_TOKEN, "ignature=");
        }
        if (!detailOfCamel) {
            assertThat(line).doesNotContain(URI_KEY, "Pr1vate");
        }
    }

    @Test
    void noLineShowsAKeyATokenASignatureOrAPrompt() throws Exception {
        List<Exchange> failed = new ArrayList<>();
        try (LogRecorder log = new LogRecorder(Level.TRACE, "io.genvideo", "org.apache.camel")) {
            configure();
            main.start();
            CamelContext camel = main.getCamelContext();
            assertThat(camel.getStatus().isStarted()).isTrue();
            Map<String, Object> headers = Map.of(GenvideoConstants.PROMPT, PROMPT);
            for (Exchange done : List.of(
                    send("direct:picture", ImaContext.picture(1), headers),
                    send("direct:uri", ImaContext.picture(2), headers),
                    send("direct:dynamic", PROMPT, Map.of("what", "text_to_video")))) {
                assertThat(done.getException()).isNull();
            }

            failed.add(send("direct:text", PROMPT + " [[fail]]", Map.of()));
            failed.add(send("direct:text", PROMPT + " [[reject: not this]]", Map.of()));
            failed.add(send("direct:uri", PROMPT, Map.of()));
            for (Fault fault : List.of(Fault.loseAnswer(), Fault.garbage(), Fault.status(500), Fault.unauthorized())) {
                fail("create", fault, 1);
                failed.add(send("direct:text", PROMPT, Map.of()));
            }
            fail("create", Fault.stall(Duration.ofSeconds(2)), 1);
            failed.add(send("direct:impatient", PROMPT, Map.of()));
            fail("upload-token", Fault.garbage(), 9);
            failed.add(send("direct:uri", ImaContext.picture(3), headers));
            main.stop();

            assertThat(log.lines()).hasSizeGreaterThan(300);
            for (String secret : List.of("accounts[ima].apiKey", "accounts[second].secretKey", "webhookVerifyToken")) {
                assertThat(log.linesWith("[camel-main]"))
                        .as("the summary of the start")
                        .anyMatch(line -> line.endsWith(secret + " = xxxxxx"));
            }
            log.lines().forEach(this::assertNoSecret);
        }
        for (Exchange one : failed) {
            assertThat(one.getException()).isInstanceOf(GenvideoException.class);
            StringWriter shown = new StringWriter();
            one.getException().printStackTrace(new PrintWriter(shown));
            shown.append(((GenvideoException) one.getException()).getUserMessage());
            one.getProperties().forEach((name, value) -> shown.append(name + "=" + value));
            assertThat(shown.toString()).doesNotContain(key, URI_KEY, PROMPT, "Pr1vate");
        }
    }
}
