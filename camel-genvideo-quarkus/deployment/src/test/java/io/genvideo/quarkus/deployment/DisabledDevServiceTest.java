/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import org.apache.camel.ProducerTemplate;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An application without a key that does not want the sandbox. */
class DisabledDevServiceTest {
    @RegisterExtension
    static final QuarkusUnitTest APPLICATION = new QuarkusUnitTest()
            .withEmptyApplication()
            .overrideConfigKey("quarkus.camel.genvideo.devservices.enabled", "false")
            .overrideConfigKey("camel.component.genvideo.accounts[ima].base-url", "http://127.0.0.1:1");

    @Inject
    ProducerTemplate template;

    @Test
    void startsNoSandbox() {
        assertThat(ConfigProvider.getConfig().getOptionalValue(SandboxProcessor.URL, String.class))
                .isEmpty();
    }

    @Test
    void namesTheMissingCredential() {
        assertThatThrownBy(() -> template.requestBody("genvideo:mediaio/text_to_video?model=x", "a fox"))
                .hasStackTraceContaining("needs the credential 'apiKey'");
    }
}
