/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpGatewaySettingsTest {
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private HttpGatewaySettings.Builder builder() {
        return HttpGatewaySettings.builder(timer, new SplittableRandom(1));
    }

    @Test
    void hasDefaults() {
        HttpGatewaySettings settings = builder().build();

        assertThat(settings.maxConnections()).isEqualTo(200);
        assertThat(settings.maxStreams()).isEqualTo(100);
        assertThat(settings.requestTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.proxyHost()).isNull();
    }

    @Test
    void namesTheValueThatIsOutOfBounds() {
        refused(builder -> builder.maxConnections(0), "maxConnections");
        refused(builder -> builder.maxConnections(10_001), "maxConnections");
        refused(builder -> builder.maxWebSockets(0), "maxWebSockets");
        refused(builder -> builder.maxWebSockets(10_001), "maxWebSockets");
        refused(builder -> builder.maxStreams(0), "maxStreams");
        refused(builder -> builder.maxStreams(10_001), "maxStreams");
        refused(builder -> builder.requestTimeout(Duration.ZERO), "requestTimeout");
        refused(builder -> builder.requestTimeout(Duration.ofDays(2)), "requestTimeout");
        refused(builder -> builder.proxy("proxy", null), "proxyPort");
        refused(builder -> builder.proxy(null, 8080), "proxyHost");
        refused(builder -> builder.proxy("proxy", 0), "proxyPort");
    }

    private void refused(UnaryOperator<HttpGatewaySettings.Builder> change, String name) {
        assertThatThrownBy(() -> change.apply(builder()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }
}
