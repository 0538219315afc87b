/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.AddressGuard;
import io.genvideo.http.Download;
import io.genvideo.http.Downloaded;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpUris;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One download: its redirects, followed by hand so that each is checked like the first address, and the file at the end. */
final class DownloadCall {

    /** Makes one request of a download. */
    interface Exchanges {
        /**
         * @param exempt whether the address may be private
         * @param left of the download's time
         */
        HttpExchange<FileConsumer.Hop> exchange(HttpCall call, boolean exempt, Duration left, FileConsumer consumer);
    }

    static final String LABEL = "download";
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MAX_REDIRECTS = 5;

    private final Download download;
    private final HttpTimings timings;
    private final Exchanges exchanges;
    private final AddressGuard guard;
    private final CompletableFuture<Downloaded> result = new CompletableFuture<>();
    private long startNanos;
    private volatile @Nullable CompletableFuture<?> pending;

    DownloadCall(Download download, HttpTimings timings, Exchanges exchanges) {
        this.download = download;
        this.timings = timings;
        this.exchanges = exchanges;
        this.guard = new AddressGuard(download.allowPrivate(), download.trusted());
    }

    /** @param limiter whose permit the first request waits for */
    CompletableFuture<Downloaded> start(RateLimiter limiter) {
        result.whenComplete((file, failure) -> {
            CompletableFuture<?> exchange = pending;
            if (exchange != null) {
                exchange.cancel(false);
            }
        });
        limiter.acquire(HttpCall.get(LABEL, download.uri()), null).whenComplete((permit, refused) -> {
            startNanos = System.nanoTime();
            if (refused == null) {
                fetch(download.uri(), 0);
            } else {
                result.completeExceptionally(HttpExchange.unwrapped(refused));
            }
        });
        return result;
    }

    private void fetch(URI uri, int redirects) {
        if (result.isDone()) {
            return;
        }
        Duration left = download.timeout().minusNanos(System.nanoTime() - startNanos);
        if (left.isNegative() || left.isZero()) {
            fail(
                    uri,
                    new Failures.DescribedException(
                            "not complete within " + download.timeout().toMillis() + " ms"));
            return;
        }
        boolean exempt;
        try {
            exempt = AddressCheck.isExempt(guard, uri);
        } catch (IOException undecided) {
            fail(uri, undecided);
            return;
        }
        PartFile part = new PartFile(download.target(), download.maxBytes());
        SlowTransferCheck speed = new SlowTransferCheck(timings.slowWindow(), timings.slowBytes());
        HttpExchange<FileConsumer.Hop> exchange = exchanges.exchange(
                HttpCall.get(LABEL, uri), exempt, left, new FileConsumer(part, download.maxBytes(), speed));
        pending = exchange.result();
        exchange.result().whenComplete((hop, failure) -> {
            if (hop == null) {
                part.discard();
                result.completeExceptionally(failure);
            } else if (hop.location() != null && REDIRECTS.contains(hop.status())) {
                redirect(uri, hop.location(), redirects + 1);
            } else {
                finish(uri, part, hop);
            }
        });
        exchange.start();
        if (result.isDone()) {
            exchange.result().cancel(false);
        }
    }

    private void redirect(URI from, String location, int redirects) {
        if (redirects > MAX_REDIRECTS) {
            fail(from, new Failures.PermanentException("more than " + MAX_REDIRECTS + " redirects"));
            return;
        }
        URI to;
        try {
            to = HttpUris.resolve(from, location);
        } catch (IllegalArgumentException malformed) {
            // Without the reason: it is about another address than the one that the failure names
            fail(from, new Failures.PermanentException("it redirects to something that is not a web address"));
            return;
        }
        fetch(to, redirects);
    }

    private void finish(URI uri, PartFile part, FileConsumer.Hop hop) {
        if (result.isDone()) {
            part.discard();
            return;
        }
        try {
            if (hop.status() == 200) {
                part.moveToTarget();
            }
            result.complete(new Downloaded(hop.status(), download.target(), hop.contentType(), hop.size()));
        } catch (IOException failure) {
            part.discard();
            result.completeExceptionally(
                    Failures.of(LABEL, uri, "the file could not be moved to its target", true, failure));
        }
    }

    private void fail(URI uri, IOException cause) {
        result.completeExceptionally(Failures.of(LABEL, uri, Failures.describe(cause), pending != null, cause));
    }
}
