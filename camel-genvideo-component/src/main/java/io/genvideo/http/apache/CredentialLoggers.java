/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HttpClient's own loggers that print what this package keeps out of its logs. */
final class CredentialLoggers {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialLoggers.class);

    private static final List<String> HEADERS_AND_BODIES =
            List.of("org.apache.hc.client5.http.headers", "org.apache.hc.client5.http.wire");

    /** Prints the request's target with its query, and IMA's upload call carries the API key there. */
    private static final String QUERIES = "org.apache.hc.client5.http.impl.async.HttpAsyncMainClientExec";

    private CredentialLoggers() {}

    /** Warns once, at start, which of them are on. */
    static void warn() {
        List<String> on = HEADERS_AND_BODIES.stream()
                .filter(name -> LoggerFactory.getLogger(name).isDebugEnabled())
                .collect(Collectors.toList());
        if (LoggerFactory.getLogger(QUERIES).isDebugEnabled()) {
            on.add(QUERIES);
        }
        if (!on.isEmpty()) {
            LOG.warn(
                    "DEBUG is on for {}: HttpClient prints headers, bodies or queries there, and with them the services'"
                            + " credentials. Set these loggers to INFO",
                    on);
        }
    }
}
