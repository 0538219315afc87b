/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpGatewaySettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.AuthenticationStrategy;
import org.apache.hc.client5.http.ConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultAuthenticationStrategy;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Makes the gateway's clients: the user's adjustments first, then what the gateway's promises rest on. */
final class ClientFactory {
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    private static final int DOWNLOAD_BUFFER_BYTES = 64 * 1024;

    /** The services take their credentials as headers of a call; the client itself never answers a target's challenge. */
    private static final AuthenticationStrategy NEVER = (type, challenges, context) -> List.of();

    /** A proxy's challenge to the tunnel may be answered, but not one that the create itself has met. */
    private static final AuthenticationStrategy BEFORE_DEPARTURE = (type, challenges, context) -> {
        SendOnceGuard departure = SendOnceGuard.of(context);
        return departure != null && departure.hasLeft()
                ? List.of()
                : DefaultAuthenticationStrategy.INSTANCE.select(type, challenges, context);
    };

    private final HttpGatewaySettings settings;
    private final HttpTimings tuning;
    private final AsyncDnsResolver names;

    ClientFactory(HttpGatewaySettings settings, HttpTimings tuning, AsyncDnsResolver names) {
        this.settings = settings;
        this.tuning = tuning;
        this.names = names;
    }

    PooledClient forReads() {
        return start(configured("reads", 2), connections(settings.maxConnections(), names.anyAddress()), null);
    }

    PooledClient forCreates() {
        return forOnce(
                configured("creates", 1),
                Math.min(settings.maxConnections(), HttpGatewaySettings.MAX_CREATE_CONNECTIONS));
    }

    PooledClient forStreams() {
        return forOnce(configured("streams", 1).setIoSessionDecorator(DeferredEofSession::new), settings.maxStreams());
    }

    private PooledClient forOnce(HttpAsyncClientBuilder client, int most) {
        Duration idle = tuning.createIdle();
        HttpAsyncClientBuilder builder =
                client.setProxyAuthenticationStrategy(BEFORE_DEPARTURE).setKeepAliveStrategy(noLongerThan(idle));
        return start(builder, connections(most, names.anyAddress()), idle);
    }

    /** @param guarded whether only public addresses are connected to */
    PooledClient forDownloads(boolean guarded) {
        HttpAsyncClientBuilder builder = configured(guarded ? "downloads" : "own-downloads", 1)
                .setDefaultHeaders(null)
                .setHttp1Config(Http1Config.custom()
                        .setBufferSize(DOWNLOAD_BUFFER_BYTES)
                        .build())
                .addRequestInterceptorLast((request, entity, context) -> {
                    request.removeHeaders(HttpHeaders.AUTHORIZATION);
                    request.removeHeaders(HttpHeaders.COOKIE);
                });
        DnsResolver resolver = guarded ? names.publicAddresses(settings.proxyHost()) : names.anyAddress();
        return start(builder, connections(settings.maxConnections(), resolver), null);
    }

    private HttpAsyncClientBuilder configured(String purpose, int ioThreads) {
        HttpAsyncClientBuilder builder = HttpAsyncClientBuilder.create()
                .setUserAgent("camel-genvideo")
                .setThreadFactory(threads(settings.name(), purpose))
                .setIOReactorConfig(IOReactorConfig.custom()
                        .setIoThreadCount(ioThreads)
                        .setTcpNoDelay(true)
                        .build());
        if (settings.proxyHost() != null && settings.proxyPort() != null) {
            builder.setProxy(new HttpHost(settings.proxyHost(), settings.proxyPort()));
        }
        if (settings.configurer() != null) {
            settings.configurer().configure(builder);
        }
        return enforced(builder);
    }

    @SuppressWarnings(
            "deprecation") // setVersionPolicy overrides the pool's policy inside a proxy's tunnel, so it is set too
    private static HttpAsyncClientBuilder enforced(HttpAsyncClientBuilder builder) {
        return builder.disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableConnectionState()
                .setUserTokenHandler(null)
                .setTargetAuthenticationStrategy(NEVER)
                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                .setConnectionManagerShared(false);
    }

    private PooledClient start(
            HttpAsyncClientBuilder builder,
            PoolingAsyncClientConnectionManager connections,
            @Nullable Duration idleLimit) {
        CloseableHttpAsyncClient client = builder.addRequestInterceptorLast(new SendOnceGuard.Gate())
                .setConnectionManager(connections)
                .build();
        client.start();
        return new PooledClient(client, connections, names, settings.proxyHost(), idleLimit);
    }

    private PoolingAsyncClientConnectionManager connections(int most, DnsResolver resolver) {
        Duration request = settings.requestTimeout();
        Duration connect = request.compareTo(LONGEST_CONNECT) < 0 ? request : LONGEST_CONNECT;
        // The default leaves the check of the server's name to the platform's engine, but 5.5.1 asks the engine for it
        // only
        // after its parameters were applied: any trusted certificate would do for any host
        ClientTlsStrategyBuilder tls = ClientTlsStrategyBuilder.create();
        tls.setHostnameVerificationPolicy(HostnameVerificationPolicy.BOTH);
        if (settings.sslContext() != null) {
            tls.setSslContext(settings.sslContext());
        }
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setMaxConnTotal(most)
                .setMaxConnPerRoute(most)
                .setDnsResolver(resolver)
                .setTlsStrategy(tls.buildAsync())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                        .setHandshakeTimeout(Timeout.of(connect))
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(connect))
                        .setSocketTimeout(Timeout.of(request))
                        .build())
                .build();
    }

    private static ConnectionKeepAliveStrategy noLongerThan(Duration limit) {
        TimeValue most = TimeValue.ofMilliseconds(limit.toMillis());
        return (response, context) -> {
            TimeValue offered = DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(response, context);
            // The pool takes zero for "for ever"
            return TimeValue.isPositive(offered) && offered.compareTo(most) < 0 ? offered : most;
        };
    }

    static ThreadFactory threads(String name, String purpose) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "genvideo-http-" + name + "-" + purpose + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
