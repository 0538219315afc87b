/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpGateway;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.MediaKind;
import io.genvideo.spi.CallOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings media to where the service can fetch them (contract 4): asks for an address, puts the bytes there, and gives the
 * public URL. Both calls may be repeated, so they go through {@link HttpGateway#read}; neither costs anything.
 */
final class ImaUploader {
    private static final Logger LOG = LoggerFactory.getLogger(ImaUploader.class);

    /** As many as the service's newest client sends at once. */
    private static final int PARALLEL = 3;

    private final ImaRequests wire;
    private final HttpGateway http;
    private final InstantSource clock;
    private final RandomGenerator random;

    ImaUploader(ImaRequests wire, HttpGateway http, InstantSource clock, RandomGenerator random) {
        this.wire = wire;
        this.http = http;
        this.clock = clock;
        this.random = random;
    }

    /**
     * The URLs of media, in their order; three are uploaded at a time. After a failure no further upload is started, and
     * those under way are waited for.
     *
     * @param done what is uploaded already, by index; filled while uploading, so that a repetition goes on where it stopped
     */
    CompletableFuture<List<URI>> upload(List<Medium> media, ConcurrentMap<Integer, URI> done, CallOptions options) {
        AtomicInteger next = new AtomicInteger();
        List<CompletableFuture<Void>> lanes = IntStream.range(0, Math.min(PARALLEL, media.size()))
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

    /** The URL of one medium; a URL is given back as it is. */
    CompletableFuture<URI> upload(Medium given, CallOptions options) {
        URI already = given.url();
        if (already != null) {
            return CompletableFuture.completedFuture(already);
        }
        String doing = "uploading " + given.displayName();
        try {
            Medium medium = given.asItIsNow();
            return http.read(wire.uploadToken(tokenQuery(medium)).defaultTimeout(options.requestTimeout()))
                    .handle((answer, failure) -> target(doing, answered(doing, answer, failure)))
                    .thenCompose(target -> put(doing, medium, target));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<URI> put(String doing, Medium medium, Target target) {
        return http.read(ImaRequests.putMedium(target.put(), medium.body(), medium.size()))
                .handle((answer, failure) -> {
                    GatewayResponse stored = answered(doing, answer, failure);
                    if (!stored.isSuccess()) {
                        throw ImaErrors.of(
                                        stored.status() == 413
                                                ? ErrorCategory.INVALID_REQUEST
                                                : ErrorCategory.SERVICE_UNAVAILABLE,
                                        doing,
                                        "HTTP " + stored.status() + " from " + Origin.shown(target.put()))
                                .withCode(null, stored.status())
                                .toException();
                    }
                    LOG.debug("Uploaded {} bytes of {} to IMA", medium.size(), medium.contentType());
                    return target.get();
                });
    }

    private Map<String, String> tokenQuery(Medium medium) {
        String timestamp = String.valueOf(clock.instant().getEpochSecond());
        String nonce = UploadSignature.nonce(random);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("appUid", wire.key());
        query.put("appId", UploadSignature.APP_ID);
        query.put("appKey", UploadSignature.APP_KEY);
        query.put("cmimToken", wire.key());
        query.put("sign", UploadSignature.of(timestamp, nonce));
        query.put("timestamp", timestamp);
        query.put("nonce", nonce);
        query.put("fService", "privite");
        query.put("fType", fileType(medium.kind()));
        query.put("fSuffix", medium.suffix());
        query.put("fContentType", medium.contentType());
        return query;
    }

    private Target target(String doing, GatewayResponse answer) {
        JsonNode data = ImaEnvelope.of(answer)
                .filter(e -> answer.isSuccess() && e.isOk())
                .map(ImaEnvelope::data)
                .orElseThrow(() -> ImaErrors.unusable(doing, answer, wire));
        URI put = address(data.get("ful"));
        URI get = address(data.get("fdl"));
        if (put == null || get == null) {
            throw ImaErrors.unusable(doing, answer, wire);
        }
        return new Target(put, get);
    }

    private static GatewayResponse answered(
            String doing, @Nullable GatewayResponse answer, @Nullable Throwable failure) {
        if (answer == null) {
            Throwable cause = failure == null ? new IllegalStateException("neither answer nor failure") : failure;
            throw ImaErrors.noAnswer(doing, cause).toException(ImaErrors.unwrap(cause));
        }
        return answer;
    }

    private static @Nullable URI address(@Nullable JsonNode node) {
        String text = Json.text(node);
        if (text == null) {
            return null;
        }
        try {
            URI uri = new URI(text);
            return Origin.of(uri) == null ? null : uri;
        } catch (URISyntaxException e) {
            // The text is a credential and stays unsaid; the caller reports the answer as unusable.
            return null;
        }
    }

    private static String fileType(MediaKind kind) {
        return switch (kind) {
            case VIDEO -> "video";
            case AUDIO -> "audio";
            default -> "picture";
        };
    }

    /** @param put where the bytes go: the address is the credential, never shown */
    private record Target(URI put, URI get) {}
}
