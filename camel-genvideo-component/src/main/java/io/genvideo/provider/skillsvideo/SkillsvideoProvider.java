/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpGateway;
import io.genvideo.model.Credits;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.SubmittedTask;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** skills.video as one account sees it. Only connects the parts; each of them has its own reason and its own class. */
final class SkillsvideoProvider implements GenerationProvider {
    private static final String ASKING_CREDITS = "asking for the balance";

    private final SkillsvideoRequests wire;
    private final HttpGateway http;
    private final SkillsvideoCatalogue catalogue;
    private final SkillsvideoPlanner planner;
    private final PollResponseMapper polling;

    SkillsvideoProvider(ProviderContext context) {
        wire = new SkillsvideoRequests(context.account());
        http = context.http();
        catalogue = new SkillsvideoCatalogue(context.account().setting(SkillsvideoProviderFactory.OPEN_API));
        planner = new SkillsvideoPlanner(wire, http, catalogue, context.random());
        polling = new PollResponseMapper(wire);
    }

    @Override
    public CompletionStage<PlannedGeneration> plan(GenerationRequest request, CallOptions options) {
        return attempt(() -> {
            checkGeneration(Objects.requireNonNull(request.operation(), "operation"));
            return CompletableFuture.completedFuture(planner.plan(request, options));
        });
    }

    /**
     * One request for one look: the engine repeats by its own schedule, and a call that repeats itself would triple the
     * requests while the service is down.
     */
    @Override
    public CompletionStage<PollOutcome> poll(SubmittedTask task, CallOptions options) {
        return attempt(() -> http.once(wire.generation(task.taskId()).defaultTimeout(options.requestTimeout()))
                .handle((answer, failure) -> answer != null
                        ? polling.of(answer, task.taskId(), task.recordId())
                        : PollResponseMapper.ofFailure(
                                failure == null ? new IllegalStateException("no answer") : failure)));
    }

    @Override
    public CompletionStage<Credits> credits(CallOptions options) {
        return attempt(() -> http.read(wire.credits().defaultTimeout(options.requestTimeout()))
                .handle((answer, failure) -> {
                    if (answer == null) {
                        Throwable cause = failure == null ? new IllegalStateException("no answer") : failure;
                        throw SkillsvideoErrors.noAnswer(ASKING_CREDITS, cause)
                                .toException(SkillsvideoErrors.unwrap(cause));
                    }
                    return creditsOf(answer);
                }));
    }

    private Credits creditsOf(GatewayResponse answer) {
        JsonNode body = Json.read(answer.body())
                .filter(b -> answer.isSuccess() && b.isObject())
                .orElseThrow(() -> SkillsvideoErrors.unusable(ASKING_CREDITS, answer, wire.key()));
        return CreditsReader.read(body);
    }

    @Override
    public CompletionStage<List<ModelInfo>> models(@Nullable Operation operation, CallOptions options) {
        return attempt(() -> {
            if (operation != null) {
                checkGeneration(operation);
            }
            return CompletableFuture.completedFuture(catalogue.models().stream()
                    .flatMap(m -> ModelDescriber.describe(m).stream())
                    .filter(m -> operation == null || m.operation() == operation)
                    .toList());
        });
    }

    @Override
    public boolean ownsOrigin(URI uri) {
        return wire.ownsOrigin(uri);
    }

    private static void checkGeneration(Operation operation) {
        if (!SkillsvideoProviderFactory.GENERATIONS.contains(operation)) {
            throw GenerationError.of(
                            ErrorCategory.OPERATION_NOT_SUPPORTED,
                            SkillsvideoProviderFactory.NAME,
                            operation.path() + " is not among the generations: "
                                    + SkillsvideoProviderFactory.GENERATIONS.stream()
                                            .map(Operation::path)
                                            .collect(Collectors.joining(", ")))
                    .toException();
        }
    }

    /** What is refused before the first call fails the stage, like everything else. */
    private static <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<? extends T>> call) {
        try {
            return call.get().thenApply(value -> value);
        } catch (GenvideoException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
