/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.http.HttpGateway;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaKind;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A checked request. */
record SkillsvideoPlan(
        GenerationRequest request,
        SkillsvideoModel target,
        RequestBody body,
        SkillsvideoRequests wire,
        HttpGateway http,
        RandomGenerator random,
        CallOptions options)
        implements PlannedGeneration {

    /** The service publishes no times: these are of the usual size, and refined by what is measured. */
    private static final ExpectedTime VIDEO = new ExpectedTime(Duration.ofSeconds(45), Duration.ofMinutes(5));

    private static final ExpectedTime IMAGE = new ExpectedTime(Duration.ofSeconds(6), Duration.ofMinutes(1));

    @Override
    public String model() {
        return target.id();
    }

    /** Told only once it is spent, by {@code usage} (contract 2). */
    @Override
    public @Nullable BigDecimal credits() {
        return null;
    }

    @Override
    public ExpectedTime expectedTime() {
        return target.kind() == MediaKind.IMAGE ? IMAGE : VIDEO;
    }

    /** There is no upload: files travel with the create call. */
    @Override
    public CompletionStage<ReadyGeneration> stage() {
        try {
            return CompletableFuture.completedStage(
                    new SkillsvideoReady(this, wire, http, body.asItIsNow().written(random)));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** Without the request: that is the user's. */
    @Override
    public String toString() {
        return "SkillsvideoPlan[" + target.id() + "]";
    }
}
