/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import io.genvideo.camel.GenvideoComponent;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.spring.boot.util.ConditionalOnCamelContextAndAutoConfigurationBeans;
import org.apache.camel.spring.boot.util.ConditionalOnHierarchicalProperties;
import org.apache.camel.spring.boot.util.HierarchicalPropertiesEvaluator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;

/**
 * Configures the component {@code genvideo} from the properties under {@code camel.component.genvideo}. Camel's own switches
 * apply: {@code camel.component.genvideo.enabled} and {@code camel.component.genvideo.customizer.enabled}.
 */
@AutoConfiguration(after = CamelAutoConfiguration.class)
@Conditional(ConditionalOnCamelContextAndAutoConfigurationBeans.class)
@ConditionalOnHierarchicalProperties({"camel.component", "camel.component.genvideo"})
public class GenvideoComponentAutoConfiguration {
    static final String COMPONENT = "genvideo";

    @Lazy
    @Bean
    ComponentCustomizer genvideoComponentCustomizer(ApplicationContext application, CamelContext camel) {
        return new ComponentCustomizer() {
            @Override
            public void configure(String name, Component component) {
                new ComponentBinder(camel, (GenvideoComponent) component, application.getEnvironment()).bind();
            }

            @Override
            public boolean isEnabled(String name, Component component) {
                return name.equals(COMPONENT)
                        && component instanceof GenvideoComponent
                        && HierarchicalPropertiesEvaluator.evaluate(
                                application, "camel.component.customizer", "camel.component.genvideo.customizer");
            }
        };
    }

    /**
     * Creates the component with the context, not with its first endpoint: a wrong property stops the start even if only a
     * dynamic endpoint uses it, and tasks that an earlier process has left are resumed at once.
     */
    @Bean
    CamelContextConfiguration genvideoComponentStarter() {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                camel.getComponent(COMPONENT);
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {}
        };
    }
}
