/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.quarkus.deployment;

import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.runtime.annotations.ConfigRoot;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Options of the extension. Those of the component are {@code camel.component.genvideo.*}, as everywhere in Camel. */
@ConfigMapping(prefix = "quarkus.camel.genvideo")
@ConfigRoot(phase = ConfigPhase.BUILD_TIME)
interface GenvideoBuildTimeConfig {

    /** The sandbox that stands in for the services in dev and test mode. */
    DevServices devservices();

    /** Options of the sandbox. */
    interface DevServices {
        /**
         * Whether the sandbox is started in dev and test mode for accounts that have no key. With {@code false}, or if
         * {@code quarkus.devservices.enabled} is {@code false}, such accounts are an error when a route starts.
         */
        @WithDefault("true")
        boolean enabled();

        /** Port on which the sandbox listens, on the loopback interface; 0 for any free one. */
        @WithDefault("0")
        int port();

        /**
         * How long a task takes in the sandbox. By default a task ends as soon as its video is rendered, which takes a second or
         * two.
         */
        Optional<Duration> taskDuration();
    }
}
