/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpGateway;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MimeTypes;
import io.genvideo.provider.support.MediaUrls;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.Origin;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.CallOptions;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings media to where the service can fetch them (docs/contracts/ima.md section 4): asks for an address, puts the bytes there,
 * and gives the
 * public URL. Both calls may be repeated, so they go through {@link HttpGateway#read}; neither costs anything.
 */
final class ImaUploader {
    private static final Logger LOG = LoggerFactory.getLogger(ImaUploader.class);

    private final ImaRequests requests;
    private final ServiceCalls calls;
    private final InstantSource clock;
    private final RandomGenerator random;

    ImaUploader(ImaRequests requests, ServiceCalls calls, InstantSource clock, RandomGenerator random) {
        this.requests = requests;
        this.calls = calls;
        this.clock = clock;
        this.random = random;
    }

    /** Fails if a file has gone or changed its nature since the request was planned. */
    CompletableFuture<URI> upload(Medium given, CallOptions options) {
        String doing = "uploading " + given.displayName();
        Medium medium = given.refreshed(ImaErrors.ERRORS);
        return calls.read(doing, requests.uploadToken(tokenQuery(medium)), options)
                .thenApply(answer -> target(doing, answer))
                .thenCompose(target -> put(doing, medium, target, options));
    }

    private CompletableFuture<URI> put(String doing, Medium medium, Target target, CallOptions options) {
        return calls.read(doing, requests.putMedium(target.put(), medium.body(), medium.size()), options)
                .thenApply(answer -> {
                    if (!answer.isSuccess()) {
                        throw ImaErrors.ERRORS
                                .of(
                                        answer.status() == 413
                                                ? ErrorCategory.INVALID_REQUEST
                                                : ErrorCategory.SERVICE_UNAVAILABLE,
                                        doing,
                                        "HTTP " + answer.status() + " from " + Origin.shown(target.put()))
                                .withCode(null, answer.status())
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
        query.put("appUid", requests.key());
        query.put("appId", UploadSignature.APP_ID);
        query.put("appKey", UploadSignature.APP_KEY);
        query.put("cmimToken", requests.key());
        query.put("sign", UploadSignature.of(timestamp, nonce));
        query.put("timestamp", timestamp);
        query.put("nonce", nonce);
        query.put("fService", "privite");
        query.put("fType", fileType(medium.kind()));
        query.put("fSuffix", suffix(medium));
        query.put("fContentType", medium.contentType());
        return query;
    }

    private Target target(String doing, GatewayResponse answer) {
        JsonNode data = ImaEnvelope.of(answer)
                .filter(e -> answer.isSuccess() && e.isOk())
                .map(ImaEnvelope::data)
                .orElseThrow(() -> ImaErrors.unusable(doing, answer, ServiceText.hiding(requests.key())));
        URI put = MediaUrls.read(data.get("ful"));
        URI get = MediaUrls.read(data.get("fdl"));
        if (put == null || get == null) {
            throw ImaErrors.unusable(doing, answer, ServiceText.hiding(requests.key()));
        }
        for (URI named : List.of(put, get)) {
            if (!requests.address().canFetch(named)) {
                throw ImaErrors.ERRORS
                        .of(
                                ErrorCategory.SERVICE_UNAVAILABLE,
                                doing,
                                "the service names an address on a private network: " + Origin.shown(named))
                        .withRetryable(false)
                        .toException();
            }
        }
        return new Target(put, get);
    }

    /** The service's clients call a JPEG without a name {@code jpeg} (docs/contracts/ima.md section 4). */
    private static String suffix(Medium medium) {
        if (!medium.suffix().isEmpty()) {
            return medium.suffix();
        }
        String usual = MimeTypes.extensionFor(medium.mimeType());
        return usual == null || usual.equals("jpg") ? "jpeg" : usual;
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
