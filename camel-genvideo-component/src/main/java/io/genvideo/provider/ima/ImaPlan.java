/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentMap;

/**
 * A checked and priced request.
 *
 * @param model under which exactly this leaf is found again
 * @param originalMedia in the order of the request
 * @param media in the order of the wire
 * @param uploaded the URLs of those of {@code media} that are uploaded, by index; shared with the plan that replaces this
 *     one after a change of the list
 */
record ImaPlan(
        ImaPlanner planner,
        GenerationRequest request,
        Operation taskType,
        String model,
        ImaLeaf leaf,
        ResolvedParameters parameters,
        CreditRule rule,
        List<Medium> originalMedia,
        List<Medium> media,
        ConcurrentMap<Integer, URI> uploaded,
        CallOptions options)
        implements PlannedGeneration {

    /** The rule's points for each result: with n results the service charges n times (contract 3.4). */
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
        return planner.staged(this).thenApply(ready -> ready);
    }

    /** The body of the paid call. The contract gives no rule for a missing prompt beside pictures: it is sent empty. */
    String body(List<URI> urls) {
        return CreateBody.of(taskType, leaf, rule, parameters, Objects.requireNonNullElse(request.prompt(), ""), urls);
    }

    /** Without the request: that is the user's. */
    @Override
    public String toString() {
        return "ImaPlan[" + taskType.path() + " by " + model + " for " + credits() + " points]";
    }
}
