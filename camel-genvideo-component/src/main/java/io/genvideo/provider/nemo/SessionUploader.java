/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.MediaUrls;
import io.genvideo.provider.support.Medium;
import io.genvideo.spi.CallOptions;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** Creates sessions and brings media into them (docs/contracts/nemo.md sections 5 and 7); free of charge. */
final class SessionUploader {
    private static final String CREATING = "creating a session";

    private final NemoRequests requests;
    private final NemoCalls calls;
    private final RandomGenerator random;

    SessionUploader(NemoRequests requests, NemoCalls calls, RandomGenerator random) {
        this.requests = requests;
        this.calls = calls;
        this.random = random;
    }

    /**
     * A session.
     *
     * @param taskId the service's id of the project around it; empty if it does not tell
     */
    record Session(String id, String taskId) {}

    CompletableFuture<Session> newSession(CallOptions options) {
        return calls.send(CREATING, requests::session, options).thenApply(answer -> {
            JsonNode data =
                    NemoEnvelope.data(answer).orElseThrow(() -> NemoErrors.unusable(CREATING, answer, calls.text()));
            String id = Objects.requireNonNullElse(Json.text(data.get("session_id")), "");
            if (!SessionIds.isValid(id)) {
                throw NemoErrors.ERRORS.incomplete(CREATING, answer).toException();
            }
            return new Session(id, Objects.requireNonNullElse(Json.text(data.get("task_id")), ""));
        });
    }

    /**
     * Brings a medium into a session: a file as it is, an address for the service to fetch from. The service is asked once,
     * because a repetition would bring it in twice.
     *
     * @return where the service keeps it
     */
    CompletableFuture<URI> upload(String session, Medium given, CallOptions options) {
        String doing = "uploading " + given.displayName();
        URI url = given.url();
        if (url != null) {
            return calls.send(doing, token -> requests.upload(session, url, token), options)
                    .thenApply(answer -> addressIn(doing, answer));
        }
        Medium medium = given.refreshed(NemoErrors.ERRORS);
        return calls.send(doing, token -> requests.upload(session, medium, random, token), options)
                .thenApply(answer -> addressIn(doing, answer));
    }

    private URI addressIn(String doing, GatewayResponse answer) {
        JsonNode data = NemoEnvelope.data(answer).orElseThrow(() -> NemoErrors.unusable(doing, answer, calls.text()));
        URI address = MediaUrls.read(data.path("files").path(0).get("cdn_url"));
        if (address == null) {
            throw NemoErrors.ERRORS.incomplete(doing, answer).toException();
        }
        return address;
    }
}
