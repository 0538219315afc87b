/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the component's {@link HttpGateway}.
 *
 * @param name part of the names of its threads
 * @param maxConnections most connections of a pool, in total and to one host; 1 to 10,000. Reads, creates,
 *     downloads and guarded calls have a pool each, that of creates with at most {@value #MAX_CREATE_CONNECTIONS}
 * @param maxStreams most streams at once, each with a connection of its own; 1 to 10,000
 * @param maxWebSockets most WebSockets at once; 1 to 10,000
 * @param requestTimeout of a whole call that brings none; at least 1 ms, at most 1 day
 * @param sslContext {@code null} for the platform's
 * @param proxyHost {@code null} for direct connections
 * @param proxyPort 1 to 65535; given exactly if {@code proxyHost} is
 * @param configurer {@code null} for none
 * @param timer runs deadlines, back-off and the permits of {@link HttpGateway#limitedTo}; never shut down by the gateway. A
 *     {@link java.util.concurrent.ScheduledThreadPoolExecutor} should have {@code setRemoveOnCancelPolicy(true)}: every
 *     call plans a deadline that is cancelled when the response comes
 * @param random spreads back-off, so that tasks that failed together do not come back together
 */
public record HttpGatewaySettings(
        String name,
        int maxConnections,
        int maxStreams,
        int maxWebSockets,
        Duration requestTimeout,
        @Nullable SSLContext sslContext,
        @Nullable String proxyHost,
        @Nullable Integer proxyPort,
        @Nullable HttpClientConfigurer configurer,
        ScheduledExecutorService timer,
        RandomGenerator random) {

    public static final int DEFAULT_MAX_CONNECTIONS = 200;

    public static final int DEFAULT_MAX_STREAMS = 100;

    public static final int DEFAULT_MAX_WEB_SOCKETS = 1000;

    public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(30);

    /** A create is one short call per task; what more of them at once would win is lost in the service's queue. */
    public static final int MAX_CREATE_CONNECTIONS = 50;

    /** @throws IllegalArgumentException for a value outside its bounds */
    public HttpGatewaySettings {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(timer, "timer");
        Objects.requireNonNull(random, "random");
        require(maxConnections >= 1 && maxConnections <= 10_000, "maxConnections must be 1 to 10000");
        require(maxStreams >= 1 && maxStreams <= 10_000, "maxStreams must be 1 to 10000");
        require(maxWebSockets >= 1 && maxWebSockets <= 10_000, "maxWebSockets must be 1 to 10000");
        require(
                requestTimeout.toMillis() >= 1 && requestTimeout.compareTo(Duration.ofDays(1)) <= 0,
                "requestTimeout must be 1 ms to 1 day");
        require((proxyHost == null) == (proxyPort == null), "proxyHost and proxyPort go together");
        require(proxyPort == null || (proxyPort >= 1 && proxyPort <= 65_535), "proxyPort must be 1 to 65535");
    }

    private static void require(boolean condition, String words) {
        if (!condition) {
            throw new IllegalArgumentException(words);
        }
    }

    public static Builder builder(ScheduledExecutorService timer, RandomGenerator random) {
        return new Builder(timer, random);
    }

    /** Every value but the timer and the random source has a default. */
    public static final class Builder {
        private final ScheduledExecutorService timer;
        private final RandomGenerator random;
        private String name = "gateway";
        private int maxConnections = DEFAULT_MAX_CONNECTIONS;
        private int maxStreams = DEFAULT_MAX_STREAMS;
        private int maxWebSockets = DEFAULT_MAX_WEB_SOCKETS;
        private Duration requestTimeout = DEFAULT_REQUEST_TIMEOUT;
        private @Nullable SSLContext sslContext;
        private @Nullable String proxyHost;
        private @Nullable Integer proxyPort;
        private @Nullable HttpClientConfigurer configurer;

        private Builder(ScheduledExecutorService timer, RandomGenerator random) {
            this.timer = timer;
            this.random = random;
        }

        public Builder name(String value) {
            this.name = value;
            return this;
        }

        public Builder maxConnections(int value) {
            this.maxConnections = value;
            return this;
        }

        public Builder maxStreams(int value) {
            this.maxStreams = value;
            return this;
        }

        public Builder maxWebSockets(int value) {
            this.maxWebSockets = value;
            return this;
        }

        public Builder requestTimeout(Duration value) {
            this.requestTimeout = value;
            return this;
        }

        public Builder sslContext(@Nullable SSLContext value) {
            this.sslContext = value;
            return this;
        }

        public Builder proxy(@Nullable String host, @Nullable Integer port) {
            this.proxyHost = host;
            this.proxyPort = port;
            return this;
        }

        public Builder configurer(@Nullable HttpClientConfigurer value) {
            this.configurer = value;
            return this;
        }

        /** @throws IllegalArgumentException for a value outside its bounds */
        public HttpGatewaySettings build() {
            return new HttpGatewaySettings(
                    name,
                    maxConnections,
                    maxStreams,
                    maxWebSockets,
                    requestTimeout,
                    sslContext,
                    proxyHost,
                    proxyPort,
                    configurer,
                    timer,
                    random);
        }
    }
}
