/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.http.HttpGateway;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.TaskPush;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A request with its body decided: sending it is all that is left. */
final class SkillsvideoReady implements ReadyGeneration {
    /**
     * A stream that is silent for so long is given up and the task polled. Whether the service sends anything while a model
     * works is not known (contract 4); a connection that died unnoticed must not cost more than this.
     */
    static final Duration IDLE = Duration.ofMinutes(2);

    private final SkillsvideoPlan plan;
    private final SkillsvideoRequests wire;
    private final HttpGateway http;
    private final RequestBody.Written body;

    SkillsvideoReady(SkillsvideoPlan plan, SkillsvideoRequests wire, HttpGateway http, RequestBody.Written body) {
        this.plan = plan;
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
        CreateResponseMapper verdict = verdict();
        return http.send(wire.create(plan.model(), body)
                        .defaultTimeout(plan.options().requestTimeout()))
                .handle((answer, failure) -> answer != null
                        ? verdict.of(answer)
                        : verdict.ofFailure(failure == null ? new IllegalStateException("no answer") : failure));
    }

    // What the stage says goes to the listener of the same call.
    @SuppressWarnings("FutureReturnValueIgnored")
    @Override
    public CompletionStage<SubmitOutcome> submit(TaskPush push) {
        StreamedCreate create = new StreamedCreate(
                verdict(), new PollResponseMapper(wire), push, plan.request().prompt());
        http.stream(
                        wire.createStream(plan.model(), body)
                                .defaultTimeout(plan.options().requestTimeout()),
                        create,
                        IDLE)
                .whenComplete(create::answered);
        return create.outcome();
    }

    private CreateResponseMapper verdict() {
        return new CreateResponseMapper(
                wire, plan.request().prompt(), plan.request().options().negativePrompt());
    }

    /** Nothing here goes out of date: there are no prices, and schemas are not read from the service. */
    @Override
    public CompletionStage<ReadyGeneration> refresh() {
        return CompletableFuture.completedStage(this);
    }
}
