/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractReadyGeneration;
import io.genvideo.provider.support.MediaUploads;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.provider.support.schema.SchemaRequest;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Turns a request into a plan, and a plan into a paid call: model, task type, parameters and media, all by one description. */
final class WiroPlanner {
    private final WiroRequests requests;
    private final ServiceCalls calls;
    private final WiroCatalogue catalogue;
    private final MediaUploads uploads;
    private final RunRecovery recovery;
    private final RandomGenerator random;

    WiroPlanner(
            WiroRequests requests,
            ServiceCalls calls,
            WiroCatalogue catalogue,
            MediaUploads uploads,
            RunRecovery recovery,
            RandomGenerator random) {
        this.requests = requests;
        this.calls = calls;
        this.catalogue = catalogue;
        this.uploads = uploads;
        this.recovery = recovery;
        this.random = random;
    }

    /** What needs no description is checked first, so that a missing file is reported without a call. */
    CompletableFuture<PlannedGeneration> plan(GenerationRequest request, CallOptions options) {
        Operation operation = Objects.requireNonNull(request.operation(), "operation");
        requests.checkKey();
        String id = WiroModel.checkedId(request.model());
        List<Medium> media = SchemaRequest.inspected(request, WiroErrors.ERRORS);
        return catalogue.model(id, options).thenApply(model -> {
            ParameterRules.TASK_TYPES.check(model, operation);
            SchemaRequest resolved =
                    SchemaRequest.of(ParameterRules.RULES, request, media, operation, model, requests.address());
            return new Plan(
                    request,
                    model,
                    new RequestBody(model, resolved.withDefaults(model), options.callbackUrl()),
                    options);
        });
    }

    /** A checked request. */
    private final class Plan implements PlannedGeneration {
        /** By the times that the service's descriptions state (docs/contracts/wiro.md section 9); refined by what is measured. */
        private static final ExpectedTime VIDEO = new ExpectedTime(Duration.ofSeconds(60), Duration.ofMinutes(5));

        private static final ExpectedTime IMAGE = new ExpectedTime(Duration.ofSeconds(5), Duration.ofSeconds(30));

        private final GenerationRequest request;
        private final WiroModel target;
        private final RequestBody body;
        private final CallOptions options;
        private final ConcurrentMap<Integer, URI> uploaded = new ConcurrentHashMap<>();

        Plan(GenerationRequest request, WiroModel target, RequestBody body, CallOptions options) {
            this.request = request;
            this.target = target;
            this.body = body;
            this.options = options;
        }

        @Override
        public String model() {
            return target.id();
        }

        /** Known only once it is spent: prices depend on the output (docs/contracts/wiro.md section 10). */
        @Override
        public @Nullable BigDecimal credits() {
            return null;
        }

        @Override
        public ExpectedTime expectedTime() {
            return target.kind() == MediaKind.IMAGE ? IMAGE : VIDEO;
        }

        /** Files travel with the paid call, unless the route brings an uploader of its own. */
        @Override
        public CompletionStage<ReadyGeneration> stage() {
            return ServiceCalls.attempt(() -> {
                RequestBody now = body.refreshed();
                List<Medium> files = now.request().files();
                CompletableFuture<RequestBody> written = options.uploader() == null || files.isEmpty()
                        ? CompletableFuture.completedFuture(now)
                        : uploads.upload(files, uploaded, options).thenApply(now::uploaded);
                return written.thenApply(b -> new Ready(this, b));
            });
        }

        /** Without the request: that is the user's. */
        @Override
        public String toString() {
            return "WiroPlan[" + target.id() + "]";
        }
    }

    /** A request with its body decided: sending it is all that is left. */
    private final class Ready extends AbstractReadyGeneration<Plan> {
        private final RequestBody body;

        Ready(Plan plan, RequestBody body) {
            super(plan);
            this.body = body;
        }

        /** What is needed to find the task again if the answer is lost. */
        @Override
        public CompletionStage<@Nullable String> prepare() {
            return CompletableFuture.completedStage(recovery.state(body));
        }

        @Override
        public @Nullable Duration submitTimeout() {
            return ServiceCalls.timeoutForFiles(body.fileBytes());
        }

        @Override
        public CompletionStage<SubmitOutcome> submit() {
            ServiceText text = requests.text()
                    .andHiding(
                            plan.request.prompt(), plan.request.options().negativePrompt(), plan.options.callbackUrl());
            CreateResponseMapper mapper = new CreateResponseMapper(text);
            return calls.send(
                    requests.run(plan.target, body.written(random)), plan.options, mapper::of, mapper::ofFailure);
        }

        /** Nothing here goes out of date: the service tells no price, and checks the parameters itself. */
        @Override
        public CompletionStage<ReadyGeneration> refresh() {
            return CompletableFuture.completedStage(this);
        }
    }
}
