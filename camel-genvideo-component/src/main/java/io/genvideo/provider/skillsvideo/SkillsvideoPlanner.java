/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractReadyGeneration;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.TaskPush;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
        TaskTypes.check(model, operation);
        Map<String, JsonNode> fields = ParameterResolver.resolve(request, model);
        Map<SchemaField, List<Medium>> media = media(request, operation, model);
        media.keySet().forEach(field -> {
            if (fields.containsKey(field.name())) {
                throw SkillsvideoErrors.ERRORS.invalid("an input and param." + field.name()
                        + " are for the same field of " + model.id() + "; give one of them");
            }
        });
        RequestBody body = new RequestBody(fields, media);
        checkComplete(body, operation, model);
        return new Plan(request, model, body, options);
    }

    private Map<SchemaField, List<Medium>> media(
            GenerationRequest request, Operation operation, SkillsvideoModel model) {
        if (!model.isDescribed()) {
            if (!request.inputs().isEmpty()) {
                throw SkillsvideoErrors.ERRORS.invalid(
                        "inputs: " + request.inputs().size() + " given, but which fields " + model.id()
                                + " takes them in is not known. " + SkillsvideoModel.WITHOUT_SCHEMA
                                + "; an address can be given as param.<name>");
            }
            return Map.of();
        }
        List<Medium> media = request.inputs().stream()
                .map(input -> Medium.of(input, SkillsvideoErrors.ERRORS))
                .toList();
        boolean given = operation == Operation.GENERATE || !media.isEmpty() || InputRules.least(operation) == 0;
        if (!given && model.fields().stream().anyMatch(f -> isGivenByName(f, request))) {
            // Whoever names the service's own field for the medium has given it
            return Map.of();
        }
        return InputRules.assigned(media, operation, model, requests.address());
    }

    private static boolean isGivenByName(SchemaField field, GenerationRequest request) {
        return MediaFields.isMedia(field)
                && request.parameters().keySet().stream().anyMatch(name -> name.equalsIgnoreCase(field.name()));
    }

    /** Fails with what the service would miss. */
    private static void checkComplete(RequestBody body, Operation operation, SkillsvideoModel model) {
        boolean needed = operation.isFromText()
                || model.field(SkillsvideoModel.PROMPT)
                        .filter(SchemaField::required)
                        .isPresent();
        if (needed) {
            InputRules.CHECKS.prompt(
                    Json.text(body.fields().get(SkillsvideoModel.PROMPT)), operation.path() + " with " + model.id());
        }
        List<String> missing = model.fields().stream()
                .filter(f -> f.required() && f.preset() == null)
                .filter(f ->
                        !body.fields().containsKey(f.name()) && !body.media().containsKey(f))
                .map(SchemaField::name)
                .toList();
        if (!missing.isEmpty()) {
            throw SkillsvideoErrors.ERRORS.invalid(model.id() + " needs " + String.join(", ", missing) + "; set param."
                    + missing.get(0) + " or give a medium with the right role");
        }
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
