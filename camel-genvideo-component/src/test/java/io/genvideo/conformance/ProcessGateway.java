/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import io.genvideo.http.CallRate;
import io.genvideo.http.Download;
import io.genvideo.http.Downloaded;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.HttpGatewaySettings;
import io.genvideo.http.SseListener;
import io.genvideo.http.StreamResponse;
import io.genvideo.http.WebSocketCall;
import io.genvideo.http.WebSocketConnection;
import io.genvideo.http.WebSocketListener;
import io.genvideo.http.apache.ApacheHttpGateway;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;

/**
 * The component's gateway as one process uses it: when the process is dead, its calls do not leave and their responses do not
 * arrive. A read that fails is not repeated and a limited rate is not kept, because both would wait in real time and neither is
 * the provider's work.
 */
final class ProcessGateway implements HttpGateway {
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final HttpGateway REAL = real();

    private final CallsUnderWay underWay;
    private final Steps steps;

    ProcessGateway(CallsUnderWay underWay, Steps steps) {
        this.underWay = underWay;
        this.steps = steps;
    }

    private static HttpGateway real() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "conformance-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return new ApacheHttpGateway(HttpGatewaySettings.builder(timer, new Random(1))
                .name("conformance")
                .requestTimeout(REQUEST_TIMEOUT)
                .build());
    }

    @Override
    public CompletableFuture<GatewayResponse> read(HttpCall call) {
        return call(call, () -> REAL.once(call));
    }

    @Override
    public CompletableFuture<GatewayResponse> once(HttpCall call) {
        return call(call, () -> REAL.once(call));
    }

    @Override
    public CompletableFuture<GatewayResponse> send(HttpCall call) {
        return call(call, () -> REAL.send(call));
    }

    @Override
    public CompletableFuture<StreamResponse> stream(HttpCall call, SseListener listener, Duration idle) {
        return call(call, () -> REAL.stream(call, observe(listener), idle).thenApply(this::begin));
    }

    @Override
    public CompletableFuture<WebSocketConnection> webSocket(WebSocketCall call, WebSocketListener listener) {
        return CompletableFuture.failedFuture(
                new HttpGatewayException(call + ": the service of the kit opens no sockets", false, null));
    }

    @Override
    public CompletableFuture<Downloaded> download(Download download) {
        return underWay.observe(REAL.download(download));
    }

    @Override
    public HttpGateway limitedTo(CallRate rate) {
        return this;
    }

    @Override
    public void close() {
        // the real gateway serves all tests and ends with the process
    }

    private <T> CompletableFuture<T> call(HttpCall call, Supplier<CompletableFuture<T>> real) {
        if (!steps.take("before " + call)) {
            return new CompletableFuture<>();
        }
        return underWay.observe(real.get().whenComplete((value, failure) -> {
            if (!steps.take("after " + call)) {
                throw new IllegalStateException("the process has died");
            }
        }));
    }

    private StreamResponse begin(StreamResponse response) {
        if (response instanceof StreamResponse.Opened) {
            underWay.begin();
        }
        return response;
    }

    /** A stream is under way until it has ended. */
    private SseListener observe(SseListener listener) {
        return new SseListener() {
            @Override
            public boolean event(String data) {
                return steps.take("before an event") && listener.event(data);
            }

            @Override
            public boolean alive() {
                return steps.take("before an empty event") && listener.alive();
            }

            @Override
            public void ended(HttpGatewayException cause) {
                try {
                    listener.ended(cause);
                } finally {
                    underWay.end();
                }
            }
        };
    }
}
