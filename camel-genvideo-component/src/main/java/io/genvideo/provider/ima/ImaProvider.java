/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.http.HttpGateway;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.MediaInput;
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

/** IMA Studio as one account sees it. Only connects the parts; each of them has its own reason and its own class. */
final class ImaProvider implements GenerationProvider {
    private final ImaRequests wire;
    private final HttpGateway http;
    private final ImaCatalogue catalogue;
    private final ImaUploader uploader;
    private final ImaPlanner planner;
    private final PollResponseMapper polling;

    ImaProvider(ProviderContext context) {
        wire = new ImaRequests(context.account());
        http = context.http();
        catalogue = new ImaCatalogue(wire, http, context.clock());
        uploader = new ImaUploader(wire, http, context.clock(), context.random());
        planner = new ImaPlanner(wire, http, catalogue, uploader);
        polling = new PollResponseMapper(wire, catalogue);
    }

    @Override
    public CompletionStage<PlannedGeneration> plan(GenerationRequest request, CallOptions options) {
        return attempt(() -> {
            checkTaskType(Objects.requireNonNull(request.operation(), "operation"));
            return planner.plan(request, options).thenApply(plan -> plan);
        });
    }

    /**
     * One request for one look: the engine repeats by its own schedule, and a call that repeats itself would triple the
     * requests while the service is down.
     */
    @Override
    public CompletionStage<PollOutcome> poll(SubmittedTask task, CallOptions options) {
        return attempt(() -> http.once(wire.detail(task.taskId()).defaultTimeout(options.requestTimeout()))
                .handle((answer, failure) -> answer != null
                        ? polling.of(answer, task)
                        : polling.ofFailure(failure == null ? new IllegalStateException("no answer") : failure)));
    }

    @Override
    public CompletionStage<URI> upload(MediaInput input, CallOptions options) {
        return attempt(() -> {
            Medium medium = Medium.of(input);
            InputRules.checkUrl(medium, wire);
            return uploader.upload(medium, options);
        });
    }

    @Override
    public CompletionStage<List<ModelInfo>> models(@Nullable Operation operation, CallOptions options) {
        if (operation != null) {
            return attempt(() -> {
                checkTaskType(operation);
                return models(List.of(operation), options);
            });
        }
        return attempt(() -> models(ImaProviderFactory.TASK_TYPES, options));
    }

    @Override
    public boolean ownsOrigin(URI uri) {
        return wire.ownsOrigin(uri);
    }

    private CompletableFuture<List<ModelInfo>> models(List<Operation> taskTypes, CallOptions options) {
        List<CompletableFuture<List<ModelInfo>>> lists = taskTypes.stream()
                .map(t -> catalogue.leaves(t, options).thenApply(leaves -> ModelDescriber.describe(leaves, t)))
                .toList();
        return CompletableFuture.allOf(lists.toArray(CompletableFuture[]::new))
                .thenApply(all -> lists.stream().flatMap(l -> l.join().stream()).toList());
    }

    private static void checkTaskType(Operation operation) {
        if (!ImaProviderFactory.TASK_TYPES.contains(operation)) {
            String known =
                    ImaProviderFactory.TASK_TYPES.stream().map(Operation::path).collect(Collectors.joining(", "));
            throw GenerationError.of(
                            ErrorCategory.OPERATION_NOT_SUPPORTED,
                            ImaProviderFactory.NAME,
                            operation.path() + " is not among the task types: " + known)
                    .toException();
        }
    }

    /** What is refused before the first call fails the stage, like everything else. */
    private static <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (GenvideoException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
