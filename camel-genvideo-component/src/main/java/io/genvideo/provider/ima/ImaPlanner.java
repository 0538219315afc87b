/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractReadyGeneration;
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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Turns a request into a plan, and a plan into a paid call: model, parameters, media and price, all by one reading of the list. */
final class ImaPlanner {
    private final ImaRequests requests;
    private final ServiceCalls calls;
    private final ImaCatalogue catalogue;
    private final MediaUploads uploads;
    private final AssetVerifier verifier;

    ImaPlanner(ImaRequests requests, ServiceCalls calls, ImaCatalogue catalogue, MediaUploads uploads) {
        this.requests = requests;
        this.calls = calls;
        this.catalogue = catalogue;
        this.uploads = uploads;
        this.verifier = new AssetVerifier(requests, calls);
    }

    /** What needs no list is checked first, so that a missing file or prompt is reported without a call. */
    CompletableFuture<PlannedGeneration> plan(GenerationRequest request, CallOptions options) {
        Operation taskType = Objects.requireNonNull(request.operation(), "operation");
        requests.key();
        InputRules.CHECKS.prompt(request.prompt(), taskType.path());
        List<Medium> media = request.inputs().stream()
                .map(input -> Medium.of(input, ImaErrors.ERRORS))
                .toList();
        return catalogue
                .leaves(taskType, options)
                .thenCompose(leaves -> planned(request, taskType, media, leaves, new StagedMedia(), options))
                .thenApply(plan -> plan);
    }

    private CompletableFuture<Plan> planned(
            GenerationRequest request,
            Operation taskType,
            List<Medium> media,
            List<ImaLeaf> leaves,
            StagedMedia staged,
            CallOptions options) {
        return LeafSelector.find(request.model(), taskType, leaves)
                .map(leaf -> {
                    List<Medium> ordered = InputRules.ordered(media, taskType, leaf, requests.address());
                    ResolvedParameters parameters = ParameterResolver.resolve(request, leaf);
                    Combinations.check(parameters, leaf, taskType);
                    CreditRule rule = PriceFinder.find(leaf, parameters);
                    String model = LeafSelector.nameOf(leaf, leaves);
                    return CompletableFuture.completedFuture(new Plan(
                            request, taskType, model, leaf, parameters, rule, media, ordered, staged, options));
                })
                .orElseGet(() -> notFound(request, taskType, leaves, options));
    }

    /** Reads the other lists, so that the message can name the task types that have the model; an unreadable list is left out. */
    private CompletableFuture<Plan> notFound(
            GenerationRequest request, Operation taskType, List<ImaLeaf> leaves, CallOptions options) {
        Map<Operation, CompletableFuture<List<ImaLeaf>>> others = new EnumMap<>(Operation.class);
        ImaCatalogue.TASK_TYPES.stream()
                .filter(other -> other != taskType && request.model() != null)
                .forEach(other ->
                        others.put(other, catalogue.leaves(other, options).exceptionally(failure -> List.of())));
        return CompletableFuture.allOf(others.values().toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    Map<Operation, List<ImaLeaf>> elsewhere = new EnumMap<>(Operation.class);
                    others.forEach((other, list) -> elsewhere.put(other, list.join()));
                    throw LeafSelector.notFound(request.model(), taskType, leaves, elsewhere);
                });
    }

    /** What is uploaded, by index, and which URLs the service has verified: done once for all attempts of a request. */
    private record StagedMedia(ConcurrentMap<Integer, URI> uploaded, Set<URI> verified) {
        StagedMedia() {
            this(new ConcurrentHashMap<>(), ConcurrentHashMap.newKeySet());
        }
    }

    /** A checked and priced request. */
    private final class Plan implements PlannedGeneration {
        private final GenerationRequest request;
        private final Operation taskType;
        private final String model;
        private final ImaLeaf leaf;
        private final ResolvedParameters parameters;
        private final CreditRule rule;
        private final List<Medium> originalMedia;
        private final List<Medium> media;
        private final StagedMedia staged;
        private final CallOptions options;

        /**
         * @param model under which exactly this leaf is found again
         * @param originalMedia in the order of the request
         * @param media in the order of the wire
         * @param staged of {@code media}; shared with the plan that replaces this one after a change of the list
         */
        Plan(
                GenerationRequest request,
                Operation taskType,
                String model,
                ImaLeaf leaf,
                ResolvedParameters parameters,
                CreditRule rule,
                List<Medium> originalMedia,
                List<Medium> media,
                StagedMedia staged,
                CallOptions options) {
            this.request = request;
            this.taskType = taskType;
            this.model = model;
            this.leaf = leaf;
            this.parameters = parameters;
            this.rule = rule;
            this.originalMedia = originalMedia;
            this.media = media;
            this.staged = staged;
            this.options = options;
        }

        @Override
        public String model() {
            return model;
        }

        /** The rule's points for each result: with n results the service charges n times (docs/contracts/ima.md section 3.4). */
        @Override
        public BigDecimal credits() {
            return rule.points().multiply(BigDecimal.valueOf(parameters.count()));
        }

        @Override
        public ExpectedTime expectedTime() {
            return leaf.expectedTime();
        }

        @Override
        public CompletionStage<ReadyGeneration> stage() {
            return uploads.upload(media, staged.uploaded, options)
                    .thenCompose(urls -> verifier.verify(urls, taskType, leaf, staged.verified, options))
                    .thenApply(urls -> new Ready(this, body(urls)));
        }

        private String body(List<URI> urls) {
            return ImaRequests.createBody(
                    taskType, leaf, rule, parameters, Objects.requireNonNull(request.prompt()), urls);
        }

        /** The same request by a list that is read now; what was uploaded stays uploaded. */
        CompletableFuture<Plan> again() {
            return catalogue
                    .freshLeaves(taskType, options)
                    .thenCompose(leaves -> planned(request, taskType, originalMedia, leaves, staged, options));
        }

        /** Without the request: that is the user's. */
        @Override
        public String toString() {
            return "ImaPlan[" + taskType.path() + " by " + model + " for " + credits() + " points]";
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
                    requests.key(),
                    plan.request.prompt(),
                    plan.request.options().negativePrompt()));
            return calls.send(requests.create(body), plan.options, mapper::of, mapper::ofFailure);
        }

        @Override
        public CompletionStage<ReadyGeneration> refresh() {
            return plan.again().thenCompose(Plan::stage);
        }
    }
}
