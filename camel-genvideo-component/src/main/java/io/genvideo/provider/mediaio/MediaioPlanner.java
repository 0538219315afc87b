/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractReadyGeneration;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.MediaUploads;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Turns a request into a plan, and a plan into a paid call: model, parameters and media, all by the vendor's definition. */
final class MediaioPlanner {
    private static final int PARALLEL_UPLOADS = 3;

    private final MediaioRequests requests;
    private final ServiceCalls calls;
    private final MediaioCatalogue catalogue;
    private final MediaUploads uploads = new MediaUploads(MediaioPlanner::withoutUpload, PARALLEL_UPLOADS);

    MediaioPlanner(MediaioRequests requests, ServiceCalls calls, MediaioCatalogue catalogue) {
        this.requests = requests;
        this.calls = calls;
        this.catalogue = catalogue;
    }

    private static CompletableFuture<URI> withoutUpload(Medium medium, CallOptions options) {
        return CompletableFuture.failedFuture(MediaioErrors.ERRORS.invalid(InputRules.WAYS_OUT));
    }

    PlannedGeneration plan(GenerationRequest request, CallOptions options) {
        Operation operation = Objects.requireNonNull(request.operation(), "operation");
        requests.key();
        MediaioModel model = catalogue.find(request.model(), operation);
        Map<String, JsonNode> values = ParameterResolver.resolve(request, model);
        checkPrompt(values, operation, model);
        boolean hasUploader = options.uploader() != null;
        Map<FieldDefinition, List<Medium>> media = InputRules.assigned(request, model, requests.address(), hasUploader);
        return new Plan(request, model, values, media, options);
    }

    private static void checkPrompt(Map<String, JsonNode> values, Operation operation, MediaioModel model) {
        if (model.field(MediaioModel.PROMPT).filter(FieldDefinition::required).isPresent()) {
            InputRules.CHECKS.prompt(
                    Json.text(values.get(MediaioModel.PROMPT)), operation.path() + " with " + model.name());
        }
    }

    /** A checked request. */
    private final class Plan implements PlannedGeneration {
        /** The service publishes no times: video models need more than three minutes in practice. */
        private static final ExpectedTime VIDEO = new ExpectedTime(Duration.ofSeconds(45), Duration.ofMinutes(6));

        private static final ExpectedTime IMAGE = new ExpectedTime(Duration.ofSeconds(6), Duration.ofMinutes(1));

        private final GenerationRequest request;
        private final MediaioModel target;
        private final Map<String, JsonNode> values;
        private final Map<FieldDefinition, List<Medium>> media;
        private final ConcurrentMap<Integer, URI> uploaded = new ConcurrentHashMap<>();
        private final CallOptions options;

        Plan(
                GenerationRequest request,
                MediaioModel target,
                Map<String, JsonNode> values,
                Map<FieldDefinition, List<Medium>> media,
                CallOptions options) {
            this.request = request;
            this.target = target;
            this.values = values;
            this.media = media;
            this.options = options;
        }

        @Override
        public String model() {
            return target.id();
        }

        /** Prices are published nowhere (docs/contracts/mediaio.md section 4). */
        @Override
        public @Nullable BigDecimal credits() {
            return null;
        }

        @Override
        public ExpectedTime expectedTime() {
            return target.kind() == MediaKind.IMAGE ? IMAGE : VIDEO;
        }

        @Override
        public CompletionStage<ReadyGeneration> stage() {
            return ServiceCalls.attempt(() -> uploads.upload(refreshed(), uploaded, checkingUploads())
                    .thenApply(urls -> new Ready(this, MediaioRequests.createBody(target, values(urls)))));
        }

        /** All media as they are now: a file may have changed, or gone, while its request waited. */
        private List<Medium> refreshed() {
            List<Medium> now = new ArrayList<>();
            media.forEach((field, list) -> list.forEach(medium -> {
                boolean isFile = medium.url() == null && !uploaded.containsKey(now.size());
                Medium current = isFile ? medium.refreshed(MediaioErrors.ERRORS) : medium;
                if (isFile) {
                    Objects.requireNonNull(field.medium()).check(current, target.name());
                }
                now.add(current);
            }));
            return now;
        }

        /** The route's uploader is anybody's code: what it returns must be an http or https URL. */
        private CallOptions checkingUploads() {
            var uploader = options.uploader();
            return uploader == null
                    ? options
                    : new CallOptions(
                            options.requestTimeout(),
                            input -> uploader.upload(input).thenApply(url -> InputRules.uploaded(url, input)));
        }

        private Map<String, JsonNode> values(List<URI> urls) {
            Map<String, JsonNode> all = new LinkedHashMap<>(values);
            List<JsonNode> texts = urls.stream()
                    .<JsonNode>map(url -> Json.NODES.textNode(url.toString()))
                    .toList();
            int from = 0;
            for (Map.Entry<FieldDefinition, List<Medium>> entry : media.entrySet()) {
                int to = from + entry.getValue().size();
                FieldDefinition field = entry.getKey();
                all.put(field.name(), field.isArray() ? Json.array(texts.subList(from, to)) : texts.get(from));
                from = to;
            }
            return all;
        }

        /** Without the request: that is the user's. */
        @Override
        public String toString() {
            return "MediaioPlan[" + target.id() + "]";
        }
    }

    /** A request with its body written: sending it is all that is left. */
    private final class Ready extends AbstractReadyGeneration<Plan> {
        private final String body;

        Ready(Plan plan, String body) {
            super(plan);
            this.body = body;
        }

        @Override
        public CompletionStage<SubmitOutcome> submit() {
            CreateResponseMapper mapper = new CreateResponseMapper(ServiceText.hiding(
                    requests.key(), plan.request.prompt(), Json.text(plan.values.get(MediaioModel.PROMPT))));
            return calls.send(requests.create(plan.target, body), plan.options, mapper::of, mapper::ofFailure);
        }

        /** Nothing here goes out of date: there are no prices, and the definition is not read from the service. */
        @Override
        public CompletionStage<ReadyGeneration> refresh() {
            return CompletableFuture.completedStage(this);
        }
    }
}
