/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import io.genvideo.http.GatewayResponse;
import io.genvideo.model.Credits;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractProvider;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.SubmittedTask;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Media.io as one account sees it. Only connects the parts; each of them has its own reason and its own class. */
final class MediaioProvider extends AbstractProvider {
    private static final String READING_CREDITS = "reading the balance";

    private final MediaioRequests requests;
    private final ServiceCalls calls;
    private final MediaioCatalogue catalogue;
    private final MediaioPlanner planner;
    private final PollResponseMapper polling;

    MediaioProvider(ProviderDescriptor descriptor, ProviderContext context) {
        this(descriptor, context, new MediaioRequests(context.account()));
    }

    private MediaioProvider(ProviderDescriptor descriptor, ProviderContext context, MediaioRequests requests) {
        super(descriptor, requests.address(), MediaioErrors.ERRORS);
        this.requests = requests;
        calls = new ServiceCalls(context.http(), MediaioErrors.ERRORS);
        catalogue = new MediaioCatalogue();
        planner = new MediaioPlanner(requests, calls, catalogue);
        polling = new PollResponseMapper(requests, catalogue);
    }

    /** The models are known without a request: those of the vendor's definition. */
    @Override
    public void checkModel(String model, Operation operation) {
        catalogue.find(model, operation);
    }

    @Override
    public CompletionStage<PlannedGeneration> plan(GenerationRequest request, CallOptions options) {
        return ServiceCalls.attempt(() -> {
            checkGeneration(Objects.requireNonNull(request.operation(), "operation"));
            return CompletableFuture.completedFuture(planner.plan(request, options));
        });
    }

    /**
     * One request for one poll: the engine repeats by its own schedule, and a call that repeats itself would triple the
     * requests while the service is down.
     */
    @Override
    public CompletionStage<PollOutcome> poll(SubmittedTask task, CallOptions options) {
        return ServiceCalls.attempt(() -> calls.once(
                requests.result(task.taskId()), options, answer -> polling.of(answer, task), polling::ofFailure));
    }

    @Override
    public CompletionStage<Credits> credits(CallOptions options) {
        return ServiceCalls.attempt(
                () -> calls.read(READING_CREDITS, requests.credits(), options).thenApply(this::creditsOf));
    }

    private Credits creditsOf(GatewayResponse answer) {
        BigDecimal available = MediaioEnvelope.of(answer)
                .filter(e -> answer.isSuccess() && e.isOk())
                .flatMap(e -> Optional.ofNullable(Json.decimal(e.data().get("credits"))))
                .orElseThrow(() -> MediaioErrors.unusable(READING_CREDITS, answer, ServiceText.hiding(requests.key())));
        return new Credits(available, "credits", Map.of());
    }

    @Override
    public CompletionStage<List<ModelInfo>> models(@Nullable Operation operation, CallOptions options) {
        return ServiceCalls.attempt(() -> {
            if (operation != null) {
                checkGeneration(operation);
            }
            return CompletableFuture.completedFuture(catalogue.models().stream()
                    .flatMap(m -> ModelDescriber.describe(m).stream())
                    .filter(m -> operation == null || m.operation() == operation)
                    .toList());
        });
    }
}
