/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.CallOptions;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Has the service check the pictures of those models that want it, before the create call (docs/contracts/ima.md section 5).
 * Costs nothing, and creates no task.
 */
final class AssetVerifier {
    /** The Seedance 2.0 family. */
    static final Set<String> MODELS = Set.of("ima-pro", "ima-pro-fast");

    private static final String DOING = "verifying an input";
    private static final Set<String> GOOD = Set.of("active", "success");

    private final ImaRequests requests;
    private final ServiceCalls calls;

    AssetVerifier(ImaRequests requests, ServiceCalls calls) {
        this.requests = requests;
        this.calls = calls;
    }

    /**
     * Verifies what needs it, all at once, each URL one time.
     *
     * @param verified which URLs have passed; filled here, so that a repetition goes on where it stopped. Thread-safe
     * @return the same URLs; fails unless all have passed
     */
    CompletableFuture<List<URI>> verify(
            List<URI> urls, Operation taskType, ImaLeaf leaf, Set<URI> verified, CallOptions options) {
        if (taskType == Operation.TEXT_TO_VIDEO || !MODELS.contains(leaf.modelId())) {
            return CompletableFuture.completedFuture(urls);
        }
        List<CompletableFuture<Void>> each = urls.stream()
                .distinct()
                .filter(url -> !verified.contains(url))
                .map(url -> verify(url, urls.indexOf(url) + 1, options).thenRun(() -> verified.add(url)))
                .toList();
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).thenApply(all -> urls);
    }

    /** One attempt: the call may take minutes, and a picture that was verified twice is two pictures of the account's. */
    private CompletableFuture<Void> verify(URI url, int number, CallOptions options) {
        return calls.once(
                requests.verifyAsset(url),
                options,
                answer -> {
                    check(answer, number);
                    return null;
                },
                failure -> {
                    throw ImaErrors.ERRORS.noAnswer(DOING, failure).toException(ServiceErrors.unwrap(failure));
                });
    }

    private void check(GatewayResponse answer, int number) {
        ServiceText text = ServiceText.hiding(requests.key());
        JsonNode result = ImaEnvelope.of(answer)
                .filter(e -> answer.isSuccess() && e.isOk())
                .map(e -> e.data().path("result"))
                .filter(JsonNode::isObject)
                .orElseThrow(() -> ImaErrors.unusable(DOING, answer, text));
        String status = Json.text(result.get("status"));
        String lower = status == null ? "" : status.toLowerCase(Locale.ROOT);
        if (!GOOD.contains(lower)) {
            throw rejected(lower, Json.text(result.path("error").get("message")), number, text);
        }
    }

    /**
     * {@code failed} is about the picture; any other status may be another one later, but says nothing about the service, so
     * that it is not repeated here.
     */
    private static GenvideoException rejected(String status, @Nullable String message, int number, ServiceText text) {
        String reason = message == null ? "" : ": " + text.shown(message);
        if (!status.equals("failed")) {
            return ImaErrors.ERRORS
                    .of(
                            ErrorCategory.SERVICE_UNAVAILABLE,
                            DOING,
                            "the status of input " + number + " is '" + text.shown(status) + "'" + reason)
                    .withRetryable(false)
                    .toException();
        }
        ErrorCategory category =
                ImaErrors.isAboutContent(reason) ? ErrorCategory.CONTENT_REJECTED : ErrorCategory.INVALID_REQUEST;
        return ImaErrors.ERRORS
                .of(category, DOING, "IMA Studio does not accept input " + number + reason)
                .toException();
    }
}
