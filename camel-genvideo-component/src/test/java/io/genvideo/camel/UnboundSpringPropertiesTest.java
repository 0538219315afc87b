/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** An application that configures the component for a sandbox never calls the real service because nothing reads its properties. */
class UnboundSpringPropertiesTest {
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final StandardEnvironment environment = new StandardEnvironment();
    private final GenvideoComponent component = new GenvideoComponent(camel);

    UnboundSpringPropertiesTest() {
        camel.getRegistry().bind("environment", environment);
        camel.addComponent("genvideo", component);
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private void set(Map<String, Object> properties) {
        environment.getPropertySources().addFirst(new MapPropertySource("application.yaml", properties));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "camel.component.genvideo.accounts[ima].base-url",
                "camel.component.genvideo.accounts.ima.baseUrl",
                "camel.component.genvideo.maxInFlight",
                "camel.component.genvideo.max-in-flight",
                "camel.component.genvideo.configuration.max-in-flight",
                "camel.component.genvideo.parameters.style",
                "camel.component.genvideo.misspelt"
            })
    void refusesToStartWithAPropertyThatNothingReads(String name) {
        set(Map.of(name, "7"));

        assertThatThrownBy(camel::start)
                .rootCause()
                .hasMessageStartingWith(name + " is set, but nothing reads them")
                .hasMessageContaining("io.genvideo:camel-genvideo-spring-boot");
    }

    @Test
    void refusesToStartWithAnEnvironmentVariableThatNothingReads() {
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        "systemEnvironment",
                        Map.of("CAMEL_COMPONENT_GENVIDEO_ACCOUNTS_IMA_BASEURL", "http://sandbox")));

        assertThatThrownBy(camel::start)
                .rootCause()
                .hasMessageStartingWith("CAMEL_COMPONENT_GENVIDEO_ACCOUNTS_IMA_BASEURL is set");
    }

    @Test
    void messageShowsNoValue() {
        set(Map.of("camel.component.genvideo.accounts[ima].api-key", "secret-1"));

        assertThatThrownBy(camel::start).satisfies(e -> {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                assertThat(cause.toString()).doesNotContain("secret-1");
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "camel.component.genvideo.max-in-flight, 7",
        "camel.component.genvideo.configuration.timeout, 1h",
        "camel.component.genvideo.accounts[my-ima].api-key, any",
        "camel.component.genvideo.accounts.myIma.apiKey, any"
    })
    void startsWhenAPropertyHasTakenEffect(String name, String value) {
        set(Map.of(name, value, "camel.component.genvideo.watch-for", "1d"));
        component.getConfiguration().setMaxInFlight(7);
        component.getConfiguration().setTimeout(Duration.ofHours(1));
        component.getAccounts().put("my-ima", new GenvideoAccount());

        assertThatCode(camel::start).doesNotThrowAnyException();
    }

    @Test
    void startsWhenAPropertyHasTheDefaultValue() {
        set(Map.of("camel.component.genvideo.max-in-flight", "100"));

        assertThatCode(camel::start).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "camel.component.enabled",
                "camel.component.customizer.enabled",
                "camel.component.genvideo.enabled",
                "camel.component.genvideo.customizer.enabled"
            })
    void startsWhenThePropertiesAreSwitchedOff(String name) {
        set(Map.of("camel.component.genvideo.accounts[ima].base-url", "http://sandbox", name, "false"));

        assertThatCode(camel::start).doesNotThrowAnyException();
    }

    @Test
    void startsWithoutSuchProperties() {
        set(Map.of("camel.component.file.lazy-start-producer", "true", "camel.component.genvideo.enabled", "true"));

        assertThatCode(camel::start).doesNotThrowAnyException();
    }

    @Test
    void componentOfAnotherNameHasOtherProperties() {
        set(Map.of("camel.component.genvideo.max-in-flight", "100"));
        GenvideoComponent other = new GenvideoComponent(camel);
        other.getConfiguration().setMaxInFlight(3);
        camel.addComponent("studio", other);

        assertThatCode(camel::start).doesNotThrowAnyException();
    }
}
