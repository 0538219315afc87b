/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.AddressGuard;
import io.genvideo.http.CallRate;
import io.genvideo.http.Download;
import io.genvideo.http.Downloaded;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpClientConfigurer;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.HttpGatewaySettings;
import io.genvideo.http.Redaction;
import io.genvideo.http.SseListener;
import io.genvideo.http.StreamResponse;
import io.genvideo.http.WebSocketCall;
import io.genvideo.http.WebSocketConnection;
import io.genvideo.http.WebSocketListener;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link HttpGateway} over Apache HttpClient 5, HTTP/1.1.
 *
 * <p><b>A client for each kind of call</b> ({@link Clients}), with connections of its own. Reads are many and may be repeated,
 * so they share a large pool whose connections live as long as the service keeps them. A create must not meet a connection that
 * the service is just closing, because then nobody knows whether it arrived: its pool is small and lets no connection carry a
 * create after more than a second without use. A create that is answered by a stream would keep its connection for minutes, so
 * streams have a client of their own with the same rule. So have downloads, because they write to disk on the client's thread
 * and connect to guarded addresses, and calls with an {@link AddressGuard}.
 *
 * <p><b>Deadlines.</b> {@link HttpCall#timeout()} bounds a read with all its repeats, from its first permit under
 * {@link #limitedTo}; it bounds a send including the wait for its permit, so that a create never leaves later than its caller
 * expects. It bounds a stream until its first event.
 *
 * <p><b>Repeats of reads.</b> After about 250 ms and 1 s; not after a response that was too long; a {@code Retry-After} of up
 * to 5 s on a 503 is respected, a 503 with a longer one is returned.
 *
 * <p><b>Proxy.</b> One that requires authentication (credentials through {@link HttpClientConfigurer}) works for
 * {@code https}; a create to a plain {@code http} address is never sent again, so its 407 is returned. A refused tunnel is an
 * error with {@code wasSent() == false}. Only {@link HttpGatewaySettings#proxyHost()} may have a private address in a guarded
 * call, and through a proxy the guard can check only what this machine's name service knows.
 *
 * <p><b>Hostile servers.</b> A line of a response's head has at most {@value ClientFactory#MAX_LINE_BYTES} bytes, a head at most
 * {@value ClientFactory#MAX_HEADERS} lines. A client whose thread has ended is replaced. A host that a service names gets at most
 * {@value ClientFactory#MAX_DOWNLOADS_PER_HOST} downloads at once, and is resolved apart from the services' own hosts.
 *
 * <p>All methods return at once. What hangs on a returned stage runs on a client's thread or on the timer's. At DEBUG each call
 * logs one line: label, method, address without query, status and milliseconds.
 */
public final class ApacheHttpGateway implements HttpGateway {
    private static final Logger LOG = LoggerFactory.getLogger(ApacheHttpGateway.class);
    private static final int SWITCHING_PROTOCOLS = 101;

    private final HttpGatewaySettings settings;
    private final HttpTimings timings;
    private final Clients clients;
    private final HttpExchange.Shared shared;
    private final RateLimiter limiter;
    private final boolean owner;

    public ApacheHttpGateway(HttpGatewaySettings settings) {
        this(settings, HttpTimings.DEFAULT);
    }

    ApacheHttpGateway(HttpGatewaySettings settings, HttpTimings timings) {
        CredentialLoggers.warn();
        this.settings = settings;
        this.timings = timings;
        this.shared = HttpExchange.Shared.of(settings.timer());
        this.clients = new Clients(settings, timings, shared);
        this.limiter = RateLimiter.NONE;
        this.owner = true;
    }

    private ApacheHttpGateway(ApacheHttpGateway gateway, RateLimiter limiter) {
        this.settings = gateway.settings;
        this.timings = gateway.timings;
        this.clients = gateway.clients;
        this.shared = gateway.shared;
        this.limiter = limiter;
        this.owner = false;
    }

    @Override
    public CompletableFuture<GatewayResponse> read(HttpCall call) {
        RetryingRead read = new RetryingRead(
                call,
                timeout(call),
                limiter,
                left -> exchange(clients.reads(), call, left, false),
                shared,
                timings,
                settings.random());
        return logged(call, GatewayResponse::status, read.start());
    }

    @Override
    public CompletableFuture<GatewayResponse> once(HttpCall call) {
        HttpExchange<GatewayResponse> exchange = exchange(clients.reads(), call, timeout(call), false);
        return logged(call, GatewayResponse::status, exchange.start(limiter));
    }

    @Override
    public CompletableFuture<GatewayResponse> send(HttpCall call) {
        HttpExchange<GatewayResponse> exchange = exchange(clients.creates(), call, timeout(call), true);
        return logged(call, GatewayResponse::status, exchange.start(limiter));
    }

    private HttpExchange<GatewayResponse> exchange(ClientSlot usual, HttpCall call, Duration total, boolean once) {
        AddressGuard guard = call.guard();
        return new HttpExchange<>(
                shared,
                () -> (guard == null || AddressCheck.isExempt(guard, call.uri()) ? usual : clients.guarded()).get(),
                call,
                new HttpExchange.Limits(total, total, once),
                new ResponseConsumer(call.maxResponseBytes()));
    }

    @Override
    public CompletableFuture<StreamResponse> stream(HttpCall call, SseListener listener, Duration idle) {
        refuseGuard(call);
        HttpExchange.Limits limits = new HttpExchange.Limits(timeout(call), idle, true);
        SseCall run = new SseCall(
                listener,
                sink -> new HttpExchange<>(
                        shared,
                        clients.streams()::get,
                        call,
                        limits,
                        new StreamConsumer(call.maxResponseBytes(), sink)));
        return logged(call, StreamResponse::status, run.start(limiter));
    }

    private static void refuseGuard(HttpCall call) {
        if (call.guard() != null) {
            throw new IllegalArgumentException("a call with an address guard cannot be a stream");
        }
    }

    @Override
    public CompletableFuture<WebSocketConnection> webSocket(WebSocketCall call, WebSocketListener listener) {
        return logged(
                HttpCall.get(call.label(), call.uri()),
                connection -> SWITCHING_PROTOCOLS,
                clients.webSockets().open(call, listener, limiter));
    }

    @Override
    public CompletableFuture<Downloaded> download(Download download) {
        DownloadCall run = new DownloadCall(download, timings, (call, exempt, left, consumer) -> {
            Duration silence = left.compareTo(timings.downloadSilence()) < 0 ? left : timings.downloadSilence();
            return new HttpExchange<>(
                    shared,
                    clients.downloads(exempt)::get,
                    call,
                    new HttpExchange.Limits(left, silence, false),
                    consumer);
        });
        return logged(HttpCall.get(DownloadCall.LABEL, download.uri()), Downloaded::status, run.start(limiter));
    }

    @Override
    public HttpGateway limitedTo(CallRate rate) {
        return new ApacheHttpGateway(
                this, new RateLimiter(limiter, rate, settings.timer(), shared.inFlight(), System::nanoTime));
    }

    private Duration timeout(HttpCall call) {
        Duration own = call.timeout();
        return own == null ? settings.requestTimeout() : own;
    }

    private static <T> CompletableFuture<T> logged(
            HttpCall call, ToIntFunction<T> status, CompletableFuture<T> result) {
        if (LOG.isDebugEnabled()) {
            long start = System.nanoTime();
            result.whenComplete((value, failure) -> LOG.debug(
                    "{} {} {} -> {} in {} ms",
                    call.label(),
                    call.method(),
                    Redaction.uri(call.uri()),
                    failure == null ? status.applyAsInt(value) : "no response",
                    (System.nanoTime() - start) / 1_000_000));
        }
        return result;
    }

    /**
     * Refuses new calls, cancels repeats, and ends calls in progress with {@link io.genvideo.http.HttpGatewayException}. On a
     * view made by {@link #limitedTo} it does nothing: the clients belong to the gateway behind it.
     */
    @Override
    public void close() {
        if (owner && shared.inFlight().close()) {
            shared.inFlight().abort(item -> true, Failures.CLOSED);
            clients.close();
        }
    }
}
