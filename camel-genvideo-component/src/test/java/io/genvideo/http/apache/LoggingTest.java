/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.http.AddressGuard;
import io.genvideo.http.Download;
import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.WebSocketCall;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoggingTest extends GatewayTestSupport {
    private static final List<String> FOREIGN = List.of(
            "org.apache.hc.client5.http.headers",
            "org.apache.hc.client5.http.wire",
            "org.apache.hc.client5.http.impl.async.HttpAsyncMainClientExec");

    private final Captured captured = new Captured();

    @TempDir
    Path directory;

    private static final class Captured extends AbstractAppender {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        Captured() {
            super("captured", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            Throwable thrown = event.getThrown();
            StringBuilder line = new StringBuilder(event.getLevel() + " " + event.getLoggerName() + " "
                    + event.getMessage().getFormattedMessage());
            for (; thrown != null; thrown = thrown.getCause()) {
                line.append(" | ").append(thrown);
            }
            lines.add(line.toString());
        }
    }

    private static LoggerContext logging() {
        return (LoggerContext) LogManager.getContext(false);
    }

    @BeforeEach
    void capture() {
        Configurator.setLevel("io.genvideo", Level.TRACE);
        captured.start();
        logging().getRootLogger().addAppender(captured);
    }

    @AfterEach
    void release() {
        logging().getRootLogger().removeAppender(captured);
        Configurator.setLevel("io.genvideo", Level.ERROR);
        FOREIGN.forEach(name -> Configurator.setLevel(name, Level.ERROR));
    }

    private static HttpCall withSecrets(URI uri) {
        return HttpCall.post("IMA token", uri, HttpBody.json("{\"k\":\"s3cret\"}"))
                .header("Authorization", "Bearer s3cret")
                .header("X-Odd", "s3cret\r\nX-Injected: 1");
    }

    @Test
    void logsOneLinePerCallWithoutCredentials() throws Exception {
        RawServer good = server((conversation, request) ->
                conversation.write("HTTP/1.1 200 OK\r\nX-Token: s3cret\r\nContent-Length: 6\r\n\r\ns3cret"));
        RawServer bad = server((conversation, request) ->
                conversation.write("HTTP/1.1 200 OK\r\ns3cret without colon\r\nContent-Length: s3cret\r\n\r\n"));
        ApacheHttpGateway gateway = gateway();

        get(gateway.send(withSecrets(good.uri("/token?appKey=s3cret"))));
        get(gateway.read(withSecrets(good.uri("/read?appKey=s3cret"))));
        get(gateway.download(new Download(
                good.uri("/v?sig=s3cret"), directory.resolve("v"), 100, Duration.ofSeconds(5), true, any -> true)));
        HttpGatewayException garbled = failure(gateway.send(withSecrets(bad.uri("/bad?appKey=s3cret"))));
        HttpGatewayException refused = failure(
                gateway.send(withSecrets(URI.create("http://127.0.0.1:" + deadPort() + "/gone?appKey=s3cret"))));

        for (Throwable thrown = garbled; thrown != null; thrown = thrown.getCause()) {
            assertThat(thrown.toString()).doesNotContain("s3cret");
        }
        for (Throwable thrown = refused; thrown != null; thrown = thrown.getCause()) {
            assertThat(thrown.toString()).doesNotContain("s3cret");
        }
        // a line is written after the answer was handed over, so it may be behind what this thread does
        await().untilAsserted(() -> assertThat(captured.lines)
                .filteredOn(line -> line.contains("io.genvideo.http.apache.ApacheHttpGateway"))
                .hasSize(5)
                .anyMatch(line -> line.matches(
                        "DEBUG \\S+ IMA token POST http://127\\.0\\.0\\.1:\\d+/token\\?\u2026 -> 200 in \\d+ ms"))
                .anyMatch(line -> line.contains("/bad?\u2026 -> no response in")));
        assertThat(captured.lines).noneMatch(line -> line.contains("s3cret"));
        assertThat(good.requests).noneMatch(request -> request.contains("\r\nX-Injected"));
    }

    @Test
    void logsAndReportsSocketsAndGuardedCallsWithoutCredentials() {
        RawServer server = server((conversation, request) -> {
            if (request.startsWith("GET /socket")) {
                SocketPeer.accept(conversation, request).text("s3cret");
            } else {
                conversation.write("HTTP/1.1 401 s3cret\r\nX-Token: s3cret\r\nContent-Length: 0\r\n\r\n");
            }
            conversation.stall();
        });
        ApacheHttpGateway gateway = gateway();
        String base = "ws://127.0.0.1:" + server.port();
        WebSocketTest.Recorder recorder = new WebSocketTest.Recorder();

        get(gateway.webSocket(
                WebSocketCall.to("socket", URI.create(base + "/socket?token=s3cret"))
                        .header("Authorization", "Bearer s3cret")
                        .idle(Duration.ofMillis(300)),
                recorder));
        List<Throwable> failures = List.of(
                recorder.end(),
                failure(gateway.webSocket(
                        WebSocketCall.to("socket", URI.create(base + "/refused?token=s3cret"))
                                .header("Authorization", "Bearer s3cret"),
                        recorder)),
                failure(gateway.read(
                        withSecrets(server.uri("/guarded?sig=s3cret")).guard(AddressGuard.publicOr(uri -> false)))));

        for (Throwable failure : failures) {
            StringWriter printed = new StringWriter();
            failure.printStackTrace(new PrintWriter(printed, true));
            assertThat(printed.toString()).doesNotContain("s3cret");
        }
        assertThat(captured.lines).isNotEmpty().noneMatch(line -> line.contains("s3cret"));
    }

    @Test
    void warnsOfLoggersOfHttpClientThatPrintCredentials() {
        FOREIGN.forEach(name -> Configurator.setLevel(name, Level.DEBUG));
        gateway();

        assertThat(captured.lines)
                .filteredOn(line -> line.startsWith("WARN io.genvideo.http"))
                .singleElement()
                .satisfies(line -> assertThat(line).contains(FOREIGN).contains("credentials"));
    }

    @Test
    void warnsOfNothingIfTheseLoggersAreOff() {
        gateway();

        assertThat(captured.lines).noneMatch(line -> line.startsWith("WARN"));
    }
}
