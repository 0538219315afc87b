/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.http.Download;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpClientConfigurer;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.WebSocketCall;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyTest extends GatewayTestSupport {
    private static final HttpClientConfigurer CREDENTIALS = builder -> {
        BasicCredentialsProvider credentials = new BasicCredentialsProvider();
        credentials.setCredentials(new AuthScope(null, -1), new UsernamePasswordCredentials("u", "p".toCharArray()));
        builder.setDefaultCredentialsProvider(credentials);
    };
    private static final String ASKS =
            "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n";

    @TempDir
    Path directory;

    private ApacheHttpGateway behind(RawServer proxy, HttpTimings timings) {
        return gateway(settings().proxy("127.0.0.1", proxy.port()).configurer(CREDENTIALS), timings);
    }

    private static HttpTimings names(String publicName) {
        return QUICK.withLookup(host -> {
            if (host.equals(publicName)) {
                return new InetAddress[] {InetAddress.getByName("93.184.216.34")};
            }
            if (host.equals("127.0.0.1") || host.equals("inside.test")) {
                return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
            }
            throw new UnknownHostException(host);
        });
    }

    @Test
    void sendsACreateThroughTheProxy() {
        RawServer proxy = server((conversation, request) -> conversation.ok("{}"));

        assertThat(get(behind(proxy, QUICK).send(create(URI.create("http://service.test/create"))))
                        .status())
                .isEqualTo(200);
        assertThat(proxy.requests.get(0)).startsWith("POST http://service.test/create HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 502, 503})
    void reportsARefusedTunnelUnsent(int status) {
        RawServer proxy = server((conversation, request) ->
                conversation.write("HTTP/1.1 " + status + " No\r\nContent-Length: 2\r\n\r\nno"));

        HttpGatewayException failure =
                failure(behind(proxy, QUICK).send(create(URI.create("https://service.test/create"))));

        assertThat(failure.wasSent()).isFalse();
        assertThat(failure).hasMessageContaining("proxy refused").hasMessageContaining("" + status);
    }

    @Test
    void opensTheTunnelWithTheProxysCredentials() {
        RawServer proxy = server((conversation, request) -> {
            if (request.contains("Proxy-Authorization: Basic")) {
                conversation.write("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
            } else {
                conversation.write(ASKS);
            }
        });

        HttpGatewayException failure = failure(behind(proxy, QUICK)
                .send(create(URI.create("https://service.test/create")).timeout(Duration.ofSeconds(2))));

        assertThat(failure.wasSent()).isFalse();
        assertThat(proxy.requests).hasSize(2).allMatch(request -> request.startsWith("CONNECT service.test:443"));
    }

    @Test
    void doesNotRepeatACreateThatAProxyChallenges() {
        RawServer proxy = server((conversation, request) -> conversation.write(ASKS));

        GatewayResponse answer = get(behind(proxy, QUICK).send(create(URI.create("http://service.test/create"))));

        assertThat(answer.status()).isEqualTo(407);
        assertThat(proxy.requests).hasSize(1);
    }

    @Test
    void repeatsAReadThatAProxyChallenges() {
        RawServer proxy = server((conversation, request) -> {
            if (request.contains("Proxy-Authorization: Basic")) {
                conversation.ok("{}");
            } else {
                conversation.write(ASKS);
            }
        });

        assertThat(get(behind(proxy, QUICK).read(HttpCall.get("poll", URI.create("http://service.test/"))))
                        .status())
                .isEqualTo(200);
        assertThat(proxy.requests).hasSize(2);
    }

    @Test
    void opensAWebSocketThroughATunnelOfTheProxy() {
        RawServer proxy = server((conversation, request) -> {
            if (request.startsWith("CONNECT ")) {
                conversation.write("HTTP/1.1 200 OK\r\n\r\n");
            } else {
                SocketPeer peer = SocketPeer.accept(conversation, request);
                peer.text("through");
                peer.close(1000);
            }
        });
        WebSocketTest.Recorder recorder = new WebSocketTest.Recorder();

        get(behind(proxy, QUICK).webSocket(WebSocketCall.to("socket", URI.create("ws://service.test/v1")), recorder));

        assertThat(recorder.end()).isNull();
        assertThat(recorder.messages()).containsExactly("through");
        assertThat(proxy.requests.get(0)).startsWith("CONNECT service.test:80");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 407, 502})
    void opensNoWebSocketThroughARefusedTunnel(int status) {
        RawServer proxy = server((conversation, request) -> conversation.write(
                "HTTP/1.1 " + status + " No\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n"));

        failure(behind(proxy, QUICK)
                .webSocket(
                        WebSocketCall.to("socket", URI.create("ws://service.test/v1")), new WebSocketTest.Recorder()));

        assertThat(proxy.requests).hasSize(1);
    }

    private Download guarded(String uri) {
        return new Download(
                URI.create(uri), directory.resolve("out"), 1000, Duration.ofSeconds(5), false, any -> false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://cdn.test/v.mp4", "http://only-the-proxy-knows.test/v.mp4"})
    void downloadsThroughAPrivateProxy(String uri) {
        RawServer proxy = server((conversation, request) -> conversation.ok("video"));

        assertThat(get(behind(proxy, names("cdn.test")).download(guarded(uri))).status())
                .isEqualTo(200);
        assertThat(directory.resolve("out")).hasContent("video");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://inside.test/", "http://127.0.0.1/"})
    void requestsNoPrivateAddressOfTheProxy(String uri) {
        RawServer proxy = server((conversation, request) -> conversation.ok("secret"));

        assertThat(failure(behind(proxy, names("cdn.test")).download(guarded(uri))))
                .hasMessageContaining("is not a public address");
        assertThat(proxy.requests).isEmpty();
    }
}
