/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.genvideo.spi.AccountSettings;
import java.util.List;
import java.util.Map;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Settings that only one provider has, and the one provider instance of each account. */
class AccountSettingsTest {
    private final StudioContext context = new StudioContext();

    @AfterEach
    void stop() {
        context.close();
    }

    private AccountSettings only() {
        assertThat(context.studio().accounts()).hasSize(1);
        return context.studio().accounts().get(0).account();
    }

    @Test
    void aSettingThatIsNotSetHasItsDefault() {
        context.start().camel().getEndpoint("genvideo:studio/credits");

        assertThat(only().settings()).isEqualTo(Map.of("attribution", "camel"));
    }

    @Test
    void theAccountSetsThem() {
        context.account().getSettings().put("attribution", "my-app");
        context.account().getSettings().put("region", "eu");
        context.start().camel().getEndpoint("genvideo:studio/credits");

        assertThat(only().settings()).isEqualTo(Map.of("attribution", "my-app", "region", "eu"));
    }

    @Test
    void anUnknownNameIsRefusedWithTheListOfAll() {
        context.account().getSettings().put("regoin", "s3cret-value");
        context.start();

        Throwable failure = catchThrowable(() -> context.camel().getEndpoint("genvideo:studio/credits"));

        assertThat(StudioContext.messages(failure))
                .contains("accounts[studio].settings[regoin]: Studio has no such setting. It has: attribution, region")
                .doesNotContain("s3cret-value");
        assertThat(context.studio().accounts()).isEmpty();
    }

    @Test
    void theirValuesAreNotShown() {
        context.account().getSettings().put("region", "s3cret-value");
        context.start().camel().getEndpoint("genvideo:studio/credits");

        assertThat(only().toString()).contains("studio").doesNotContain("s3cret-value", "studio-key");
    }

    @Test
    void propertiesSetThem() throws Exception {
        Main main = new Main();
        StudioService studio = new StudioService();
        main.bind("studio", studio);
        main.addInitialProperty("camel.component.genvideo.accounts[team].provider", "studio");
        main.addInitialProperty("camel.component.genvideo.accounts[team].api-key", "studio-key");
        main.addInitialProperty("camel.component.genvideo.accounts[team].settings[region]", "eu");
        main.start();
        try {
            main.getCamelContext().getEndpoint("genvideo:studio/credits?account=team");
            assertThat(studio.accounts().get(0).account().settings())
                    .isEqualTo(Map.of("attribution", "camel", "region", "eu"));
        } finally {
            main.stop();
        }
    }

    @Test
    void endpointsWithOtherOptionsShareTheProviderOfTheirAccount() {
        context.start();
        for (String options : List.of(
                "",
                "?requestTimeout=3s",
                "?requestsPerSecond=5",
                "?requestsPerSecond=9&maxInFlight=2",
                "?timeout=1h&pollInterval=5s&updates=poll",
                "?model=studio-1&param.tone=calm")) {
            context.camel().getEndpoint("genvideo:studio/text_to_video" + options);
        }

        assertThat(context.studio().accounts()).hasSize(1);
    }

    @Test
    void anotherKeyIsAnotherAccount() {
        context.start();
        context.camel().getEndpoint("genvideo:studio/credits");
        context.camel().getEndpoint("genvideo:studio/credits?apiKey=another");

        assertThat(context.studio().accounts()).hasSize(2);
    }
}
