/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.time.Duration;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options that bound what an account sends to its service. */
@UriParams
public abstract class LimitConfiguration extends GenerationConfiguration {
    @UriParam(
            label = "limits",
            defaultValue = "100",
            description =
                    "Maximum number of tasks of the account that the service has at once, over all nodes that share "
                            + "the journal. Further tasks wait unsent and unpaid.")
    private int maxInFlight = 100;

    @UriParam(
            label = "limits",
            defaultValue = "100",
            description = "Maximum number of streams that the account has open at once, over all nodes that share the "
                    + "journal. Further tasks are polled.")
    private int maxStreams = 100;

    @UriParam(
            label = "limits",
            defaultValue = "0",
            description =
                    "Maximum number of requests per second to the service of the account, over all nodes that share "
                            + "the journal; 0 means no limit. If endpoints of one account set different values, the lowest one applies.")
    private double requestsPerSecond = 0;

    @UriParam(
            label = "limits",
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description =
                    "Maximum duration of one request to the service. A request that carries files has 60 s and 4 s "
                            + "per MB of them if that is longer.")
    private Duration requestTimeout = Duration.ofSeconds(30);

    public int getMaxInFlight() {
        return maxInFlight;
    }

    public void setMaxInFlight(int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public int getMaxStreams() {
        return maxStreams;
    }

    public void setMaxStreams(int maxStreams) {
        this.maxStreams = maxStreams;
    }

    public double getRequestsPerSecond() {
        return requestsPerSecond;
    }

    public void setRequestsPerSecond(double requestsPerSecond) {
        this.requestsPerSecond = requestsPerSecond;
    }

    public Duration getRequestTimeout() {
        return requestTimeout;
    }

    public void setRequestTimeout(Duration requestTimeout) {
        this.requestTimeout = requestTimeout;
    }
}
