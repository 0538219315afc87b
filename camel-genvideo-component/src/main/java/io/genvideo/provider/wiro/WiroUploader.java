/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.MediaUrls;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.spi.CallOptions;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Puts a medium into the service's own file store (docs/contracts/wiro.md section 10), one call for each. It is sent once: a
 * repetition would store the file twice.
 */
final class WiroUploader {
    private final WiroRequests requests;
    private final ServiceCalls calls;
    private final RandomGenerator random;

    WiroUploader(WiroRequests requests, ServiceCalls calls, RandomGenerator random) {
        this.requests = requests;
        this.calls = calls;
        this.random = random;
    }

    /** Fails if a file has gone or changed its nature since it was inspected. */
    CompletableFuture<URI> upload(Medium given, CallOptions options) {
        String doing = "uploading " + given.displayName();
        Medium medium = given.refreshed(WiroErrors.ERRORS);
        return calls.send(requests.upload(medium, random), options, answer -> urlOf(doing, answer), failure -> {
            throw WiroErrors.ERRORS.noAnswer(doing, failure).toException(ServiceErrors.unwrap(failure));
        });
    }

    private URI urlOf(String doing, GatewayResponse answer) {
        JsonNode root =
                WiroEnvelope.success(answer).orElseThrow(() -> WiroErrors.unusable(doing, answer, requests.text()));
        return Json.elements(root.get("list"))
                .flatMap(file -> Stream.ofNullable(MediaUrls.read(file.get("url"))))
                .findFirst()
                .orElseThrow(() -> WiroErrors.ERRORS.incomplete(doing, answer).toException());
    }
}
