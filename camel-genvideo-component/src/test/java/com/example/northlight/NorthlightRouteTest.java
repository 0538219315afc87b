/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package com.example.northlight;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.camel.GenvideoAccount;
import io.genvideo.camel.GenvideoComponent;
import io.genvideo.conformance.SimulatedService;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Media;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.GenerationProviderFactory;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider of others is found as a bean of the registry and through META-INF/services, and a route uses it like any other. */
class NorthlightRouteTest {

    @Test
    void isFoundAsABeanOfTheRegistry() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("northlight", new NorthlightProviderFactory());

            assertThatARouteRuns(camel);
        }
    }

    @Test
    void isFoundThroughMetaInfServices(@TempDir Path jar) throws Exception {
        try (URLClassLoader application = new URLClassLoader(
                        new URL[] {services(jar).toUri().toURL()}, getClass().getClassLoader());
                DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.setApplicationContextClassLoader(application);

            assertThatARouteRuns(camel);
        }
    }

    private static Path services(Path jar) throws IOException {
        Path file = jar.resolve("META-INF/services/" + GenerationProviderFactory.class.getName());
        Files.createDirectories(file.getParent());
        Files.writeString(file, NorthlightProviderFactory.class.getName());
        return jar;
    }

    private static void assertThatARouteRuns(DefaultCamelContext camel) throws Exception {
        try (SimulatedService service = new SimulatedService(new NorthlightProtocol())) {
            GenvideoAccount account = new GenvideoAccount();
            account.setApiKey("northlight-key");
            account.setBaseUrl(service.uri().toString());
            GenvideoComponent component = new GenvideoComponent(camel);
            component.getAccounts().put("northlight", account);
            camel.addComponent("genvideo", component);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:prompts").to("genvideo:northlight/text_to_video?duration=10&pollInterval=20ms");
                }
            });
            camel.start();

            GenerationTask task = camel.createProducerTemplate()
                    .requestBody("direct:prompts", "a lighthouse at dawn", GenerationTask.class);

            assertThat(task.status()).isEqualTo(TaskStatus.SUCCEEDED);
            assertThat(task.provider()).isEqualTo("northlight");
            assertThat(task.media()).extracting(Media::url).containsExactly(SimulatedService.MEDIUM);
            assertThat(service.charged()).isEqualTo(1);
        }
    }
}
