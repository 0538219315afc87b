/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** How HttpClient handles a call; kept for the next call, which mostly has the same limits. */
final class RequestConfigs {
    private record Kept(HttpExchange.Limits limits, RequestConfig config) {}

    private volatile @Nullable Kept last;

    RequestConfig of(HttpExchange.Limits limits) {
        Kept kept = last;
        if (kept != null && kept.limits.equals(limits)) {
            return kept.config;
        }
        RequestConfig config = RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.of(limits.total()))
                .setResponseTimeout(Timeout.of(limits.silence()))
                .setHardCancellationEnabled(true)
                .setRedirectsEnabled(false)
                .setExpectContinueEnabled(false)
                .setProtocolUpgradeEnabled(false)
                .build();
        last = new Kept(limits, config);
        return config;
    }
}
