/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.HttpGatewaySettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** Gateways with quick back-off, and all that must be closed after a test. */
abstract class GatewayTestSupport {
    static final HttpTimings QUICK = HttpTimings.DEFAULT.withBackOff(Duration.ofMillis(20), Duration.ofMillis(40));

    final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final List<AutoCloseable> toClose = new ArrayList<>();

    HttpGatewaySettings.Builder settings() {
        return HttpGatewaySettings.builder(timer, new SplittableRandom(1))
                .name("test")
                .requestTimeout(Duration.ofSeconds(5));
    }

    ApacheHttpGateway gateway() {
        return gateway(settings(), QUICK);
    }

    ApacheHttpGateway gateway(HttpGatewaySettings.Builder settings, HttpTimings timings) {
        return closing(new ApacheHttpGateway(settings.build(), timings));
    }

    <T extends AutoCloseable> T closing(T resource) {
        toClose.add(0, resource);
        return resource;
    }

    RawServer server(RawServer.Script script) {
        return closing(new RawServer(script));
    }

    static HttpCall create(URI uri) {
        return HttpCall.post("create", uri, HttpBody.json("{\"prompt\":\"a cat\"}"));
    }

    static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }

    static HttpGatewayException failure(CompletableFuture<?> future) {
        Throwable thrown = catchThrowable(() -> get(future));
        assertThat(thrown).isInstanceOf(CompletionException.class);
        assertThat(thrown.getCause()).isInstanceOf(HttpGatewayException.class);
        return (HttpGatewayException) thrown.getCause();
    }

    /** A port where nobody listens. */
    static int deadPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : toClose) {
            resource.close();
        }
        timer.shutdownNow();
    }
}
