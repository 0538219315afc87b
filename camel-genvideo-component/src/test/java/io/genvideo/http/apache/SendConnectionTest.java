/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpGatewayException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SendConnectionTest extends GatewayTestSupport {
    @Test
    void reportsARefusedConnectionUnsent() throws Exception {
        HttpGatewayException failure =
                failure(gateway().send(create(URI.create("http://127.0.0.1:" + deadPort() + "/"))));

        assertThat(failure.wasSent()).isFalse();
        assertThat(failure).hasMessageContaining("refused");
    }

    @Test
    void reportsAnUnknownHostUnsent() {
        HttpTimings nameless = QUICK.withLookup(host -> {
            throw new UnknownHostException(host);
        });

        HttpGatewayException failure =
                failure(gateway(settings(), nameless).send(create(URI.create("http://nowhere.test/"))));

        assertThat(failure.wasSent()).isFalse();
        assertThat(failure).hasMessageContaining("name of the host is not known");
    }

    @Test
    void reportsAnInterruptedHandshakeUnsent() {
        RawServer plain = server((conversation, request) -> conversation.ok("never"));

        HttpGatewayException failure = failure(gateway()
                .send(create(URI.create("https://127.0.0.1:" + plain.port() + "/"))
                        .timeout(Duration.ofMillis(500))));

        assertThat(failure.wasSent()).isFalse();
    }

    @Test
    void reportsAMissingConnectionUnsentAndNeverSendsItLater() {
        RawServer server = server((conversation, request) -> {
            if (request.contains("/first")) {
                conversation.stall();
            } else {
                conversation.ok("{}");
            }
        });
        ApacheHttpGateway gateway = gateway(settings().maxConnections(1), QUICK);
        CompletableFuture<GatewayResponse> first =
                gateway.send(create(server.uri("/first")).timeout(Duration.ofMillis(900)));
        await().until(() -> server.requests.size() == 1);

        HttpGatewayException failure =
                failure(gateway.send(create(server.uri("/second")).timeout(Duration.ofMillis(200))));

        assertThat(failure.wasSent()).isFalse();
        assertThat(failure(first).wasSent()).isTrue();
        // The connection is free now; what was reported as not sent must not take it
        get(gateway.send(create(server.uri("/third"))));
        assertThat(server.requests).hasSize(2).noneMatch(request -> request.contains("/second"));
    }

    @Test
    void reportsASlowNameServerUnsentWithoutBlockingTheCaller() {
        CountDownLatch released = new CountDownLatch(1);
        HttpTimings slow = QUICK.withLookup(host -> {
            try {
                released.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(host);
        });
        long began = System.nanoTime();

        CompletableFuture<GatewayResponse> sent = gateway(settings(), slow)
                .send(create(URI.create("http://slow.test/")).timeout(Duration.ofMillis(200)));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(150));
        assertThat(failure(sent).wasSent()).isFalse();
        released.countDown();
    }

    @Test
    void reusesAFreshConnection() {
        RawServer server = server((conversation, request) -> conversation.ok("{}"));
        ApacheHttpGateway gateway = gateway(settings(), QUICK.withCreateIdle(Duration.ofSeconds(20)));

        for (int i = 0; i < 5; i++) {
            get(gateway.send(create(server.uri("/" + i))));
        }

        assertThat(server.requests).hasSize(5);
        assertThat(server.connections).hasValue(1);
    }

    @Test
    void sendsNoCreateOnAnIdleConnectionWhateverTheServerOffers() {
        RawServer server = server((conversation, request) ->
                conversation.write("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=600\r\nContent-Length: 2\r\n\r\n{}"));
        ApacheHttpGateway gateway = gateway(settings().configurer(SendTest.HOSTILE), QUICK);
        get(gateway.send(create(server.uri("/1"))));
        long idleSince = System.nanoTime();

        await().pollDelay(Duration.ofMillis(1050))
                .until(() ->
                        System.nanoTime() - idleSince > Duration.ofMillis(1010).toNanos());
        get(gateway.send(create(server.uri("/2"))));

        assertThat(server.connections).hasValue(2);
    }

    @Test
    void neverSendsACancelledCreateThatWaits() {
        RawServer server = server((conversation, request) -> {
            if (request.contains("/first")) {
                conversation.stall();
            } else {
                conversation.ok("{}");
            }
        });
        ApacheHttpGateway gateway = gateway(settings().maxConnections(1), QUICK);
        CompletableFuture<GatewayResponse> first =
                gateway.send(create(server.uri("/first")).timeout(Duration.ofMillis(400)));
        CompletableFuture<GatewayResponse> second = gateway.send(create(server.uri("/second")));

        second.cancel(false);
        failure(first);
        get(gateway.send(create(server.uri("/third"))));

        assertThat(second).isCompletedExceptionally();
        assertThat(second.handle((answer, failure) -> failure).join()).isInstanceOf(CancellationException.class);
        assertThat(server.requests).noneMatch(request -> request.contains("/second"));
    }

    @Test
    void endsCallsInProgressAndRefusesNewOnesWhenClosed() {
        RawServer server = server((conversation, request) -> conversation.stall());
        ApacheHttpGateway gateway = gateway();
        CompletableFuture<GatewayResponse> underWay = gateway.send(create(server.uri("/")));
        await().until(() -> server.requests.size() == 1);

        gateway.close();
        gateway.close();

        assertThat(failure(underWay).wasSent()).isTrue();
        HttpGatewayException refused = failure(gateway.send(create(server.uri("/"))));
        assertThat(refused.wasSent()).isFalse();
        assertThat(refused).hasMessageContaining("closed");
        assertThat(server.requests).hasSize(1);
        assertThat(timer.isShutdown()).isFalse();
    }
}
