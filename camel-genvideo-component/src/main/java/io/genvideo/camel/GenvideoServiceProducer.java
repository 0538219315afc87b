/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.CancelResult;
import io.genvideo.engine.EngineAccount;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * The calls that cost nothing: {@code upload}, {@code task}, {@code result}, {@code cancel}, {@code models}, {@code describe}
 * and {@code credits} of a service, and {@code resolve} of the journal.
 */
public class GenvideoServiceProducer extends DefaultAsyncProducer {
    /** The operations that this producer performs. */
    static final Set<Operation> OPERATIONS = EnumSet.of(
            Operation.TASK,
            Operation.RESULT,
            Operation.CANCEL,
            Operation.UPLOAD,
            Operation.MODELS,
            Operation.DESCRIBE,
            Operation.CREDITS,
            Operation.RESOLVE);

    private final GenvideoEndpoint endpoint;
    private final Operation operation;
    private final EngineAccount account;
    private final GenvideoRuntime runtime;
    private final ResultWriter results;
    private final InputReader inputs;

    GenvideoServiceProducer(GenvideoEndpoint endpoint, Operation operation) {
        super(endpoint);
        this.endpoint = endpoint;
        this.operation = operation;
        this.account = endpoint.getEngineAccount();
        this.runtime = endpoint.getComponent().runtime();
        this.results = new ResultWriter(
                account,
                endpoint.getConfiguration(),
                runtime.settlements(),
                runtime.downloader(),
                runtime.workFolder());
        this.inputs = new InputReader(endpoint.getProvider(), operation, runtime.workFolder());
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            return switch (operation) {
                case TASK -> until(exchange, callback, task(exchange), this::writeTask);
                case RESULT -> result(exchange, callback);
                case CANCEL -> until(exchange, callback, cancel(exchange), this::writeCancelled);
                case UPLOAD -> until(exchange, callback, upload(exchange), GenvideoServiceProducer::writeUrls);
                case MODELS ->
                    until(
                            exchange,
                            callback,
                            account.provider().models(null, endpoint.callOptions()),
                            (e, m) -> e.getMessage().setBody(m));
                case DESCRIBE ->
                    until(
                            exchange,
                            callback,
                            describe(exchange),
                            (e, m) -> e.getMessage().setBody(m));
                case CREDITS ->
                    until(
                            exchange,
                            callback,
                            account.provider().credits(endpoint.callOptions()),
                            GenvideoCreditsConsumer::write);
                case RESOLVE -> until(exchange, callback, resolve(exchange), this::writeResolved);
                default -> throw new IllegalStateException("no service operation: " + operation.path());
            };
        } catch (Exception e) {
            results.writeFailure(exchange, e);
            callback.done(true);
            return true;
        }
    }

    private interface Write<T> {
        void accept(Exchange exchange, T value);
    }

    private <T> boolean until(Exchange exchange, AsyncCallback callback, CompletionStage<T> stage, Write<T> write) {
        return runtime.resumer().resumeAfter(runtime.untilClosed(stage), exchange, callback, (value, failure) -> {
            if (failure != null) {
                results.writeFailure(exchange, failure);
            } else {
                write.accept(exchange, value);
            }
        });
    }

    private CompletionStage<GenerationTask> task(Exchange exchange) {
        return runtime.engine().read(account, taskId(exchange), Operation.GENERATE, newRecordId(), timeout());
    }

    private boolean result(Exchange exchange, AsyncCallback callback) {
        GenvideoConfiguration options = endpoint.getConfiguration();
        String recordId = newRecordId();
        long startNanos = System.nanoTime();
        String taskId = taskId(exchange);
        CompletionStage<ResultWriter.Delivery> result = runtime.progressRoutes()
                .during(
                        endpoint.progressRoute(),
                        listener -> runtime.engine()
                                .await(
                                        account,
                                        taskId,
                                        Operation.GENERATE,
                                        recordId,
                                        options.getTimeout(),
                                        options.getPollInterval(),
                                        listener))
                .thenCompose(outcome -> results.fetch(
                        exchange, outcome, options.getTimeout().minusNanos(System.nanoTime() - startNanos)));
        return runtime.resumer().resumeAfter(runtime.untilClosed(result), exchange, callback, (delivery, failure) -> {
            if (failure != null) {
                results.writeFailure(exchange, failure, recordId);
            } else {
                results.write(exchange, delivery, recordId);
            }
        });
    }

    private void writeTask(Exchange exchange, GenerationTask task) {
        exchange.setProperty(GenvideoConstants.TASK_PROPERTY, task);
        ResultWriter.writeHeaders(exchange.getMessage(), task);
        exchange.getMessage().setBody(task);
    }

    private CompletionStage<CancelResult> cancel(Exchange exchange) {
        return runtime.engine().cancel(account, taskId(exchange), endpoint.callOptions(), timeout());
    }

    private void writeCancelled(Exchange exchange, CancelResult result) {
        GenerationError refusal = result.refusal();
        GenerationTask task = result.task();
        if (refusal == null) {
            writeTask(exchange, task);
        } else {
            // Not as a failure of a wait: this exchange has not received the task's result, however it ends
            GenvideoException failure =
                    refusal.at(task.recordId(), task.handle()).toException();
            failure.setLocale(Locale.forLanguageTag(endpoint.getConfiguration().getLanguage()));
            exchange.setException(failure);
        }
    }

    private CompletionStage<GenerationTask> resolve(Exchange exchange) {
        ResolveRequest resolve = ResolveRequest.read(exchange.getMessage(), endpoint.getProvider());
        return runtime.engine().resolve(account, resolve.recordId(), resolve.resolution(), resolve.taskId(), timeout());
    }

    private void writeResolved(Exchange exchange, GenerationTask task) {
        writeTask(exchange, task);
        // To a generation later in the route this header is the size of its video
        exchange.getMessage().removeHeader(GenvideoConstants.RESOLUTION);
    }

    private CompletionStage<List<String>> upload(Exchange exchange) {
        Object header = exchange.getMessage().getHeader(GenvideoConstants.INPUTS);
        Object body = exchange.getMessage().getBody();
        if (header == null && body == null) {
            throw invalid("there is nothing to upload: the body is empty");
        }
        List<MediaInput> media = header != null
                ? inputs.read(exchange, header, "header " + GenvideoConstants.INPUTS)
                : inputs.read(exchange, body, "body");
        if (media.isEmpty()) {
            throw invalid("there is nothing to upload: the "
                    + (header != null ? "header " + GenvideoConstants.INPUTS : "body") + " is an empty list");
        }
        CallOptions options = endpoint.callOptions();
        CompletableFuture<List<String>> urls = CompletableFuture.completedFuture(new ArrayList<>());
        for (MediaInput medium : media) {
            urls = urls.thenCompose(done -> account.provider()
                    .upload(medium, options)
                    .thenApply(URI::toString)
                    .thenApply(url -> {
                        done.add(url);
                        return done;
                    }));
        }
        return urls;
    }

    private static void writeUrls(Exchange exchange, List<String> urls) {
        exchange.getMessage().setHeader(GenvideoConstants.URL, urls.get(0));
        exchange.getMessage().setHeader(GenvideoConstants.MEDIA_COUNT, urls.size());
        exchange.getMessage().setBody(urls.size() == 1 ? urls.get(0) : urls);
    }

    /** A model may do several operations; each is described with its own parameters and prices. */
    private CompletionStage<List<ModelInfo>> describe(Exchange exchange) {
        String header = exchange.getMessage().getHeader(GenvideoConstants.MODEL, String.class);
        String model = header != null ? header : endpoint.getConfiguration().getModel();
        if (model == null || model.isBlank()) {
            throw invalid("'describe' needs the option 'model' or the header " + GenvideoConstants.MODEL);
        }
        return account.provider().describe(model, endpoint.callOptions()).thenApply(found -> {
            if (found.isEmpty()) {
                throw invalid("there is no model '" + model + "'; the operation 'models' lists those there are");
            }
            return found;
        });
    }

    private String taskId(Exchange exchange) {
        String id = exchange.getMessage().getHeader(GenvideoConstants.TASK_ID, String.class);
        if (id == null || id.isBlank()) {
            throw invalid("'" + operation.path() + "' needs the header " + GenvideoConstants.TASK_ID);
        }
        return id.trim();
    }

    /** Also of operations that do not wait for a task: a journal that does not answer must not hold the exchange for longer. */
    private Duration timeout() {
        return endpoint.getConfiguration().getTimeout();
    }

    private static String newRecordId() {
        return UUID.randomUUID().toString();
    }

    private GenvideoException invalid(String message) {
        return GenerationError.of(ErrorCategory.INVALID_REQUEST, endpoint.getProvider(), message)
                .toException();
    }
}
