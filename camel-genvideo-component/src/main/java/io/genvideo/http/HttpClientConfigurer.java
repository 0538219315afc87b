/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;

/** stub */
@FunctionalInterface
public interface HttpClientConfigurer {
    void configure(HttpAsyncClientBuilder builder);
}
