/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.EngineAccount;
import io.genvideo.engine.Fingerprint;
import io.genvideo.engine.Submission;
import io.genvideo.engine.Submission.WaitFor;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/** Submits one generation per exchange to the engine, which holds the wait; the exchange resumes when the task has ended. */
public class GenvideoProducer extends DefaultAsyncProducer {
    private final GenvideoEndpoint endpoint;
    private final Operation operation;
    private final EngineAccount account;
    private final GenvideoRuntime runtime;
    private final RequestFactory requests;
    private final IdempotencyKeyResolver identity;
    private final ResultWriter results;
    private final String endpointHash;

    GenvideoProducer(GenvideoEndpoint endpoint, Operation operation) {
        super(endpoint);
        this.endpoint = endpoint;
        this.operation = operation;
        this.account = endpoint.getEngineAccount();
        this.runtime = endpoint.getComponent().runtime();
        GenvideoConfiguration options = endpoint.getConfiguration();
        String provider = endpoint.getProvider();
        String model = options.getModel();
        if (model != null && !model.isBlank()) {
            account.provider().checkModel(model, operation);
        }
        this.endpointHash = Fingerprint.of(endpoint.getEndpointKey());
        this.requests = new RequestFactory(provider, operation, options, runtime.workFolder());
        this.identity = new IdempotencyKeyResolver(provider, options.getIdempotency());
        this.results =
                new ResultWriter(account, options, runtime.settlements(), runtime.downloader(), runtime.workFolder());
    }

    /** Names the endpoint without what its URI may hold of a credential. */
    String endpointHash() {
        return endpointHash;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        String recordId = UUID.randomUUID().toString();
        RedeliveryMarker.Attempt attempt;
        CompletionStage<ResultWriter.Delivery> delivery;
        try {
            GenerationRequest request = requests.read(exchange);
            String fingerprint = Fingerprint.of(operation, request);
            attempt = runtime.redeliveryMarker().begin(exchange, this, fingerprint, recordId);
            Submission.Builder submission = submission(exchange, request, fingerprint, recordId, attempt);
            Duration timeout = endpoint.getConfiguration().getTimeout();
            long startNanos = System.nanoTime();
            delivery = runtime.untilClosed(runtime.progressRoutes()
                    .during(
                            endpoint.progressRoute(),
                            listener -> runtime.engine()
                                    .submit(submission.progress(listener).build()))
                    .thenCompose(outcome ->
                            results.fetch(exchange, outcome, timeout.minusNanos(System.nanoTime() - startNanos))));
        } catch (Exception e) {
            results.writeFailure(exchange, e);
            callback.done(true);
            return true;
        }
        return runtime.resumer().resumeAfter(delivery, exchange, callback, (done, failure) -> {
            if (failure != null) {
                attempt.failed(failure);
                results.writeFailure(exchange, failure, recordId);
            } else {
                attempt.succeeded(done.outcome().task().recordId());
                results.write(exchange, done, recordId);
            }
        });
    }

    private Submission.Builder submission(
            Exchange exchange,
            GenerationRequest request,
            String fingerprint,
            String recordId,
            RedeliveryMarker.Attempt attempt)
            throws IOException {
        GenvideoConfiguration options = endpoint.getConfiguration();
        Object reference = TaskReference.read(exchange.getMessage(), endpoint.getProvider());
        return Submission.builder(recordId, account, request, fingerprint)
                .earlierRecordIds(attempt.earlierRecordIds())
                .key(identity.key(exchange, request, fingerprint, attempt.repetition()))
                .reference(reference)
                .waitFor(options.isWaitForResult() ? WaitFor.RESULT : WaitFor.ACCEPTANCE)
                .timeout(options.getTimeout())
                .pollInterval(options.getPollInterval())
                .maxInFlight(options.getMaxInFlight())
                .callOptions(endpoint.callOptions())
                .maxStreams(options.getUpdates() == UpdatesMode.poll ? 0 : options.getMaxStreams())
                .retryFailed(options.getRetryFailed())
                .abandon(new Submission.Abandon(options.isCancelOnTimeout(), options.isCancelOnStop()));
    }
}
