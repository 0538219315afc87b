/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.http.HttpGateway;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Turns a request into a plan: model, parameters, media and price, all by one reading of the list. */
final class ImaPlanner {
    private final ImaRequests wire;
    private final HttpGateway http;
    private final ImaCatalogue catalogue;
    private final ImaUploader uploader;

    ImaPlanner(ImaRequests wire, HttpGateway http, ImaCatalogue catalogue, ImaUploader uploader) {
        this.wire = wire;
        this.http = http;
        this.catalogue = catalogue;
        this.uploader = uploader;
    }

    /** What needs no list is checked first, so that a missing file or prompt is told without a call. */
    CompletableFuture<ImaPlan> plan(GenerationRequest request, CallOptions options) {
        Operation taskType = Objects.requireNonNull(request.operation(), "operation");
        wire.key();
        if (taskType == Operation.TEXT_TO_VIDEO
                && (request.prompt() == null || request.prompt().isBlank())) {
            throw Refusal.of("prompt is missing: text_to_video is made from it");
        }
        List<Medium> media = request.inputs().stream().map(Medium::of).toList();
        return catalogue
                .leaves(taskType, options)
                .thenCompose(leaves -> planned(request, taskType, media, leaves, new ConcurrentHashMap<>(), options));
    }

    /** The same request by a list that is read now; what was uploaded stays uploaded. */
    CompletableFuture<ImaPlan> planAgain(ImaPlan plan) {
        return catalogue
                .freshLeaves(plan.taskType(), plan.options())
                .thenCompose(leaves -> planned(
                        plan.request(),
                        plan.taskType(),
                        plan.originalMedia(),
                        leaves,
                        plan.uploaded(),
                        plan.options()));
    }

    private CompletableFuture<ImaPlan> planned(
            GenerationRequest request,
            Operation taskType,
            List<Medium> media,
            List<ImaLeaf> leaves,
            ConcurrentMap<Integer, URI> uploaded,
            CallOptions options) {
        return LeafSelector.find(request.model(), taskType, leaves)
                .map(leaf -> {
                    List<Medium> ordered = InputRules.ordered(media, taskType, leaf, wire);
                    ResolvedParameters parameters = ParameterResolver.resolve(request, leaf, taskType);
                    CreditRule rule = PriceFinder.find(leaf, parameters);
                    String model = LeafSelector.nameOf(leaf, leaves);
                    return CompletableFuture.completedFuture(new ImaPlan(
                            this, request, taskType, model, leaf, parameters, rule, media, ordered, uploaded, options));
                })
                .orElseGet(() -> notFound(request, taskType, leaves, options));
    }

    CompletableFuture<ImaReady> staged(ImaPlan plan) {
        return uploader.upload(plan.media(), plan.uploaded(), plan.options())
                .thenApply(urls -> new ImaReady(plan, this, wire, http, plan.body(urls)));
    }

    /** Looks into the other lists, so that the message can say where the model is; a list that cannot be read is left out. */
    private CompletableFuture<ImaPlan> notFound(
            GenerationRequest request, Operation taskType, List<ImaLeaf> leaves, CallOptions options) {
        Map<Operation, CompletableFuture<List<ImaLeaf>>> others = new EnumMap<>(Operation.class);
        ImaProviderFactory.TASK_TYPES.stream()
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
}
