/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.genvideo.http.Download;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.HttpUris;
import io.genvideo.http.WebSocketCall;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest extends GatewayTestSupport {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path directory;

    private WireMockServer service;
    private SSLContext trusting;
    private SSLContext serving;

    @BeforeEach
    void start() throws Exception {
        Path store = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "service",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,dns:*.media.test",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("service", keys.getCertificate("service"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(null, trust.getTrustManagers(), null);
        KeyManagerFactory identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        identity.init(keys, PASSWORD.toCharArray());
        serving = SSLContext.getInstance("TLS");
        serving.init(identity.getKeyManagers(), null, null);
        service = new WireMockServer(wireMockConfig()
                .dynamicHttpsPort()
                .httpDisabled(true)
                .keystorePath(store.toString())
                .keystorePassword(PASSWORD)
                .keyManagerPassword(PASSWORD)
                .keystoreType("PKCS12"));
        service.start();
        service.stubFor(any(anyUrl()).willReturn(aResponse().withBody("{}")));
    }

    @AfterEach
    void stop() {
        service.stop();
    }

    private URI uri(String host) {
        return URI.create("https://" + host + ":" + service.httpsPort() + "/");
    }

    @Test
    void speaksHttp11WithTheContextGiven() {
        ApacheHttpGateway gateway = gateway(settings().sslContext(trusting), QUICK);

        get(gateway.send(create(uri("localhost"))));
        get(gateway.read(HttpCall.get("poll", uri("localhost"))));

        assertThat(service.getAllServeEvents())
                .hasSize(2)
                .allMatch(event -> event.getRequest().getProtocol().equals("HTTP/1.1"));
    }

    @Test
    void refusesACertificateForAnotherNameBeforeAnythingIsSent() {
        ApacheHttpGateway gateway = gateway(settings().sslContext(trusting), QUICK);

        HttpGatewayException failure = failure(gateway.send(create(uri("127.0.0.1"))));

        assertThat(failure.wasSent()).isFalse();
        assertThat(service.getAllServeEvents()).isEmpty();
    }

    @Test
    void downloadsFromAHostWithAnUnderscoreAndChecksItsName() throws Exception {
        service.stubFor(any(anyUrl()).willReturn(aResponse().withBody("video")));
        InetAddress here = InetAddress.getByName("127.0.0.1");
        HttpTimings named = QUICK.withLookup(host -> new InetAddress[] {here});
        ApacheHttpGateway gateway = gateway(settings().sslContext(trusting), named);

        assertThat(get(gateway.download(download("my_bucket.media.test"))).status())
                .isEqualTo(200);

        assertThat(failure(gateway.download(download("my_bucket.other.test")))).hasMessageContaining("TLS");
    }

    private Download download(String host) {
        return new Download(
                HttpUris.parse("https://" + host + ":" + service.httpsPort() + "/v"),
                directory.resolve("v"),
                1000,
                Duration.ofSeconds(5),
                true,
                uri -> false);
    }

    @Test
    void trustsTheContextGivenAndChecksTheNameOfAWebSocket() {
        WebSocketCall right = WebSocketCall.to("socket", URI.create("wss://localhost:" + service.httpsPort() + "/"));
        WebSocketCall wrong = WebSocketCall.to("socket", URI.create("wss://127.0.0.1:" + service.httpsPort() + "/"));
        ApacheHttpGateway trustingGateway = gateway(settings().sslContext(trusting), QUICK);

        // WireMock speaks no WebSocket: that it responds at all shows that TLS was accepted
        assertThat(failure(trustingGateway.webSocket(right, new WebSocketTest.Recorder())))
                .hasMessageContaining("HTTP 200");
        assertThat(failure(trustingGateway.webSocket(wrong, new WebSocketTest.Recorder())))
                .hasMessageContaining("TLS");
        assertThat(failure(gateway().webSocket(right, new WebSocketTest.Recorder())))
                .hasMessageContaining("TLS");
    }

    /** As with plain connections: the last bytes and the end may be there together. */
    @RepeatedTest(10)
    void deliversTheLastEventOfACutStream() throws Exception {
        SSLServerSocket server = closing((SSLServerSocket)
                serving.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        Thread streaming = new Thread(() -> {
            try (Socket socket = server.accept()) {
                assertThat(socket.getInputStream().read()).isPositive();
                socket.getOutputStream()
                        .write(
                                ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                                                + StreamTest.chunk("data: one\n\n") + StreamTest.chunk("data: two\n\n"))
                                        .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException end) {
                // The client sees it
            }
        });
        streaming.setDaemon(true);
        streaming.start();
        StreamTest.EventRecorder recorder = new StreamTest.EventRecorder();

        get(gateway(settings().sslContext(trusting), QUICK).stream(
                create(URI.create("https://localhost:" + server.getLocalPort() + "/")),
                recorder,
                Duration.ofSeconds(5)));

        assertThat(recorder.end()).isNotNull();
        assertThat(recorder.events()).containsExactly("one", "two");
    }
}
