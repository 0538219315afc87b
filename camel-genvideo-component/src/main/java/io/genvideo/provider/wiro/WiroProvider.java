/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import io.genvideo.http.GatewayResponse;
import io.genvideo.http.WebSocketCall;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaInput;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractProvider;
import io.genvideo.provider.support.MediaUploads;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.CancelOutcome;
import io.genvideo.spi.LostSubmission;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.RecoveryOutcome;
import io.genvideo.spi.SubmittedTask;
import io.genvideo.spi.TaskPush;
import io.genvideo.spi.TaskSubscription;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Wiro as one account sees it. Only connects the parts; each of them has its own reason and its own class. */
final class WiroProvider extends AbstractProvider {
    private static final int PARALLEL_UPLOADS = 3;
    private static final String SUBSCRIBING = "subscribing to the task";

    private final WiroRequests requests;
    private final ServiceCalls calls;
    private final WiroCatalogue catalogue;
    private final WiroPlanner planner;
    private final PollResponseMapper polling;
    private final RunRecovery recovery;
    private final TaskCancel cancelling;
    private final MediaUploads uploads;

    WiroProvider(ProviderDescriptor descriptor, ProviderContext context) {
        this(descriptor, context, new WiroRequests(context.account(), context.clock()));
    }

    private WiroProvider(ProviderDescriptor descriptor, ProviderContext context, WiroRequests requests) {
        super(descriptor, requests.address(), WiroErrors.ERRORS);
        this.requests = requests;
        calls = new ServiceCalls(context.http(), WiroErrors.ERRORS);
        catalogue = new WiroCatalogue(requests, calls, context.clock());
        String key = Objects.requireNonNullElse(
                context.account().apiKey(), context.account().name());
        recovery = new RunRecovery(requests, calls, context.clock(), key);
        WiroUploader uploader = new WiroUploader(requests, calls, context.random());
        uploads = new MediaUploads(uploader::upload, PARALLEL_UPLOADS);
        planner = new WiroPlanner(requests, calls, catalogue, uploads, recovery, context.random());
        polling = new PollResponseMapper(requests);
        cancelling = new TaskCancel(requests, calls);
    }

    /** Which models there are only the service knows; here is checked what can be none. */
    @Override
    public void checkModel(String model, Operation operation) {
        WiroModel.checkedId(model);
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
    public CompletionStage<RecoveryOutcome> recover(LostSubmission lost, CallOptions options) {
        return ServiceCalls.attempt(() -> recovery.recover(lost, options));
    }

    /**
     * Reads the token of the task's socket first: whoever has it can read the task, so that it is not kept in the journal.
     */
    @Override
    public CompletionStage<TaskSubscription> subscribe(SubmittedTask task, TaskPush push, CallOptions options) {
        return ServiceCalls.attempt(() -> {
            WebSocketCall call = requests.socket();
            return calls.read(SUBSCRIBING, requests.detail(task.taskId()), options)
                    .thenCompose(answer -> {
                        TaskSocket socket = new TaskSocket(task.taskId(), socketToken(answer, task.taskId()), push);
                        return calls.webSocket(call, socket).thenApply(socket::opened);
                    });
        });
    }

    private String socketToken(GatewayResponse answer, String taskId) {
        return WiroEnvelope.success(answer).stream()
                .flatMap(root -> WiroTask.all(root).stream())
                .filter(t -> taskId.equals(t.id()))
                .flatMap(t -> Stream.ofNullable(t.socketToken()))
                .findFirst()
                .orElseThrow(() -> WiroErrors.unusable(SUBSCRIBING, answer, requests.text()));
    }

    @Override
    public CompletionStage<CancelOutcome> cancel(SubmittedTask task, CallOptions options) {
        return ServiceCalls.attempt(() -> cancelling.cancel(task.taskId(), options));
    }

    @Override
    public CompletionStage<URI> upload(MediaInput input, CallOptions options) {
        return ServiceCalls.attempt(() -> {
            Medium medium = Medium.of(input, WiroErrors.ERRORS);
            ParameterRules.RULES.checks().url(medium, requests.address());
            return uploads.upload(medium, options);
        });
    }

    /** The list describes no parameters; {@link #describe} reads those of one model. */
    @Override
    public CompletionStage<List<ModelInfo>> models(@Nullable Operation operation, CallOptions options) {
        return ServiceCalls.attempt(() -> {
            if (operation != null) {
                checkGeneration(operation);
            }
            return catalogue
                    .models(options)
                    .thenApply(all -> all.stream()
                            .filter(m -> operation == null
                                    || operation.produces() == null
                                    || operation.produces() == m.kind())
                            .map(ModelDescriber::listed)
                            .toList());
        });
    }

    @Override
    public CompletionStage<List<ModelInfo>> describe(String model, CallOptions options) {
        return ServiceCalls.attempt(() -> {
            CompletableFuture<WiroModel> described = catalogue.model(WiroModel.checkedId(model), options);
            return described.thenApply(ModelDescriber::describe);
        });
    }
}
