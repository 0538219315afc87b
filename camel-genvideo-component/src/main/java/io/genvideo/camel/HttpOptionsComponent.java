/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.http.HttpClientConfigurer;
import io.genvideo.http.HttpGatewaySettings;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.apache.camel.CamelContext;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.jspecify.annotations.Nullable;

/** The component's options of the HTTP client, which all its endpoints share. */
public abstract class HttpOptionsComponent extends DefaultComponent implements SSLContextParametersAware {
    /** Of all accounts; the option {@code maxStreams} is for each. */
    private static final int ALL_STREAMS = 1000;

    @Metadata(
            label = "advanced",
            description = "Customizes the HTTP client before it is built. Its own retries and redirects are always "
                    + "switched off.")
    private @Nullable HttpClientConfigurer httpClientConfigurer;

    @Metadata(
            label = "advanced",
            defaultValue = "200",
            description = "Maximum number of open connections, in total and per host.")
    private int maxConnections = 200;

    @Metadata(label = "security", description = "TLS settings of the HTTP client.")
    private @Nullable SSLContextParameters sslContextParameters;

    @Metadata(label = "security", defaultValue = "false", description = "Whether to use Camel's global TLS settings.")
    private boolean useGlobalSslContextParameters;

    @Metadata(label = "proxy", description = "Host of an HTTP proxy.")
    private @Nullable String proxyHost;

    @Metadata(label = "proxy", description = "Port of the HTTP proxy.")
    private @Nullable Integer proxyPort;

    HttpOptionsComponent() {}

    HttpOptionsComponent(CamelContext context) {
        super(context);
    }

    /** Takes Camel's global TLS settings if the component has none of its own and may use them. */
    void useGlobalTls() {
        if (sslContextParameters == null) {
            sslContextParameters = retrieveGlobalSslContextParameters();
        }
    }

    HttpGatewaySettings httpSettings(ScheduledExecutorService timer, RandomGenerator random)
            throws GeneralSecurityException, IOException {
        SSLContextParameters tls = sslContextParameters;
        return HttpGatewaySettings.builder(timer, random)
                .name(getCamelContext().getName())
                .maxConnections(maxConnections)
                .maxStreams(ALL_STREAMS)
                .sslContext(tls == null ? null : tls.createSSLContext(getCamelContext()))
                .proxy(proxyHost, proxyPort)
                .configurer(httpClientConfigurer)
                .build();
    }

    public @Nullable HttpClientConfigurer getHttpClientConfigurer() {
        return httpClientConfigurer;
    }

    public void setHttpClientConfigurer(@Nullable HttpClientConfigurer httpClientConfigurer) {
        this.httpClientConfigurer = httpClientConfigurer;
    }

    public int getMaxConnections() {
        return maxConnections;
    }

    public void setMaxConnections(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    public @Nullable SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    public void setSslContextParameters(@Nullable SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }

    public @Nullable String getProxyHost() {
        return proxyHost;
    }

    public void setProxyHost(@Nullable String proxyHost) {
        this.proxyHost = proxyHost;
    }

    public @Nullable Integer getProxyPort() {
        return proxyPort;
    }

    public void setProxyPort(@Nullable Integer proxyPort) {
        this.proxyPort = proxyPort;
    }
}
