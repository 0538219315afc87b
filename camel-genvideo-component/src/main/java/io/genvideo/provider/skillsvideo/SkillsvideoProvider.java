/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** skills.video as one account sees it. Only connects the parts; each of them has its own reason and its own class. */
final class SkillsvideoProvider extends AbstractProvider {
    private static final String READING_CREDITS = "reading the balance";

    private final SkillsvideoRequests requests;
    private final ServiceCalls calls;
    private final SkillsvideoCatalogue catalogue;
    private final SkillsvideoPlanner planner;
    private final PollResponseMapper polling;

    SkillsvideoProvider(ProviderDescriptor descriptor, ProviderContext context) {
        this(descriptor, context, new SkillsvideoRequests(context.account()));
    }

    private SkillsvideoProvider(ProviderDescriptor descriptor, ProviderContext context, SkillsvideoRequests requests) {
        super(descriptor, requests.address(), SkillsvideoErrors.ERRORS);
        this.requests = requests;
        calls = new ServiceCalls(context.http(), SkillsvideoErrors.ERRORS);
        catalogue = new SkillsvideoCatalogue(context.account().setting(SkillsvideoCatalogue.OPEN_API));
        planner = new SkillsvideoPlanner(requests, calls, catalogue, context.random());
        polling = new PollResponseMapper(requests);
    }

    /** The models are known without a request: those of the documentation, and those of an OpenAPI document. */
    @Override
    public void checkModel(String model, Operation operation) {
        ParameterRules.TASK_TYPES.check(catalogue.find(model, operation), operation);
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
                requests.generation(task.taskId()),
                options,
                answer -> polling.of(answer, task.taskId(), task.recordId()),
                polling::ofFailure));
    }

    @Override
    public CompletionStage<Credits> credits(CallOptions options) {
        return ServiceCalls.attempt(
                () -> calls.read(READING_CREDITS, requests.credits(), options).thenApply(this::creditsOf));
    }

    private Credits creditsOf(GatewayResponse answer) {
        JsonNode body = Json.read(answer.body())
                .filter(b -> answer.isSuccess() && b.isObject())
                .orElseThrow(
                        () -> SkillsvideoErrors.unusable(READING_CREDITS, answer, ServiceText.hiding(requests.key())));
        return CreditsReader.read(body);
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
