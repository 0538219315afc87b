/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.http.CallRate;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.HttpGatewayException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest extends GatewayTestSupport {
    private static final HttpCall CALL = HttpCall.get("poll", URI.create("http://service.test/"));

    @Test
    void startsInOrderAndNoFasterThanTheRate() {
        List<Long> starts = new ArrayList<>();
        RawServer server = server((conversation, request) -> {
            synchronized (starts) {
                starts.add(System.nanoTime());
            }
            conversation.ok("{}");
        });
        ApacheHttpGateway gateway = gateway();
        HttpGateway limited = gateway.limitedTo(20);
        List<CompletableFuture<GatewayResponse>> reads = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            reads.add(limited.read(HttpCall.get("poll", server.uri("/" + i))));
        }

        get(CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new)));

        assertThat(Duration.ofNanos(starts.get(9) - starts.get(0))).isGreaterThan(Duration.ofMillis(400));
        for (int i = 0; i < 10; i++) {
            assertThat(server.requests.get(i)).startsWith("GET /" + i + " ");
        }
        assertThat(server.connections.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void makesRepeatsOfAReadWaitForPermitsToo() {
        RawServer server =
                server((conversation, request) -> conversation.write("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"));
        HttpGateway limited = gateway().limitedTo(4);
        long began = System.nanoTime();

        get(limited.read(HttpCall.get("poll", server.uri("/"))));

        assertThat(server.requests).hasSize(3);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(490));
    }

    @Test
    void refusesASendThatWouldComeTooLateAtOnceWithoutUsingAPermit() {
        RawServer server = server((conversation, request) -> conversation.ok("{}"));
        HttpGateway limited = gateway().limitedTo(2);
        get(limited.send(create(server.uri("/1"))));

        HttpGatewayException failure =
                failure(limited.send(create(server.uri("/2")).timeout(Duration.ofMillis(100))));

        assertThat(failure.wasSent()).isFalse();
        assertThat(failure).hasMessageContaining("limit of calls");
        assertThat(get(limited.send(create(server.uri("/3")))).status()).isEqualTo(200);
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void keepsTheGatewayOpenWhenAViewIsClosedAndEndsWaitingCallsWhenItIsClosed() {
        RawServer server = server((conversation, request) -> conversation.ok("{}"));
        ApacheHttpGateway gateway = gateway();
        HttpGateway limited = gateway.limitedTo(0.01);
        limited.close();
        get(limited.read(HttpCall.get("poll", server.uri("/"))));
        CompletableFuture<GatewayResponse> waiting = limited.read(HttpCall.get("poll", server.uri("/")));

        gateway.close();

        assertThat(failure(waiting)).hasMessageContaining("closed");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void appliesBothLimitsInAViewOfAView() {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
        RateLimiter slow = new RateLimiter(RateLimiter.NONE, CallRate.of(1), timer, new InFlightCalls(), now::get);
        RateLimiter both = new RateLimiter(slow, CallRate.of(1000), timer, new InFlightCalls(), now::get);
        assertThat(both.acquire(CALL, Duration.ZERO)).isCompleted();
        assertThat(both.acquire(CALL, Duration.ZERO)).isCompletedExceptionally();

        now.addAndGet(TimeUnit.SECONDS.toNanos(1));

        assertThat(both.acquire(CALL, Duration.ZERO)).isCompleted();
    }

    @Test
    void savesNoPermitsOfQuietTimes() {
        AtomicLong now = new AtomicLong();
        RateLimiter limiter = new RateLimiter(RateLimiter.NONE, CallRate.of(10), timer, new InFlightCalls(), now::get);
        AtomicInteger granted = new AtomicInteger();
        now.set(TimeUnit.MINUTES.toNanos(5));

        for (int i = 0; i < 5; i++) {
            limiter.acquire(CALL, Duration.ZERO).thenRun(granted::incrementAndGet);
        }

        assertThat(granted).hasValue(1);
    }

    @Test
    void aRateThatIsLoweredHoldsForCallsThatWaitAlready() {
        AtomicLong now = new AtomicLong();
        CallRate rate = CallRate.of(1000);
        RateLimiter limiter = new RateLimiter(RateLimiter.NONE, rate, timer, new InFlightCalls(), now::get);
        get(limiter.acquire(CALL, null));
        CompletableFuture<Void> waiting = limiter.acquire(CALL, null);

        rate.set(0.1);
        now.addAndGet(TimeUnit.SECONDS.toNanos(9));
        rate.set(0.1);
        assertThat(waiting).isNotDone();
        rate.set(1);

        get(waiting);
    }

    @Test
    void startsNothingBeforeARateIsSetOrAfterItHasEnded() {
        CallRate rate = new CallRate();
        RateLimiter limiter = new RateLimiter(RateLimiter.NONE, rate, timer, new InFlightCalls(), System::nanoTime);
        CompletableFuture<Void> first = limiter.acquire(CALL, Duration.ofSeconds(1));
        assertThat(first).isNotDone();

        rate.set(1000, Duration.ofMinutes(1));
        get(first);
        rate.set(1000, Duration.ZERO);
        CompletableFuture<Void> second = limiter.acquire(CALL, null);
        assertThat(second).isNotDone();

        rate.set(1000);
        get(second);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e-9})
    void rejectsAnImpossibleRate(double rate) {
        assertThatThrownBy(() -> gateway().limitedTo(rate))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("callsPerSecond");
    }
}
