/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.sandbox.Ledger;
import java.time.Duration;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;

/** Options as people set them: in application.properties and as placeholders. */
class ConfigurationTest {
    private final String key = "ima_" + UUID.randomUUID();
    private final Main main = new Main();

    @Test
    void propertiesConfigureTheComponent() throws Exception {
        set("camel.component.genvideo.accounts[ima].apiKey", key);
        set("camel.component.genvideo.accounts[ima].base-url", ImaContext.base());
        set(
                "camel.component.genvideo.accounts[ima].uploadUrl",
                ImaContext.sandbox().imaUploadUri().toString());
        set("camel.component.genvideo.accounts[second].provider", "ima");
        set("camel.component.genvideo.accounts[second].api-key", key + "2");
        set("camel.component.genvideo.accounts[second].baseUrl", ImaContext.base());
        set("camel.component.genvideo.configuration.poll-interval", "20ms");
        set("camel.component.genvideo.timeout", "25s");
        set("camel.component.genvideo.configuration.idempotency", "off");
        set("camel.component.genvideo.workerPoolMaxSize", "7");
        set("camel.component.genvideo.watch-for", "2d");
        set("camel.component.genvideo.retention", "3d");
        set("camel.component.genvideo.key-retention", "30d");
        set("my.model", "Wan 2.6");
        set("my.seconds", "5");
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:first")
                        .to("genvideo:ima/text_to_video?model={{my.model}}&duration={{my.seconds}}&timeout={{t:9s}}");
                from("direct:second").to("genvideo:ima/text_to_video?account=second");
            }
        });
        main.start();
        try {
            CamelContext camel = main.getCamelContext();
            GenvideoComponent component = camel.getComponent("genvideo", GenvideoComponent.class);
            assertThat(component.getAccounts()).containsOnlyKeys("ima", "second");
            assertThat(component.getConfiguration().getPollInterval()).isEqualTo(Duration.ofMillis(20));
            assertThat(component.getConfiguration().getTimeout()).isEqualTo(Duration.ofSeconds(25));
            assertThat(component.getConfiguration().getIdempotency()).isEqualTo(IdempotencyMode.off);
            assertThat(component.getWorkerPoolMaxSize()).isEqualTo(7);
            assertThat(component.getWatchFor()).isEqualTo(Duration.ofDays(2));

            assertThat(component.getRetention()).isEqualTo(Duration.ofDays(3));
            assertThat(component.getKeyRetention()).isEqualTo(Duration.ofDays(30));

            Exchange first = camel.createFluentProducerTemplate()
                    .to("direct:first")
                    .withBody("a lake")
                    .send();
            assertThat(first.getException()).isNull();
            assertThat(first.getMessage().getHeader(GenvideoConstants.MODEL_USED))
                    .isEqualTo("wan2.6-t2v");
            Exchange second = camel.createFluentProducerTemplate()
                    .to("direct:second")
                    .withBody("a lake")
                    .send();
            assertThat(second.getException()).isNull();
        } finally {
            main.stop();
        }
        assertThat(paidBy(key)).isEqualTo(1);
        assertThat(paidBy(key + "2"))
                .as("the other account paid for the other route")
                .isEqualTo(1);
    }

    private void set(String name, String value) {
        main.addInitialProperty(name, value);
    }

    private static long paidBy(String key) {
        return ImaContext.sandbox().ledger().charges().stream()
                .filter(c -> c.account().equals(Ledger.account(key)))
                .count();
    }
}
