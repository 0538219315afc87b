/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import org.jspecify.annotations.Nullable;

/** stub */
public record HttpGatewaySettings() {
    public static Builder builder() {
        return new Builder();
    }
    /** stub */
    public static final class Builder {
        public Builder name(String s) {
            return this;
        }

        public Builder maxConnections(int n) {
            return this;
        }

        public Builder sslContext(javax.net.ssl.@Nullable SSLContext c) {
            return this;
        }

        public Builder proxy(@Nullable String h, @Nullable Integer p) {
            return this;
        }

        public Builder configurer(@Nullable HttpClientConfigurer c) {
            return this;
        }

        public Builder timer(java.util.concurrent.ScheduledExecutorService t) {
            return this;
        }

        public Builder random(java.util.random.RandomGenerator r) {
            return this;
        }

        public HttpGatewaySettings build() {
            return new HttpGatewaySettings();
        }
    }
}
