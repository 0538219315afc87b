/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.EngineAccount;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.spi.OwnOperation;
import io.genvideo.spi.OwnOperationCall;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/** Calls an operation that only one provider has. Neither journalled nor repeated: what it means is the provider's. */
public class GenvideoOwnOperationProducer extends DefaultAsyncProducer {
    private final GenvideoEndpoint endpoint;
    private final OwnOperation operation;
    private final EngineAccount account;
    private final GenvideoRuntime runtime;
    private final ResultWriter results;

    GenvideoOwnOperationProducer(GenvideoEndpoint endpoint, OwnOperation operation) {
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
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletionStage<@Nullable Object> result;
        try {
            Message in = exchange.getMessage();
            OwnOperationCall call = new OwnOperationCall(operation.name(), parameters(in), in.getBody());
            result = runtime.untilClosed(account.provider().invoke(call, endpoint.callOptions()));
        } catch (Exception e) {
            results.writeFailure(exchange, e);
            callback.done(true);
            return true;
        }
        return runtime.resumer().resumeAfter(result, exchange, callback, (body, failure) -> {
            if (failure != null) {
                results.writeFailure(exchange, failure);
            } else if (body != null) {
                exchange.getMessage().setBody(body);
            }
        });
    }

    /** The header's entries over the options {@code param.name}. */
    private Map<String, Object> parameters(Message in) {
        Map<String, Object> parameters = endpoint.getConfiguration().serviceParameters();
        Object header = in.getHeader(GenvideoConstants.PARAMETERS);
        if (header instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if (value != null) {
                    parameters.put(String.valueOf(name), value);
                }
            });
        } else if (header != null) {
            throw GenerationError.of(
                            ErrorCategory.INVALID_REQUEST,
                            endpoint.getProvider(),
                            "header " + GenvideoConstants.PARAMETERS + " is a "
                                    + header.getClass().getSimpleName() + ", it must be a Map from names to values")
                    .toException();
        }
        return parameters;
    }
}
