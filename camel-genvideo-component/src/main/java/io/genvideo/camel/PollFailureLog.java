/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.GenvideoException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.LoggingExceptionHandler;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports an outage of what a consumer polls by one sentence when it begins and one when it ends. Camel's own handler writes a
 * stack trace for each poll. Failures of exchanges, and failures that are no {@link GenvideoException}, are logged as Camel does.
 */
final class PollFailureLog implements ExceptionHandler {
    private final Logger log;
    private final ExceptionHandler others;
    private final String endpoint;
    private final AtomicInteger failures = new AtomicInteger();

    PollFailureLog(CamelContext context, Class<?> consumer, String endpointUri) {
        log = LoggerFactory.getLogger(consumer);
        others = new LoggingExceptionHandler(context, consumer);
        endpoint = URISupport.sanitizeUri(endpointUri);
    }

    /** A poll has succeeded. */
    void polled() {
        int failed = failures.getAndSet(0);
        if (failed > 0) {
            log.info("Polling {} works again, after {} polls that failed", endpoint, failed);
        }
    }

    @Override
    public void handleException(Throwable exception) {
        others.handleException(exception);
    }

    @Override
    public void handleException(String message, Throwable exception) {
        if (!(exception instanceof GenvideoException)) {
            others.handleException(message, exception);
        } else if (failures.getAndIncrement() == 0) {
            log.warn("Polling {} fails and is repeated: {}", endpoint, exception.getMessage());
        } else {
            log.debug(message, exception);
        }
    }

    @Override
    public void handleException(String message, Exchange exchange, Throwable exception) {
        others.handleException(message, exchange, exception);
    }
}
