/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.jspecify.annotations.Nullable;

/** The endpoints of options that name a route of the same context. */
final class RouteEndpoints {
    private RouteEndpoints() {}

    /**
     * The endpoint that an option names; {@code null} if the option is not set.
     *
     * @throws IllegalArgumentException for an endpoint that no route of this context consumes from
     */
    static @Nullable Endpoint find(CamelContext context, String option, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        String uri = value.trim();
        if (!uri.startsWith("direct:") && !uri.startsWith("seda:")) {
            throw new IllegalArgumentException(
                    "Option " + option + " is '" + uri + "', it must begin with direct: or seda: and name a route");
        }
        return context.getEndpoint(uri);
    }
}
