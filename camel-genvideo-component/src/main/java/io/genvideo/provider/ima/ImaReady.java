/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.http.HttpGateway;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import java.util.concurrent.CompletionStage;

/** A request with its body written: sending it is all that is left. */
final class ImaReady implements ReadyGeneration {
    private final ImaPlan plan;
    private final ImaPlanner planner;
    private final ImaRequests wire;
    private final HttpGateway http;
    private final String body;

    ImaReady(ImaPlan plan, ImaPlanner planner, ImaRequests wire, HttpGateway http, String body) {
        this.plan = plan;
        this.planner = planner;
        this.wire = wire;
        this.http = http;
        this.body = body;
    }

    @Override
    public PlannedGeneration plan() {
        return plan;
    }

    @Override
    public CompletionStage<SubmitOutcome> submit() {
        CreateResponseMapper verdict =
                new CreateResponseMapper(wire, plan.request().prompt());
        return http.send(wire.create(body).defaultTimeout(plan.options().requestTimeout()))
                .handle((answer, failure) -> answer != null
                        ? verdict.of(answer)
                        : verdict.ofFailure(failure == null ? new IllegalStateException("no answer") : failure));
    }

    @Override
    public CompletionStage<ReadyGeneration> refresh() {
        return planner.planAgain(plan).thenCompose(ImaPlan::stage);
    }
}
