/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpClientConfigurer;
import io.genvideo.http.HttpGatewayException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.core5.http.support.BasicRequestBuilder;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendTest extends GatewayTestSupport {
    private final WireMockServer service =
            new WireMockServer(wireMockConfig().dynamicPort().dynamicHttpsPort());

    /** Everything a user could switch on to have a create sent twice. */
    static final HttpClientConfigurer HOSTILE = builder -> {
        BasicCredentialsProvider credentials = new BasicCredentialsProvider();
        credentials.setCredentials(
                new AuthScope(null, -1), new UsernamePasswordCredentials("user", "secret".toCharArray()));
        builder.setRetryStrategy(new DefaultHttpRequestRetryStrategy(5, TimeValue.ofMilliseconds(1)))
                .setRedirectStrategy(DefaultRedirectStrategy.INSTANCE)
                .setDefaultCredentialsProvider(credentials)
                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_2)
                .setConnectionManager(null)
                .setKeepAliveStrategy((response, context) -> TimeValue.ofHours(1));
    };

    @BeforeEach
    void start() {
        service.start();
    }

    @AfterEach
    void stop() {
        service.stop();
    }

    private String base() {
        return "http://localhost:" + service.port();
    }

    private void answers(int status) {
        service.stubFor(post(anyUrl())
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Location", base() + "/elsewhere")
                        .withHeader("WWW-Authenticate", "Basic realm=\"x\"")
                        .withHeader("Retry-After", "0")
                        .withBody("{\"code\":1}")));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 301, 307, 308, 401, 407, 408, 429, 500, 502, 503, 504})
    void sendsACreateOnceWhateverTheResponse(int status) {
        answers(status);

        GatewayResponse answer = get(gateway().send(create(URI.create(base() + "/create"))));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).isEqualTo("{\"code\":1}");
        service.verify(1, postRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308, 401, 407, 429, 503})
    void sendsACreateOnceWhateverTheConfigurerDoes(int status) {
        answers(status);

        GatewayResponse answer =
                get(gateway(settings().configurer(HOSTILE), QUICK).send(create(URI.create(base() + "/create"))));

        assertThat(answer.status()).isEqualTo(status);
        service.verify(1, postRequestedFor(anyUrl()));
    }

    @Test
    void sendsACreateOnceInSpiteOfARepeatingInterceptor() {
        answers(503);
        HttpClientConfigurer repeating = builder -> builder.addExecInterceptorFirst(
                "again",
                (request, body, scope, chain, callback) -> chain.proceed(
                        BasicRequestBuilder.copy(request).build(), body, scope, new RepeatingCallback(callback, () -> {
                            scope.execRuntime.discardEndpoint();
                            chain.proceed(request, body, scope, callback);
                        })));
        HttpCall bodiless = new HttpCall("create", "POST", URI.create(base()), List.of(), null, null, null, 1000, null);

        HttpGatewayException failure =
                failure(gateway(settings().configurer(repeating), QUICK).send(bodiless));

        assertThat(failure.wasSent()).isTrue();
        service.verify(1, postRequestedFor(anyUrl()));
    }

    @Test
    void sendsHeadersBodyAndQueryUnchanged() {
        answers(200);
        URI uri = URI.create(base() + "/a%2Fb?sig=x%2By%2F+z&e=");

        get(gateway().send(create(uri).header("X-A", "1").header("X-A", "2").header("Authorization", "Bearer k")));

        var request = service.getAllServeEvents().get(0).getRequest();
        assertThat(request.getUrl()).isEqualTo("/a%2Fb?sig=x%2By%2F+z&e=");
        assertThat(request.header("X-A").values()).containsExactly("1", "2");
        assertThat(request.getHeader("Content-Type")).isEqualTo("application/json");
        assertThat(request.getHeader("Authorization")).isEqualTo("Bearer k");
        assertThat(request.getBodyAsString()).isEqualTo("{\"prompt\":\"a cat\"}");
        assertThat(request.getProtocol()).isEqualTo("HTTP/1.1");
    }

    @Test
    void reportsAResetAfterTheRequestAsSent() {
        RawServer server = server((conversation, request) -> conversation.reset());

        HttpGatewayException failure =
                failure(gateway(settings().configurer(HOSTILE), QUICK).send(create(server.uri("/create?key=secret"))));

        assertThat(failure.wasSent()).isTrue();
        assertThat(failure).hasMessageContaining("create").hasMessageNotContaining("secret");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void reportsAResetAfterTheHeadOfTheResponseAsSent() {
        RawServer server = server((conversation, request) -> {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            conversation.reset();
        });

        assertThat(failure(gateway().send(create(server.uri("/")))).wasSent()).isTrue();
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void reportsAResponseThatEndsEarlyAsSent() {
        RawServer server = server((conversation, request) -> {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            conversation.socket.close();
        });

        HttpGatewayException failure = failure(gateway().send(create(server.uri("/"))));

        assertThat(failure.wasSent()).isTrue();
        assertThat(failure).hasMessageContaining("before the response was complete");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void reportsGarbageAsSentWithoutQuotingIt() {
        RawServer server = server((conversation, request) -> conversation.write("secret garbage\r\n".repeat(2000)));

        HttpGatewayException failure = failure(gateway().send(create(server.uri("/"))));

        assertThat(failure.wasSent()).isTrue();
        assertThat(failure).hasStackTraceContaining("create").hasMessageNotContaining("secret");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void reportsSilenceAsSentAfterTheTimeout() {
        RawServer server = server((conversation, request) -> conversation.stall());

        HttpGatewayException failure =
                failure(gateway().send(create(server.uri("/")).timeout(Duration.ofMillis(300))));

        assertThat(failure.wasSent()).isTrue();
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void endsADrippingResponseAtTheDeadline() {
        RawServer server = server((conversation, request) -> {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            CountDownLatch never = new CountDownLatch(1);
            while (!never.await(20, TimeUnit.MILLISECONDS)) {
                conversation.write("x");
            }
        });
        long began = System.nanoTime();

        HttpGatewayException failure =
                failure(gateway().send(create(server.uri("/")).timeout(Duration.ofMillis(400))));

        assertThat(failure.wasSent()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void reportsAResponseThatIsTooLongAsSent() {
        RawServer announced = server((conversation, request) -> conversation.ok("x".repeat(2000)));
        RawServer chunked = server((conversation, request) ->
                conversation.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + "x".repeat(2000)));

        for (RawServer server : new RawServer[] {announced, chunked}) {
            HttpGatewayException failure =
                    failure(gateway().send(create(server.uri("/")).maxResponseBytes(1000)));
            assertThat(failure.wasSent()).isTrue();
            assertThat(failure).hasMessageContaining("longer than 1000 bytes");
        }
    }

    @Test
    void reportsAFailedHandshakeUnsent() {
        HttpGatewayException failure =
                failure(gateway().send(create(URI.create("https://localhost:" + service.httpsPort() + "/"))));

        assertThat(failure.wasSent()).isFalse();
        assertThat(failure).hasMessageContaining("TLS");
        service.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void reportsAMissingFileUnsent() {
        HttpCall call = HttpCall.post(
                "create", URI.create(base()), new HttpBody.FromFile(Path.of("/nowhere/x.png"), "image/png"));

        HttpGatewayException failure = failure(gateway().send(call));

        assertThat(failure.wasSent()).isFalse();
        assertThat(failure).hasMessageContaining("local file");
    }
}
