/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.Submission;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.spi.AccountSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys and prompts are seen by the service, and by nobody else. */
class SecretsTest {
    private static final String URI_KEY = "ima_Key0nTheUri";
    private static final String PROMPT = "a Pr1vate lake";
    private static final List<String> LOGGERS = List.of("io.genvideo", "org.apache.camel");

    private final ImaContext ima = new ImaContext();
    private final Recorder recorder = new Recorder();

    /** Keeps what is logged. */
    private static final class Recorder extends AbstractAppender {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        Recorder() {
            super("recorder", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            StringWriter text = new StringWriter();
            text.append(event.getLevel().name())
                    .append(' ')
                    .append(event.getLoggerName())
                    .append(' ')
                    .append(event.getMessage().getFormattedMessage());
            if (event.getThrown() != null) {
                event.getThrown().printStackTrace(new PrintWriter(text));
            }
            lines.add(text.toString());
        }
    }

    @BeforeEach
    void record() {
        LoggerContext logging = (LoggerContext) LogManager.getContext(false);
        recorder.start();
        for (String name : LOGGERS) {
            LoggerConfig logger = new LoggerConfig(name, Level.TRACE, false);
            logger.addAppender(recorder, Level.TRACE, null);
            logging.getConfiguration().addLogger(name, logger);
        }
        logging.updateLoggers();
    }

    @AfterEach
    void stop() {
        ima.close();
        LoggerContext logging = (LoggerContext) LogManager.getContext(false);
        LOGGERS.forEach(logging.getConfiguration()::removeLogger);
        logging.updateLoggers();
        recorder.stop();
    }

    private String onUri(String operation) {
        return "genvideo:ima/" + operation + "?apiKey=" + URI_KEY + "&baseUrl=" + ImaContext.base() + "&uploadUrl="
                + ImaContext.sandbox().imaUploadUri() + "&timeout=3s";
    }

    private void assertNothingShown(String what, Object shown) {
        assertThat(String.valueOf(shown)).as(what).doesNotContain(ima.key(), URI_KEY, PROMPT, "Pr1vate");
    }

    @Test
    void logsHoldNeitherKeysNorPrompts() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:account").to("genvideo:ima/image_to_video");
                        from("direct:uri").to(onUri("image_to_video"));
                        from("direct:text").to("genvideo:ima/text_to_video?timeout=3s");
                        from("direct:dynamic").toD(onUri("${header.what}"));
                    }
                })
                .start();
        Map<String, Object> headers = Map.of(GenvideoConstants.PROMPT, PROMPT);
        List<Exchange> all = new ArrayList<>();
        all.add(ima.send("direct:account", ImaContext.picture(1), headers));
        all.add(ima.send("direct:uri", ImaContext.picture(1), headers));
        all.add(ima.send("direct:dynamic", PROMPT, Map.of("what", "text_to_video")));
        all.forEach(done -> assertThat(done.getException()).isNull());
        all.clear();

        all.add(ima.send("direct:text", PROMPT + " [[fail]]", Map.of()));
        all.add(ima.send("direct:text", PROMPT + " [[reject: not this]]", Map.of()));
        all.add(ima.send("direct:uri", PROMPT, Map.of()));
        for (Fault fault : List.of(
                Fault.loseAnswer(),
                Fault.garbage(),
                Fault.status(500),
                Fault.unauthorized(),
                Fault.stall(Duration.ofSeconds(4)))) {
            ImaContext.sandbox()
                    .faults()
                    .add(FaultRule.on("ima", "create", fault).times(1));
            all.add(ima.send("direct:text", PROMPT, Map.of()));
        }
        ImaContext.sandbox()
                .faults()
                .add(FaultRule.on("ima", "upload-token", Fault.garbage()).times(9));
        all.add(ima.send("direct:uri", ImaContext.picture(2), headers));
        ima.camel().stop();

        for (Exchange failed : all) {
            assertThat(failed.getException()).isInstanceOf(GenvideoException.class);
            StringWriter trace = new StringWriter();
            failed.getException().printStackTrace(new PrintWriter(trace));
            assertNothingShown("an exception with its causes", trace);
            assertNothingShown("what a person reads", ((GenvideoException) failed.getException()).getUserMessage());
            failed.getProperties().forEach((name, value) -> assertNothingShown("property " + name, value));
        }
        assertThat(recorder.lines).hasSizeGreaterThan(100);
        recorder.lines.forEach(line -> {
            assertThat(line).doesNotContain(ima.key());
            // On TRACE Camel itself shows URIs and messages as they are
            if (!line.startsWith("TRACE org.apache.camel")) {
                assertNothingShown("a line of the log", line);
            }
        });
    }

    @Test
    void endpointsAreShownWithoutTheirKeys() {
        ima.start();
        GenvideoEndpoint endpoint = ima.camel().getEndpoint(onUri("text_to_video"), GenvideoEndpoint.class);

        assertNothingShown("endpoint", endpoint);
        assertNothingShown("base URI", endpoint.getEndpointBaseUri());
        assertNothingShown("account", endpoint.getEngineAccount().name());
        assertNothingShown("service", endpoint.getServiceUrl() + endpoint.getServiceMetadata());
        assertNothingShown("account settings", ImaContext.account(ima.key()));
        assertNothingShown("configuration", endpoint.getConfiguration());
    }

    @Test
    void settingsAndRequestsAreShownWithoutTheirSecrets() {
        GenerationRequest request = GenerationRequest.builder()
                .prompt(PROMPT)
                .parameter("style", "Pr1vate")
                .build();
        assertNothingShown("request", request);
        ima.start();
        GenvideoEndpoint endpoint = ima.camel().getEndpoint("genvideo:ima/text_to_video", GenvideoEndpoint.class);
        assertNothingShown(
                "submission",
                Submission.builder("r1", endpoint.getEngineAccount(), request, "f")
                        .build());
        assertNothingShown(
                "settings",
                AccountSettings.builder("ima", "ima")
                        .apiKey(ima.key())
                        .secretKey(URI_KEY)
                        .baseUrl("http://localhost")
                        .build());
    }

    @Test
    void managementShowsNoKey() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:uri").to(onUri("text_to_video"));
                    }
                })
                .start();
        ima.generate("direct:uri", PROMPT);
        MBeanServer server =
                ima.camel().getManagementStrategy().getManagementAgent().getMBeanServer();
        Set<ObjectName> beans = server.queryNames(
                new ObjectName("org.apache.camel:context=" + ima.camel().getName() + ",*"), null);

        assertThat(beans).isNotEmpty();
        for (ObjectName bean : beans) {
            assertNothingShown("name of a bean", bean);
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(bean).getAttributes()) {
                if (attribute.isReadable()) {
                    assertNothingShown(
                            bean + " " + attribute.getName(), server.getAttribute(bean, attribute.getName()));
                }
            }
        }
    }
}
