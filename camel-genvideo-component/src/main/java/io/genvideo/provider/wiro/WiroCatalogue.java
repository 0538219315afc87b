/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.spi.CallOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models as the service describes them (docs/contracts/wiro.md section 10). A description is kept for ten minutes; callers
 * that come while it is being read share that one call. A failed read is not kept. Thread-safe.
 */
final class WiroCatalogue {
    /** Names and parameters drift between releases of a model, not by the minute. */
    static final Duration KEPT = Duration.ofMinutes(10);

    /** A route may take names of models from messages: when so many are kept, all are forgotten. */
    private static final int MOST_KEPT = 100;

    private static final int MOST_LISTED = 2000;

    /** Pages may be smaller than wanted, but not a row each. */
    private static final int MOST_PAGES = 100;

    private static final String READING_MODEL = "reading the model";
    private static final String READING_MODELS = "reading the models";

    private final WiroRequests requests;
    private final ServiceCalls calls;
    private final InstantSource clock;
    private final Map<String, Held> models = new ConcurrentHashMap<>();

    WiroCatalogue(WiroRequests requests, ServiceCalls calls, InstantSource clock) {
        this.requests = requests;
        this.calls = calls;
        this.clock = clock;
    }

    /** A description, and since when it is held. */
    private record Held(CompletableFuture<WiroModel> model, Instant since) {
        boolean isUsable(Instant oldest) {
            return !model.isDone() || !model.isCompletedExceptionally() && since.isAfter(oldest);
        }
    }

    /** Fails with an {@code INVALID_REQUEST} error if the service has no such model. */
    CompletableFuture<WiroModel> model(String id, CallOptions options) {
        if (models.size() >= MOST_KEPT) {
            models.clear();
        }
        Instant now = clock.instant();
        Held mine = new Held(new CompletableFuture<>(), now);
        Held chosen = models.merge(
                id.toLowerCase(Locale.ROOT), mine, (was, wanted) -> was.isUsable(now.minus(KEPT)) ? was : wanted);
        if (chosen.model == mine.model) {
            read(id, options).whenComplete((model, failure) -> {
                if (failure == null) {
                    mine.model.complete(model);
                } else {
                    mine.model.completeExceptionally(ServiceErrors.unwrap(failure));
                }
            });
        }
        // A copy, so that a caller who cancels does not cancel for all
        return chosen.model.copy();
    }

    private CompletableFuture<WiroModel> read(String id, CallOptions options) {
        int slash = id.indexOf('/');
        return ServiceCalls.attempt(() -> calls.read(
                        READING_MODEL, requests.tool(id.substring(0, slash), id.substring(slash + 1)), options)
                .thenApply(answer -> modelOf(answer, id)));
    }

    private WiroModel modelOf(GatewayResponse answer, String id) {
        JsonNode root = WiroEnvelope.success(answer).orElseThrow(() -> unusable(READING_MODEL, answer));
        return Json.elements(root.get("tool"))
                .findFirst()
                .map(tool -> new ToolReader(requests.text()).model(tool, id))
                .orElseThrow(() -> WiroErrors.ERRORS.invalid(
                        "model=" + id + " is not known; the operation models lists those there are"));
    }

    /** The service's words name the slug as it saw it; ours say what to do. */
    private GenvideoException unusable(String doing, GatewayResponse answer) {
        GenvideoException failure = WiroErrors.unusable(doing, answer, requests.text());
        return failure instanceof InvalidGenerationRequestException
                ? WiroErrors.ERRORS.invalid("model is not known to the service: "
                        + failure.getError().message() + "; the operation models lists those there are")
                : failure;
    }

    /** All models in short: without their parameters. */
    CompletableFuture<List<WiroModel>> models(CallOptions options) {
        return page(1, new ArrayList<>(), options);
    }

    private CompletableFuture<List<WiroModel>> page(int number, List<WiroModel> found, CallOptions options) {
        return calls.read(READING_MODELS, requests.tools(found.size()), options).thenCompose(answer -> {
            JsonNode root = WiroEnvelope.success(answer).orElseThrow(() -> unusable(READING_MODELS, answer));
            List<JsonNode> rows = Json.elements(root.get("tool")).toList();
            ToolReader reader = new ToolReader(requests.text());
            rows.stream().map(row -> reader.model(row, null)).forEach(found::add);
            Long total = Json.whole(root.get("total"));
            boolean full = found.size() >= MOST_LISTED || number >= MOST_PAGES;
            boolean more = !rows.isEmpty() && !full && (total == null || found.size() < total);
            return more ? page(number + 1, found, options) : CompletableFuture.completedFuture(List.copyOf(found));
        });
    }
}
