/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.Download;
import io.genvideo.http.Downloaded;
import io.genvideo.http.HttpCall;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One download: its redirects, followed by hand so that each is checked like the first address, and the file at the end. */
final class DownloadCall {

    /** One request of a download, given whether the guard holds for it and the time that is left. */
    interface Hops {
        HttpExchange<FileConsumer.Hop> exchange(HttpCall call, boolean guarded, Duration left, FileConsumer consumer);
    }

    static final String LABEL = "download";
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MOST_REDIRECTS = 5;

    private final Download download;
    private final DownloadGuard guard;
    private final Hops hops;
    private final long began = System.nanoTime();
    private final CompletableFuture<Downloaded> result = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<?> pending;

    DownloadCall(Download download, DownloadGuard guard, Hops hops) {
        this.download = download;
        this.guard = guard;
        this.hops = hops;
    }

    CompletableFuture<Downloaded> start() {
        result.whenComplete((file, failure) -> {
            CompletableFuture<?> under = pending;
            if (under != null) {
                under.cancel(false);
            }
        });
        fetch(download.uri(), 0);
        return result;
    }

    private void fetch(URI uri, int redirects) {
        String objection = DownloadGuard.objection(uri);
        if (objection != null) {
            fail(uri, objection, null);
            return;
        }
        boolean guarded;
        try {
            guarded = !download.allowPrivate() && !download.trusted().test(uri);
        } catch (RuntimeException failure) {
            fail(uri, "whether the address is trusted could not be told", failure);
            return;
        }
        CompletableFuture<Void> checked = guarded ? guard.beforeProxy(uri) : CompletableFuture.completedFuture(null);
        checked.whenComplete((passed, refused) -> {
            if (refused != null) {
                fail(uri, Failures.words(refused), refused);
            } else {
                exchange(uri, redirects, guarded);
            }
        });
    }

    private void exchange(URI uri, int redirects, boolean guarded) {
        if (result.isDone()) {
            return;
        }
        Duration left = download.timeout().minusNanos(System.nanoTime() - began);
        if (left.isNegative() || left.isZero()) {
            fail(uri, "not complete within " + download.timeout().toMillis() + " ms", null);
            return;
        }
        PartFile part = new PartFile(download.target(), download.maxBytes());
        HttpExchange<FileConsumer.Hop> exchange =
                hops.exchange(HttpCall.get(LABEL, uri), guarded, left, new FileConsumer(part, download.maxBytes()));
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
        if (redirects > MOST_REDIRECTS) {
            fail(from, "more than " + MOST_REDIRECTS + " redirects", null);
            return;
        }
        URI to;
        try {
            to = from.resolve(location.trim());
        } catch (IllegalArgumentException malformed) {
            fail(from, "it redirects to something that is not an address", null);
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
            fail(uri, "the file could not be put in place", failure);
        }
    }

    private void fail(URI uri, String words, @Nullable Throwable cause) {
        result.completeExceptionally(Failures.of(LABEL, uri, words, pending != null, cause));
    }
}
