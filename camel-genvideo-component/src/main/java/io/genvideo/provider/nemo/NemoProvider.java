/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.model.Credits;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaInput;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractProvider;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.Values;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.CancelOutcome;
import io.genvideo.spi.LostSubmission;
import io.genvideo.spi.OwnOperationCall;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.RecoveryOutcome;
import io.genvideo.spi.SettingSpec;
import io.genvideo.spi.SubmittedTask;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** NemoVideo as one account sees it. Only connects the parts; each of them has its own reason and its own class. */
final class NemoProvider extends AbstractProvider {
    static final SettingSpec SETTLE_SECONDS = new SettingSpec(
            "settleSeconds",
            "How long the state of a session must stay the same before its video is exported, above 0 and at most 600: the"
                    + " service adds music and titles to a clip that is there.",
            "30");

    static final SettingSpec RECOVER_SECONDS = new SettingSpec(
            "recoverSeconds",
            "How long the state of a session is read for a message whose answer was lost before its record becomes"
                    + " uncertain, above 0 and at most 600.",
            "600");

    private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(600);
    private static final String CREDITS = "reading the balance";

    private final NemoRequests requests;
    private final NemoCalls calls;
    private final SessionUploader uploader;
    private final NemoPlanner planner;
    private final TaskPoll polling;
    private final ExportStep exporting;
    private final MessageRecovery recovery;
    private final ExportCancel cancelling;
    private final SessionOperations operations;

    NemoProvider(ProviderDescriptor descriptor, ProviderContext context) {
        this(descriptor, context, new NemoRequests(context.account()));
    }

    private NemoProvider(ProviderDescriptor descriptor, ProviderContext context, NemoRequests requests) {
        super(descriptor, requests.address(), NemoErrors.ERRORS);
        this.requests = requests;
        ServiceCalls plain = new ServiceCalls(context.http(), NemoErrors.ERRORS);
        AccessTokens tokens = new AccessTokens(context.account(), requests, plain, context.clock(), context.random());
        calls = new NemoCalls(plain, tokens);
        uploader = new SessionUploader(requests, calls, context.random());
        ActiveSessions active = new ActiveSessions();
        planner = new NemoPlanner(requests, calls, uploader, active, context.clock());
        PollResponseMapper mapper = new PollResponseMapper(calls, seconds(SETTLE_SECONDS, context.account()));
        polling = new TaskPoll(requests, calls, active, mapper, context.clock());
        exporting = new ExportStep(requests, calls, mapper);
        recovery = new MessageRecovery(requests, calls, context.clock(), seconds(RECOVER_SECONDS, context.account()));
        cancelling = new ExportCancel(requests, calls);
        operations = new SessionOperations(requests, calls, uploader, active, context.clock(), context.random());
    }

    private static Duration seconds(SettingSpec setting, AccountSettings account) {
        String given = Objects.requireNonNullElse(
                        account.setting(setting.name()), String.valueOf(setting.defaultValue()))
                .trim();
        BigDecimal number = given.matches("\\d{1,3}(\\.\\d{1,3})?") ? new BigDecimal(given) : BigDecimal.ZERO;
        if (number.signum() == 0 || number.compareTo(MOST_SECONDS) > 0) {
            throw NemoErrors.ERRORS.invalid("settings[" + setting.name() + "]=" + Values.shown(given)
                    + " is not allowed; allowed: a number of seconds, above 0 and at most " + MOST_SECONDS);
        }
        return Duration.ofMillis(number.movePointRight(3).longValueExact());
    }

    @Override
    public void checkModel(String model, Operation operation) {
        NemoCatalogue.checkModel(model);
    }

    @Override
    public CompletionStage<PlannedGeneration> plan(GenerationRequest request, CallOptions options) {
        return ServiceCalls.attempt(() -> {
            checkGeneration(Objects.requireNonNull(request.operation(), "operation"));
            return planner.plan(request, options);
        });
    }

    @Override
    public CompletionStage<PollOutcome> poll(SubmittedTask task, CallOptions options) {
        return ServiceCalls.attempt(() -> polling.poll(task, options));
    }

    @Override
    public CompletionStage<PollOutcome> perform(SubmittedTask task, String action, CallOptions options) {
        return ServiceCalls.attempt(() -> exporting.perform(task, options));
    }

    @Override
    public CompletionStage<RecoveryOutcome> recover(LostSubmission lost, CallOptions options) {
        return ServiceCalls.attempt(() -> recovery.recover(lost, options));
    }

    @Override
    public @Nullable String serializationKey(String providerState) {
        return MessageProgress.read(providerState).map(MessageProgress::session).orElse(null);
    }

    @Override
    public CompletionStage<CancelOutcome> cancel(SubmittedTask task, CallOptions options) {
        return ServiceCalls.attempt(() -> cancelling.cancel(task, options));
    }

    /** Into a session of its own: only its address counts. */
    @Override
    public CompletionStage<URI> upload(MediaInput input, CallOptions options) {
        return ServiceCalls.attempt(() -> {
            Medium medium = Medium.of(input, NemoErrors.ERRORS);
            InputRules.check(medium, requests.address());
            URI already = medium.url();
            return already != null
                    ? CompletableFuture.completedFuture(already)
                    : uploader.newSession(options)
                            .thenCompose(session -> uploader.upload(session.id(), medium, options));
        });
    }

    @Override
    public CompletionStage<Credits> credits(CallOptions options) {
        return ServiceCalls.attempt(
                () -> calls.read(CREDITS, requests::credits, options).thenApply(this::credits));
    }

    private Credits credits(GatewayResponse answer) {
        JsonNode data = NemoEnvelope.data(answer).orElseThrow(() -> NemoErrors.unusable(CREDITS, answer, calls.text()));
        BigDecimal available = Json.decimal(data.get("available"));
        if (available == null) {
            throw NemoErrors.ERRORS.incomplete(CREDITS, answer).toException();
        }
        Map<String, Object> details = new LinkedHashMap<>();
        List.of("frozen", "total").forEach(name -> {
            BigDecimal amount = Json.decimal(data.get(name));
            if (amount != null) {
                details.put(name, amount);
            }
        });
        return new Credits(available, "credits", details);
    }

    @Override
    public CompletionStage<List<ModelInfo>> models(@Nullable Operation operation, CallOptions options) {
        return ServiceCalls.attempt(() -> {
            if (operation != null) {
                checkGeneration(operation);
            }
            return CompletableFuture.completedFuture(NemoCatalogue.models().stream()
                    .filter(m -> operation == null || m.operation() == operation)
                    .toList());
        });
    }

    @Override
    public CompletionStage<@Nullable Object> invoke(OwnOperationCall call, CallOptions options) {
        return ServiceCalls.attempt(() -> operations.invoke(call, options));
    }
}
