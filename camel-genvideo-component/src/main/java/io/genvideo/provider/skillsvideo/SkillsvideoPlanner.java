/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractReadyGeneration;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.provider.support.schema.SchemaRequest;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.TaskPush;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Turns a request into a plan, and a plan into a paid call: model, task type, parameters and media, all by one schema. */
final class SkillsvideoPlanner {
    private final SkillsvideoRequests requests;
    private final ServiceCalls calls;
    private final SkillsvideoCatalogue catalogue;
    private final RandomGenerator random;

    SkillsvideoPlanner(
            SkillsvideoRequests requests, ServiceCalls calls, SkillsvideoCatalogue catalogue, RandomGenerator random) {
        this.requests = requests;
        this.calls = calls;
        this.catalogue = catalogue;
        this.random = random;
    }

    PlannedGeneration plan(GenerationRequest request, CallOptions options) {
        Operation operation = Objects.requireNonNull(request.operation(), "operation");
        requests.key();
        SkillsvideoModel model = catalogue.find(request.model(), operation);
        ParameterRules.TASK_TYPES.check(model, operation);
        List<Medium> media =
                model.isDescribed() ? SchemaRequest.inspected(request, SkillsvideoErrors.ERRORS) : List.of();
        SchemaRequest resolved =
                SchemaRequest.of(ParameterRules.RULES, request, media, operation, model, requests.address());
        return new Plan(request, model, new RequestBody(resolved), options);
    }

    /** A checked request. */
    private final class Plan implements PlannedGeneration {
        /** The service publishes no times: these are of the usual size, and refined by what is measured. */
        private static final ExpectedTime VIDEO = new ExpectedTime(Duration.ofSeconds(45), Duration.ofMinutes(5));

        private static final ExpectedTime IMAGE = new ExpectedTime(Duration.ofSeconds(6), Duration.ofMinutes(1));

        private final GenerationRequest request;
        private final SkillsvideoModel target;
        private final RequestBody body;
        private final CallOptions options;

        Plan(GenerationRequest request, SkillsvideoModel target, RequestBody body, CallOptions options) {
            this.request = request;
            this.target = target;
            this.body = body;
            this.options = options;
        }

        @Override
        public String model() {
            return target.id();
        }

        /** Known only once it is spent, by {@code usage} (docs/contracts/skillsvideo.md section 2). */
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
            return ServiceCalls.attempt(() -> CompletableFuture.completedFuture(
                    new Ready(this, body.refreshed().written(random))));
        }

        /** Without the request: that is the user's. */
        @Override
        public String toString() {
            return "SkillsvideoPlan[" + target.id() + "]";
        }
    }

    /** A request with its body decided: sending it is all that is left. */
    private final class Ready extends AbstractReadyGeneration<Plan> {
        /**
         * A stream that is silent for so long is given up and the task polled. Whether the service sends anything while a
         * model works is not known (docs/contracts/skillsvideo.md section 4); a connection that died unnoticed must not cost
         * more than this.
         */
        private static final Duration IDLE = Duration.ofMinutes(2);

        private final RequestBody.Written body;

        Ready(Plan plan, RequestBody.Written body) {
            super(plan);
            this.body = body;
        }

        @Override
        public @Nullable Duration submitTimeout() {
            return ServiceCalls.timeoutForFiles(body.fileBytes());
        }

        @Override
        public CompletionStage<SubmitOutcome> submit() {
            CreateResponseMapper mapper = new CreateResponseMapper(text());
            return calls.send(requests.create(plan.model(), body), plan.options, mapper::of, mapper::ofFailure);
        }

        // What the stage tells goes to the listener of the same call.
        @SuppressWarnings("FutureReturnValueIgnored")
        @Override
        public CompletionStage<SubmitOutcome> submit(TaskPush push) {
            ServiceText text = text();
            StreamedCreate create =
                    new StreamedCreate(new CreateResponseMapper(text), new PollResponseMapper(requests), push, text);
            calls.stream(requests.createStream(plan.model(), body), plan.options, create, IDLE)
                    .whenComplete(create::answered);
            return create.outcome();
        }

        private ServiceText text() {
            return ServiceText.hiding(
                    requests.key(),
                    plan.request.prompt(),
                    plan.request.options().negativePrompt());
        }

        /** Nothing here goes out of date: there are no prices, and schemas are not read from the service. */
        @Override
        public CompletionStage<ReadyGeneration> refresh() {
            return CompletableFuture.completedStage(this);
        }
    }
}
