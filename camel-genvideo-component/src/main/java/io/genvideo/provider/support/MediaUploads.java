/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import io.genvideo.spi.CallOptions;
import io.genvideo.spi.MediaUploader;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Brings the media of a request to URLs: what is a URL stays as it is, the rest goes to the uploader that the route has given,
 * else to the service's own upload. A few at a time, and what is done stays done when a failure makes the caller repeat it.
 */
public final class MediaUploads {
    /** The service's own upload. */
    @FunctionalInterface
    public interface Upload {
        /** @param medium not a URL */
        CompletableFuture<URI> upload(Medium medium, CallOptions options);
    }

    private final Upload own;
    private final int parallel;

    /** @param parallel how many uploads of one request run at a time */
    public MediaUploads(Upload own, int parallel) {
        this.own = own;
        this.parallel = parallel;
    }

    /** The URL of one medium. */
    public CompletableFuture<URI> upload(Medium medium, CallOptions options) {
        URI already = medium.url();
        if (already != null) {
            return CompletableFuture.completedFuture(already);
        }
        MediaUploader given = options.uploader();
        try {
            return given == null
                    ? own.upload(medium, options)
                    : given.upload(medium.input()).toCompletableFuture();
        } catch (RuntimeException e) {
            // an uploader of the route's may be anybody's code
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * The URLs of media, in their order. After a failure no further upload is started, and those under way are waited for.
     *
     * @param done what is uploaded already, by index; filled while uploading, so that a repetition goes on where it stopped
     */
    public CompletableFuture<List<URI>> upload(
            List<Medium> media, ConcurrentMap<Integer, URI> done, CallOptions options) {
        AtomicInteger next = new AtomicInteger();
        List<CompletableFuture<Void>> lanes = IntStream.range(0, Math.min(parallel, media.size()))
                .mapToObj(lane -> lane(media, done, next, options))
                .toList();
        return CompletableFuture.allOf(lanes.toArray(CompletableFuture[]::new))
                .thenApply(all -> IntStream.range(0, media.size())
                        .mapToObj(i -> Objects.requireNonNull(done.get(i)))
                        .toList());
    }

    private CompletableFuture<Void> lane(
            List<Medium> media, ConcurrentMap<Integer, URI> done, AtomicInteger next, CallOptions options) {
        int index = next.getAndIncrement();
        if (index >= media.size()) {
            return CompletableFuture.completedFuture(null);
        }
        URI known = done.get(index);
        CompletableFuture<URI> url =
                known != null ? CompletableFuture.completedFuture(known) : upload(media.get(index), options);
        return url.whenComplete((uri, failure) -> {
                    if (failure == null) {
                        done.put(index, uri);
                    } else {
                        next.set(media.size());
                    }
                })
                .thenCompose(uri -> lane(media, done, next, options));
    }
}
