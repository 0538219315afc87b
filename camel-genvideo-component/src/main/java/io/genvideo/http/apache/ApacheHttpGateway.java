/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.Download;
import io.genvideo.http.Downloaded;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpClientConfigurer;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.HttpGatewaySettings;
import io.genvideo.http.Redaction;
import io.genvideo.http.SseListener;
import io.genvideo.http.StreamResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link HttpGateway} over Apache HttpClient 5, HTTP/1.1.
 *
 * <p><b>Two clients for calls.</b> Reads are many and may be repeated, so they share a large pool whose connections live as
 * long as the service keeps them. A create must not meet a connection that the service is just closing, because then nobody
 * knows whether it arrived: its pool is small and lets no connection carry a create that sat idle for more than a second.
 * One pool could not be both. A pool of its own also keeps creates from queueing behind polls. A create that is answered by a
 * stream would keep its connection for minutes, so streams have a client of their own, made when first needed, with the same
 * rule. So have downloads, because they write to disk on the client's thread and connect to guarded addresses.
 *
 * <p><b>Deadlines.</b> {@link HttpCall#timeout()} bounds a read with all its repeats, from its first turn under
 * {@link #limitedTo}; it bounds a send including the wait for its turn, so that a create never leaves later than its caller
 * reckons with. It bounds a stream until its first event.
 *
 * <p><b>Repeats of reads.</b> After about 250 ms and 1 s; not after an answer that was too long; a {@code Retry-After} of up
 * to 5 s on a 503 is waited for, a 503 that asks for more is returned.
 *
 * <p><b>Proxy.</b> One that asks for authentication (credentials through {@link HttpClientConfigurer}) works for
 * {@code https}; a create to a plain {@code http} address is never sent again, so its 407 is returned. A refused tunnel is an
 * error with {@code wasSent() == false}. Only {@link HttpGatewaySettings#proxyHost()} may have a private address in a guarded
 * download, and through a proxy the guard can check only what this machine's name service knows.
 *
 * <p>All methods return at once; names are looked up on threads of the gateway's own. What hangs on a returned stage runs on
 * a client's thread or on the timer's. At DEBUG each call logs one line: label, method, address without query, status and
 * milliseconds.
 */
public final class ApacheHttpGateway implements HttpGateway {
    private static final Logger LOG = LoggerFactory.getLogger(ApacheHttpGateway.class);

    private final HttpGatewaySettings settings;
    private final HttpTimings tuning;
    private final InFlightCalls open = new InFlightCalls();
    private final HttpExchange.Surroundings surroundings;
    private final AsyncDnsResolver names;
    private final ClientFactory factory;
    private final DownloadGuard guard;
    private final PooledClient reads;
    private final PooledClient creates;
    private final Object lazily = new Object();
    private @Nullable PooledClient streams;
    private @Nullable PooledClient guardedDownloads;
    private @Nullable PooledClient ownDownloads;

    public ApacheHttpGateway(HttpGatewaySettings settings) {
        this(settings, HttpTimings.DEFAULT);
    }

    ApacheHttpGateway(HttpGatewaySettings settings, HttpTimings tuning) {
        CredentialLoggers.warn();
        this.settings = settings;
        this.tuning = tuning;
        this.surroundings = new HttpExchange.Surroundings(settings.timer(), open);
        this.names = new AsyncDnsResolver(tuning.lookup(), ClientFactory.threads(settings.name(), "names"));
        this.factory = new ClientFactory(settings, tuning, names);
        this.guard = new DownloadGuard(names, settings.proxyHost() != null);
        this.reads = factory.forReads();
        this.creates = factory.forCreates();
    }

    @Override
    public CompletableFuture<GatewayResponse> read(HttpCall call) {
        return read(call, RateLimiter.NONE);
    }

    @Override
    public CompletableFuture<GatewayResponse> once(HttpCall call) {
        return once(call, RateLimiter.NONE);
    }

    @Override
    public CompletableFuture<GatewayResponse> send(HttpCall call) {
        return send(call, RateLimiter.NONE);
    }

    @Override
    public CompletableFuture<StreamResponse> stream(HttpCall call, SseListener listener, Duration idle) {
        return stream(call, listener, idle, RateLimiter.NONE);
    }

    @Override
    public CompletableFuture<Downloaded> download(Download download) {
        return download(download, RateLimiter.NONE);
    }

    /**
     * @param callsPerSecond 0.001 to 1,000,000; the repeats of a read count, the redirects of a download do not
     * @throws IllegalArgumentException for another rate
     */
    @Override
    public HttpGateway limitedTo(double callsPerSecond) {
        return paced(RateLimiter.NONE, callsPerSecond);
    }

    HttpGateway paced(RateLimiter outer, double callsPerSecond) {
        return new RateLimitedGateway(
                this, new RateLimiter(outer, callsPerSecond, settings.timer(), open, System::nanoTime));
    }

    CompletableFuture<GatewayResponse> read(HttpCall call, RateLimiter pace) {
        Duration total = timeout(call);
        RetryingRead read = new RetryingRead(
                call, total, pace, left -> exchange(reads, call, left, false), surroundings, tuning, settings.random());
        return logged(call, GatewayResponse::status, read::start);
    }

    CompletableFuture<GatewayResponse> once(HttpCall call, RateLimiter pace) {
        return single(reads, call, pace, false);
    }

    CompletableFuture<GatewayResponse> send(HttpCall call, RateLimiter pace) {
        return single(creates, call, pace, true);
    }

    private CompletableFuture<GatewayResponse> single(
            PooledClient client, HttpCall call, RateLimiter pace, boolean create) {
        Duration total = timeout(call);
        long asked = System.nanoTime();
        return logged(
                call,
                GatewayResponse::status,
                () -> inTurn(call, total, pace, result -> {
                    Duration left = total.minusNanos(System.nanoTime() - asked);
                    follow(exchange(client, call, left, create), result);
                }));
    }

    CompletableFuture<StreamResponse> stream(HttpCall call, SseListener listener, Duration idle, RateLimiter pace) {
        Duration total = timeout(call);
        long asked = System.nanoTime();
        return logged(
                call,
                StreamResponse::status,
                () -> inTurn(call, total, pace, result -> {
                    Duration left = total.minusNanos(System.nanoTime() - asked);
                    SseCall run = new SseCall(
                            listener,
                            sink -> new HttpExchange<>(
                                    surroundings,
                                    streams(),
                                    call,
                                    new HttpExchange.Terms(left, idle, true),
                                    new StreamConsumer(call.maxResponseBytes(), sink)));
                    join(run.start(), result);
                }));
    }

    private static <T> CompletableFuture<T> inTurn(
            HttpCall call, @Nullable Duration atMost, RateLimiter pace, Consumer<CompletableFuture<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        pace.turn(call, atMost).whenComplete((granted, refused) -> {
            if (refused != null) {
                result.completeExceptionally(unwrapped(refused));
            } else if (!result.isDone()) {
                work.accept(result);
            }
        });
        return result;
    }

    private HttpExchange<GatewayResponse> exchange(PooledClient client, HttpCall call, Duration left, boolean once) {
        return new HttpExchange<>(
                surroundings,
                client,
                call,
                new HttpExchange.Terms(left, left, once),
                new ResponseConsumer(call.maxResponseBytes()));
    }

    CompletableFuture<Downloaded> download(Download download, RateLimiter pace) {
        HttpCall call = HttpCall.get(DownloadCall.LABEL, download.uri());
        return logged(
                call,
                Downloaded::status,
                () -> inTurn(
                        call,
                        null,
                        pace,
                        result -> join(new DownloadCall(download, guard, this::hop).start(), result)));
    }

    private HttpExchange<FileConsumer.Hop> hop(HttpCall call, boolean guarded, Duration left, FileConsumer consumer) {
        Duration silence = left.compareTo(tuning.downloadSilence()) < 0 ? left : tuning.downloadSilence();
        return new HttpExchange<>(
                surroundings, downloads(guarded), call, new HttpExchange.Terms(left, silence, false), consumer);
    }

    private PooledClient downloads(boolean guarded) {
        synchronized (lazily) {
            PooledClient existing = guarded ? guardedDownloads : ownDownloads;
            if (existing != null) {
                return existing;
            }
            PooledClient made = unlessClosed(factory.forDownloads(guarded));
            if (guarded) {
                guardedDownloads = made;
            } else {
                ownDownloads = made;
            }
            return made;
        }
    }

    private PooledClient streams() {
        synchronized (lazily) {
            PooledClient existing = streams;
            if (existing != null) {
                return existing;
            }
            PooledClient made = unlessClosed(factory.forStreams());
            streams = made;
            return made;
        }
    }

    /** One that is made while the gateway is closed may come too late for that. */
    private PooledClient unlessClosed(PooledClient made) {
        if (open.isClosed()) {
            made.close();
        }
        return made;
    }

    private Duration timeout(HttpCall call) {
        Duration own = call.timeout();
        return own == null ? settings.requestTimeout() : own;
    }

    private static <T> void follow(HttpExchange<T> exchange, CompletableFuture<T> result) {
        join(exchange.result(), result);
        exchange.start();
    }

    private static <T> void join(CompletableFuture<T> from, CompletableFuture<T> to) {
        from.whenComplete((value, failure) -> {
            if (failure == null) {
                to.complete(value);
            } else {
                to.completeExceptionally(failure);
            }
        });
        to.whenComplete((value, failure) -> from.cancel(false));
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private <T> CompletableFuture<T> logged(
            HttpCall call, ToIntFunction<T> status, Supplier<CompletableFuture<T>> work) {
        if (open.isClosed()) {
            return CompletableFuture.failedFuture(Failures.of(call.label(), call.uri(), Failures.CLOSED, false, null));
        }
        long began = System.nanoTime();
        CompletableFuture<T> result = work.get();
        if (LOG.isDebugEnabled()) {
            result.whenComplete((value, failure) -> LOG.debug(
                    "{} {} {} -> {} in {} ms",
                    call.label(),
                    call.method(),
                    Redaction.uri(call.uri()),
                    failure == null ? status.applyAsInt(value) : "no answer",
                    (System.nanoTime() - began) / 1_000_000));
        }
        return result;
    }

    /** Refuses new calls, cancels repeats, and ends what is under way with {@link HttpGatewayException}. */
    @Override
    public void close() {
        if (!open.close()) {
            return;
        }
        open.abortAll();
        List<PooledClient> clients;
        synchronized (lazily) {
            clients = Stream.of(reads, creates, streams, guardedDownloads, ownDownloads)
                    .filter(Objects::nonNull)
                    .toList();
        }
        clients.forEach(PooledClient::beginClosing);
        clients.forEach(PooledClient::close);
        names.close();
    }
}
