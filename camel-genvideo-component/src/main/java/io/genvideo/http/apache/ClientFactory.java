/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpGatewaySettings;
import io.genvideo.http.apache.PooledClient.Addresses;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the gateway's clients: the user's adjustments first, then what the gateway's promises rest on.
 *
 * <p>Each kind of call has a client, and so connections and I/O threads, of its own, and hosts that services name are resolved
 * by a resolver of their own: a slow media host or its name server must not delay a create.
 */
final class ClientFactory {
    private static final Logger LOG = LoggerFactory.getLogger(ClientFactory.class);
    private static final int MAX_FRAMES = 10;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    private static final int DOWNLOAD_BUFFER_BYTES = 64 * 1024;

    /** Longest line of a response's head, trailer or chunk header; a server without such a limit could fill the memory. */
    static final int MAX_LINE_BYTES = 16 * 1024;

    static final int MAX_HEADERS = 200;

    /** Of one host, so that a slow one leaves connections to the others. */
    static final int MAX_DOWNLOADS_PER_HOST = 8;

    /** The services take their credentials as headers of a call; the client itself never answers a target's challenge. */
    private static final AuthenticationStrategy NEVER = (type, challenges, context) -> List.of();

    /** A proxy's challenge to the tunnel may be answered, but not one to the create itself. */
    private static final AuthenticationStrategy BEFORE_SENDING = (type, challenges, context) -> {
        SendOnceGuard sendGuard = SendOnceGuard.of(context);
        return sendGuard != null && sendGuard.hasLeft()
                ? List.of()
                : DefaultAuthenticationStrategy.INSTANCE.select(type, challenges, context);
    };

    private final HttpGatewaySettings settings;
    private final HttpTimings timings;
    private final AsyncDnsResolver apiResolver;
    private final AsyncDnsResolver mediaResolver;

    /**
     * @param apiResolver for addresses that are configured on this side
     * @param mediaResolver for addresses that services name
     */
    ClientFactory(
            HttpGatewaySettings settings,
            HttpTimings timings,
            AsyncDnsResolver apiResolver,
            AsyncDnsResolver mediaResolver) {
        this.settings = settings;
        this.timings = timings;
        this.apiResolver = apiResolver;
        this.mediaResolver = mediaResolver;
    }

    PooledClient forReads(Runnable threadEnded) {
        int most = settings.maxConnections();
        return start(
                configured("reads", 2, Http1Config.custom(), threadEnded),
                connections(most, most, apiResolver.anyAddress(), verification(Addresses.CONFIGURED)),
                apiResolver,
                Addresses.CONFIGURED,
                null);
    }

    PooledClient forCreates(Runnable threadEnded) {
        return forSingleSends(
                configured("creates", 1, Http1Config.custom(), threadEnded),
                Math.min(settings.maxConnections(), HttpGatewaySettings.MAX_CREATE_CONNECTIONS),
                apiResolver,
                Addresses.CONFIGURED);
    }

    PooledClient forStreams(Runnable threadEnded) {
        return forSingleSends(
                configured("streams", 1, Http1Config.custom(), threadEnded)
                        .setIoSessionDecorator(DeferredEofSession::new),
                settings.maxStreams(),
                apiResolver,
                Addresses.CONFIGURED);
    }

    /** For calls with an {@link io.genvideo.http.AddressGuard}, whether they are reads or sent once. */
    PooledClient forGuardedCalls(Runnable threadEnded) {
        return forSingleSends(
                configured("guarded", 1, Http1Config.custom(), threadEnded),
                settings.maxConnections(),
                mediaResolver,
                Addresses.PUBLIC);
    }

    private PooledClient forSingleSends(
            HttpAsyncClientBuilder client, int most, AsyncDnsResolver resolver, Addresses addresses) {
        Duration idle = timings.createIdle();
        HttpAsyncClientBuilder builder =
                client.setProxyAuthenticationStrategy(BEFORE_SENDING).setKeepAliveStrategy(noLongerThan(idle));
        return start(
                builder,
                connections(most, most, allowed(resolver, addresses), verification(addresses)),
                resolver,
                addresses,
                idle);
    }

    /** @param addresses {@code TRUSTED} or {@code PUBLIC} */
    PooledClient forDownloads(Addresses addresses, Runnable threadEnded) {
        HttpAsyncClientBuilder builder = configured(
                        addresses == Addresses.PUBLIC ? "downloads" : "own-downloads",
                        1,
                        Http1Config.custom().setBufferSize(DOWNLOAD_BUFFER_BYTES),
                        threadEnded)
                .setDefaultHeaders(null)
                .addRequestInterceptorLast((request, entity, context) -> {
                    request.removeHeaders(HttpHeaders.AUTHORIZATION);
                    request.removeHeaders(HttpHeaders.COOKIE);
                });
        int most = settings.maxConnections();
        return start(
                builder,
                connections(
                        most,
                        Math.min(most, MAX_DOWNLOADS_PER_HOST),
                        allowed(mediaResolver, addresses),
                        verification(addresses)),
                mediaResolver,
                addresses,
                null);
    }

    /**
     * Who checks that a certificate is for the host. The default leaves it to the platform's engine, but 5.5.1 requests it of
     * the engine only after its parameters were applied: any trusted certificate would do for any host. The engine refuses every
     * host with {@code _}, as some buckets have it, so for media it is left to HttpClient's own check.
     */
    private static HostnameVerificationPolicy verification(Addresses addresses) {
        return addresses == Addresses.CONFIGURED ? HostnameVerificationPolicy.BOTH : HostnameVerificationPolicy.CLIENT;
    }

    private DnsResolver allowed(AsyncDnsResolver resolver, Addresses addresses) {
        return addresses == Addresses.PUBLIC ? resolver.publicAddresses(settings.proxyHost()) : resolver.anyAddress();
    }

    private HttpAsyncClientBuilder configured(
            String purpose, int ioThreads, Http1Config.Builder http1, Runnable threadEnded) {
        HttpAsyncClientBuilder builder = HttpAsyncClientBuilder.create().setUserAgent("camel-genvideo");
        if (settings.proxyHost() != null && settings.proxyPort() != null) {
            builder.setProxy(new HttpHost(settings.proxyHost(), settings.proxyPort()));
        }
        if (settings.configurer() != null) {
            settings.configurer().configure(builder);
        }
        return enforced(builder)
                .setThreadFactory(observed(threads(settings.name(), purpose), threadEnded))
                .setIOReactorConfig(IOReactorConfig.custom()
                        .setIoThreadCount(ioThreads)
                        .setTcpNoDelay(true)
                        .build())
                .setHttp1Config(http1.setMaxLineLength(MAX_LINE_BYTES)
                        .setMaxHeaderCount(MAX_HEADERS)
                        .build());
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
            AsyncDnsResolver resolver,
            Addresses addresses,
            @Nullable Duration idleLimit) {
        CloseableHttpAsyncClient client = builder.addRequestInterceptorLast(new SendOnceGuard.Interceptor())
                .setConnectionManager(connections)
                .build();
        PooledClient pooled = new PooledClient(
                client,
                connections,
                resolver,
                addresses,
                settings.proxyHost(),
                idleLimit,
                new AtomicLong(System.nanoTime()));
        boolean started = false;
        try {
            client.start();
            started = true;
        } finally {
            if (!started) {
                pooled.close();
            }
        }
        return pooled;
    }

    private PoolingAsyncClientConnectionManager connections(
            int most, int mostPerHost, DnsResolver resolver, HostnameVerificationPolicy verification) {
        Duration request = settings.requestTimeout();
        Duration connect = request.compareTo(LONGEST_CONNECT) < 0 ? request : LONGEST_CONNECT;
        ClientTlsStrategyBuilder tls = ClientTlsStrategyBuilder.create();
        tls.setHostnameVerificationPolicy(verification);
        if (settings.sslContext() != null) {
            tls.setSslContext(settings.sslContext());
        }
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setMaxConnTotal(most)
                .setMaxConnPerRoute(mostPerHost)
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

    private static ThreadFactory observed(ThreadFactory threads, Runnable threadEnded) {
        return task -> threads.newThread(() -> {
            try {
                task.run();
            } catch (RuntimeException | Error failure) {
                // Without its message, which may quote what the thread was working on
                LOG.error(
                        "An I/O thread of the HTTP client has ended with {} at {}",
                        failure.getClass().getName(),
                        Arrays.stream(failure.getStackTrace()).limit(MAX_FRAMES).toList());
            } finally {
                threadEnded.run();
            }
        });
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
