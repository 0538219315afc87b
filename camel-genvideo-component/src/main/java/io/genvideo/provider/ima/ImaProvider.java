/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaInput;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractProvider;
import io.genvideo.provider.support.MediaUploads;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.SubmittedTask;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** IMA Studio as one account sees it. Only connects the parts; each of them has its own reason and its own class. */
final class ImaProvider extends AbstractProvider {
    /** As many uploads as the service's newest client sends at once. */
    private static final int PARALLEL_UPLOADS = 3;

    private final ImaRequests requests;
    private final ServiceCalls calls;
    private final ImaCatalogue catalogue;
    private final MediaUploads uploads;
    private final ImaPlanner planner;
    private final PollResponseMapper polling;

    ImaProvider(ProviderDescriptor descriptor, ProviderContext context) {
        this(descriptor, context, new ImaRequests(context.account()));
    }

    private ImaProvider(ProviderDescriptor descriptor, ProviderContext context, ImaRequests requests) {
        super(descriptor, requests.address(), ImaErrors.ERRORS);
        this.requests = requests;
        calls = new ServiceCalls(context.http(), ImaErrors.ERRORS);
        catalogue = new ImaCatalogue(requests, calls, context.clock());
        uploads = new MediaUploads(
                new ImaUploader(requests, calls, context.clock(), context.random())::upload, PARALLEL_UPLOADS);
        planner = new ImaPlanner(requests, calls, catalogue, uploads);
        polling = new PollResponseMapper(requests, catalogue);
    }

    @Override
    public CompletionStage<PlannedGeneration> plan(GenerationRequest request, CallOptions options) {
        return ServiceCalls.attempt(() -> {
            checkGeneration(Objects.requireNonNull(request.operation(), "operation"));
            return planner.plan(request, options);
        });
    }

    /**
     * One request for one poll: the engine repeats by its own schedule, and a call that repeats itself would triple the
     * requests while the service is down.
     */
    @Override
    public CompletionStage<PollOutcome> poll(SubmittedTask task, CallOptions options) {
        return ServiceCalls.attempt(() -> calls.once(
                requests.detail(task.taskId()), options, answer -> polling.of(answer, task), polling::ofFailure));
    }

    @Override
    public CompletionStage<URI> upload(MediaInput input, CallOptions options) {
        return ServiceCalls.attempt(() -> {
            Medium medium = Medium.of(input, ImaErrors.ERRORS);
            InputRules.CHECKS.url(medium, requests.address());
            return uploads.upload(medium, options);
        });
    }

    @Override
    public CompletionStage<List<ModelInfo>> models(@Nullable Operation operation, CallOptions options) {
        return ServiceCalls.attempt(() -> {
            if (operation == null) {
                return models(ImaCatalogue.TASK_TYPES, options);
            }
            checkGeneration(operation);
            return models(List.of(operation), options);
        });
    }

    private CompletableFuture<List<ModelInfo>> models(List<Operation> taskTypes, CallOptions options) {
        List<CompletableFuture<List<ModelInfo>>> lists = taskTypes.stream()
                .map(t -> catalogue.leaves(t, options).thenApply(leaves -> ModelDescriber.describe(leaves, t)))
                .toList();
        return CompletableFuture.allOf(lists.toArray(CompletableFuture[]::new))
                .thenApply(all -> lists.stream().flatMap(l -> l.join().stream()).toList());
    }
}
