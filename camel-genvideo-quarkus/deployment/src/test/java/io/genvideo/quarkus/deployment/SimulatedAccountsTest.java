/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ProviderDescriptor.CredentialSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedAccountsTest {
    private static final List<ProviderDescriptor> PROVIDERS =
            List.of(provider("ima"), provider("wiro"), provider("new"));

    private final Map<String, String> configuration = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void selectsDefaultAccountOfEachProviderThatTheSandboxHas() {
        assertThat(select().providers()).isEqualTo(Map.of("ima", "ima", "wiro", "wiro"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "camel.component.genvideo.accounts[ima].api-key",
                "camel.component.genvideo.accounts[ima].apiKey",
                "camel.component.genvideo.accounts.ima.api-key",
                "camel.component.genvideo.accounts.\"ima\".api-key",
                "camel.component.genvideo.accounts[ima].baseUrl",
                "camel.component.genvideo.accounts[ima].base-url",
                "camel.component.genvideo.accounts[ima].settings[token-file]",
                "camel.component.genvideo.accounts[ima].settings[tokenFile]"
            })
    void leavesAccountAloneThatHasKeyOrAddress(String property) {
        configuration.put(property, "value");

        assertThat(select().providers()).isEqualTo(Map.of("wiro", "wiro"));
    }

    @Test
    void selectsAccountWhoseKeyIsBlank() {
        configuration.put("camel.component.genvideo.accounts[ima].api-key", " ");

        assertThat(select().providers()).containsKey("ima");
    }

    @Test
    void selectsNamedAccountWithoutKey() {
        configuration.put("camel.component.genvideo.accounts[agency].provider", "ima");
        configuration.put("camel.component.genvideo.accounts[ima].api-key", "ima_own");

        assertThat(select().providers()).isEqualTo(Map.of("agency", "ima", "wiro", "wiro"));
    }

    @Test
    void leavesAllAccountsOfProviderAloneWhoseKeyIsInTheEnvironment() {
        configuration.put("camel.component.genvideo.accounts[agency].provider", "ima");
        environment.put("IMA_KEY", "secret");

        assertThat(select().providers()).isEqualTo(Map.of("wiro", "wiro"));
    }

    @Test
    void isCompleteOnlyIfNoAccountCallsAService() {
        assertThat(SimulatedAccounts.select(
                                PROVIDERS,
                                Set.of("ima", "wiro", "new"),
                                List.of(),
                                this::value,
                                environment::containsKey)
                        .complete())
                .isTrue();
        assertThat(select().complete()).isFalse();
    }

    /** A provider that is added to the component is added to the sandbox's Dev Service too. */
    @Test
    void sandboxHasEveryProviderOfTheComponent() {
        assertThat(ServiceLoader.load(GenerationProviderFactory.class).stream()
                        .map(f -> f.get().descriptor().name()))
                .isSubsetOf(SandboxService.providers());
    }

    private SimulatedAccounts select() {
        return SimulatedAccounts.select(
                PROVIDERS, Set.of("ima", "wiro"), configuration.keySet(), this::value, environment::containsKey);
    }

    private Optional<String> value(String property) {
        return Optional.ofNullable(configuration.get(property));
    }

    private static ProviderDescriptor provider(String name) {
        return ProviderDescriptor.builder(name, name, "https://example.com")
                .credentials(new CredentialSpec(
                        "apiKey", List.of(name.toUpperCase(java.util.Locale.ROOT) + "_KEY"), true, "-"))
                .build();
    }
}
