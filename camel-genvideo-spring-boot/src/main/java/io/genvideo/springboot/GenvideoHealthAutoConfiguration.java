/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * The health indicator {@code genvideo}, in an application that has Actuator. Camel's own indicator shows the details of a
 * check only while it is down, or with {@code camel.health.exposure-level=full}.
 */
@AutoConfiguration(after = CamelAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(CamelContext.class)
@ConditionalOnEnabledHealthIndicator("genvideo")
public class GenvideoHealthAutoConfiguration {
    @Bean
    HealthIndicator genvideoHealthIndicator(CamelContext camel) {
        return new JournalHealthIndicator(camel);
    }
}
