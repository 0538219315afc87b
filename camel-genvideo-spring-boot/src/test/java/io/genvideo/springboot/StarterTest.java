/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.genvideo.camel.GenvideoComponent;
import io.genvideo.model.GenerationTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.actuate.metrics.MetricsEndpoint;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application with the starter, from its application.yaml to the video. */
@ExtendWith(OutputCaptureExtension.class)
class StarterTest {
    @TempDir
    Path folder;

    @Configuration
    static class Routes {
        @Bean
        RouteBuilder videos() {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:first").to("genvideo:ima/text_to_video?account=first");
                    from("direct:second").to("genvideo:ima/text_to_video?account=second");
                }
            };
        }
    }

    private TestApplication yaml(String text, Class<?>... sources) throws IOException {
        Files.writeString(folder.resolve("application.yaml"), text);
        return new TestApplication(sources).with("spring.config.location", "file:" + folder + "/");
    }

    @Test
    void yamlConfiguresTwoAccounts() throws IOException {
        String key = "ima_" + UUID.randomUUID();
        TestApplication application =
                yaml("""
                sandbox: %s
                camel:
                  component:
                    genvideo:
                      timeout: 1h
                      max-in-flight: 3
                      poll-interval: 20ms
                      accounts:
                        first:
                          provider: ima
                          api-key: %s-1
                          base-url: ${sandbox}/ima
                          upload-url: ${sandbox}/ima-upload
                        second:
                          provider: ima
                          api-key: %s-2
                          base-url: ${sandbox}/ima
                """.formatted(TestApplication.sandbox().uri(), key, key), Routes.class);

        try (ConfigurableApplicationContext started = application.start()) {
            GenvideoComponent component = TestApplication.component(started);
            assertThat(component.getConfiguration().getTimeout()).isEqualTo(Duration.ofHours(1));
            assertThat(component.getConfiguration().getMaxInFlight()).isEqualTo(3);

            ProducerTemplate template = started.getBean(ProducerTemplate.class);
            assertThat(template.requestBody("direct:first", "a lake", GenerationTask.class)
                            .account())
                    .isEqualTo("first");
            assertThat(template.requestBody("direct:second", "a lake", GenerationTask.class)
                            .account())
                    .isEqualTo("second");
        }
        assertThat(TestApplication.charges(key + "-1")).isEqualTo(1);
        assertThat(TestApplication.charges(key + "-2")).isEqualTo(1);
    }

    @Test
    void misspeltNameStopsTheStartAndIsExplainedWithItsLine(CapturedOutput output) throws IOException {
        TestApplication application = yaml("""
                camel:
                  component:
                    genvideo:
                      max-in-flihgt: 3
                """);

        assertThatThrownBy(application::start).rootCause().isInstanceOf(GenvideoPropertyException.class);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .containsPattern("Description:\\s+The property 'camel.component.genvideo.max-in-flihgt' \\(URL"
                        + " \\[file:.*application.yaml] - 4:22\\) is not an option of the component genvideo.")
                .containsPattern("Action:\\s+Did you mean max-in-flight\\?");
    }

    @Test
    void valueOutOfBoundsStopsTheStartWithItsName() {
        Throwable failure = catchThrowable(() -> new TestApplication()
                .with("camel.component.genvideo.max-in-flight", 0)
                .start());

        assertThat(failure)
                .hasStackTraceContaining(
                        "Failed to start component genvideo because of option 'maxInFlight' is 0, it must be at least 1");
    }

    @Test
    void switchLeavesTheComponentAlone() {
        try (ConfigurableApplicationContext started = new TestApplication()
                .with("camel.component.genvideo.max-in-flight", 3)
                .with("camel.component.genvideo.customizer.enabled", false)
                .start()) {
            assertThat(TestApplication.component(started).getConfiguration().getMaxInFlight())
                    .isEqualTo(100);
        }
    }

    @Test
    void plainJarWithoutTheStarterRefusesToStart() {
        Throwable failure = catchThrowable(() -> new TestApplication(Routes.class)
                .withAccount("first", "ima_1")
                .withAccount("second", "ima_2")
                .with("spring.autoconfigure.exclude", GenvideoComponentAutoConfiguration.class.getName())
                .start());

        assertThat(failure)
                .rootCause()
                .hasMessageContaining("are set, but nothing reads them")
                .hasMessageContaining("io.genvideo:camel-genvideo-spring-boot");
    }

    @Test
    void healthAndMetricsAreThereWithoutCode() {
        try (ConfigurableApplicationContext started = new TestApplication(Routes.class)
                .withAccount("first", "ima_" + UUID.randomUUID())
                .withAccount("second", "ima_" + UUID.randomUUID())
                .with("management.endpoint.health.show-details", "always")
                .with("management.endpoints.access.default", "read_only")
                .with("management.endpoints.jmx.exposure.include", "health,metrics")
                .with("spring.jmx.enabled", "true")
                .start()) {
            started.getBean(ProducerTemplate.class).requestBody("direct:first", "a lake");

            assertThat(started.getBean(HealthEndpoint.class).health().getStatus())
                    .isEqualTo(Status.UP);
            assertThat(started.getBean(HealthEndpoint.class).healthForPath("genvideo"))
                    .extracting("details")
                    .isEqualTo(Map.of(
                            "open", 0L, "uncertain", 0L, "undelivered", 0L, "parked", 0L, "withoutCredentials", 0L));
            MetricsEndpoint.MetricDescriptor tasks =
                    started.getBean(MetricsEndpoint.class).metric("genvideo.tasks", null);
            assertThat(tasks.getAvailableTags())
                    .singleElement()
                    .satisfies(tag -> assertThat(tag.getValues())
                            .containsExactlyInAnyOrder(
                                    "open", "uncertain", "undelivered", "parked", "without_credentials"));
            assertThat(tasks.getMeasurements())
                    .singleElement()
                    .satisfies(m -> assertThat(m.getValue()).isZero());
        }
    }

    @Test
    void componentStartsWithTheContextThoughNoRouteUsesIt() {
        try (ConfigurableApplicationContext started = new TestApplication().start()) {
            assertThat(started.getBean(CamelContext.class).getComponentNames()).contains("genvideo");
            assertThat(TestApplication.component(started).getOpenTasks()).isZero();
        }
    }
}
