/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;

/**
 * Adjusts the HTTP clients behind the {@link HttpGateway}: a route planner, credentials of a proxy, a user agent, an
 * interceptor.
 *
 * <p>It is called once for each client, before the gateway sets what its promises rest on: no retries, redirects, cookies,
 * authentication caching or connection state of the client's own, no authentication to the target, HTTP/1.1, and the
 * gateway's connection pools, threads, TLS, time-outs, limits of response heads and keep-alive of creates. What it does to
 * these has no effect.
 */
@FunctionalInterface
public interface HttpClientConfigurer {

    /** @param builder of one of the gateway's clients; not to be built or kept */
    void configure(HttpAsyncClientBuilder builder);
}
