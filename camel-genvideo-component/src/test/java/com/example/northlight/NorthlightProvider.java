/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package com.example.northlight;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractProvider;
import io.genvideo.provider.support.AbstractReadyGeneration;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Northlight as one account sees it. */
final class NorthlightProvider extends AbstractProvider {
    private final NorthlightRequests requests;
    private final ServiceCalls calls;

    NorthlightProvider(ProviderDescriptor descriptor, ProviderContext context) {
        this(descriptor, context, new NorthlightRequests(context.account()));
    }

    private NorthlightProvider(ProviderDescriptor descriptor, ProviderContext context, NorthlightRequests requests) {
        super(descriptor, requests.address(), NorthlightErrors.ERRORS);
        this.requests = requests;
        calls = new ServiceCalls(context.http(), NorthlightErrors.ERRORS);
    }

    @Override
    public CompletionStage<PlannedGeneration> plan(GenerationRequest request, CallOptions options) {
        return ServiceCalls.attempt(() -> {
            Operation operation = Objects.requireNonNull(request.operation(), "operation");
            checkGeneration(operation);
            ServiceText text = ServiceText.hiding(requests.key(), request.prompt());
            ObjectNode body = ParameterResolver.resolve(request, operation, requests.address());
            return CompletableFuture.completedFuture(new Plan(body, text, options));
        });
    }

    @Override
    public CompletionStage<PollOutcome> poll(SubmittedTask task, CallOptions options) {
        return ServiceCalls.attempt(() -> {
            PollResponseMapper mapper = new PollResponseMapper(ServiceText.hiding(requests.key()));
            return calls.once(
                    requests.job(task.taskId()), options, response -> mapper.of(response, task), mapper::ofFailure);
        });
    }

    /** A checked request. Northlight publishes no prices and has no upload. */
    private final class Plan implements PlannedGeneration {
        private final ObjectNode body;
        private final ServiceText text;
        private final CallOptions options;

        Plan(ObjectNode body, ServiceText text, CallOptions options) {
            this.body = body;
            this.text = text;
            this.options = options;
        }

        @Override
        public String model() {
            return ParameterResolver.MODEL;
        }

        @Override
        public @Nullable BigDecimal credits() {
            return null;
        }

        @Override
        public ExpectedTime expectedTime() {
            return new ExpectedTime(Duration.ofSeconds(30), Duration.ofMinutes(3));
        }

        @Override
        public CompletionStage<ReadyGeneration> stage() {
            return CompletableFuture.completedStage(new Ready(this));
        }
    }

    /** A request whose every byte is decided. */
    private final class Ready extends AbstractReadyGeneration<Plan> {
        Ready(Plan plan) {
            super(plan);
        }

        @Override
        public CompletionStage<SubmitOutcome> submit() {
            CreateResponseMapper mapper = new CreateResponseMapper(plan.text);
            return calls.send(requests.create(plan.body), plan.options, mapper::of, mapper::ofFailure);
        }

        @Override
        public CompletionStage<ReadyGeneration> refresh() {
            return CompletableFuture.completedStage(this);
        }
    }
}
