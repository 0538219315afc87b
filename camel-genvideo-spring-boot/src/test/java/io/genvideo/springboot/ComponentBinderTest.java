/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.camel.GenvideoAccount;
import io.genvideo.camel.GenvideoComponent;
import io.genvideo.camel.IdempotencyMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** How properties become options of the component, in each spelling, and what a wrong one is answered with. */
class ComponentBinderTest {
    private static final String PREFIX = "camel.component.genvideo.";

    private final StandardEnvironment environment = new StandardEnvironment();
    private final Map<String, Object> file = new LinkedHashMap<>();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final GenvideoComponent component = new GenvideoComponent(camel);

    ComponentBinderTest() {
        environment.getPropertySources().addFirst(new MapPropertySource("application.yaml", file));
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private ComponentBinderTest with(String name, Object value) {
        file.put(PREFIX + name, value);
        return this;
    }

    private ComponentBinderTest withVariable(String name, String value) {
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        name + "-systemEnvironment", Map.of("CAMEL_COMPONENT_GENVIDEO_" + name, value)));
        return this;
    }

    private GenvideoComponent bind() {
        new ComponentBinder(camel, component, environment).bind();
        return component;
    }

    private GenvideoAccount account(String name) {
        assertThat(component.getAccounts()).containsKey(name);
        return component.getAccounts().get(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-in-flight", "maxInFlight", "maxinflight", "configuration.max-in-flight"})
    void bindsAnOptionInEachSpelling(String name) {
        assertThat(with(name, 7).bind().getConfiguration().getMaxInFlight()).isEqualTo(7);
    }

    @Test
    void bindsEachTypeOfOption() {
        ExecutorService pool = ForkJoinPool.commonPool();
        camel.getRegistry().bind("myPool", pool);
        with("timeout", "1h")
                .with("watch-for", "2d")
                .with("cancel-on-stop", "true")
                .with("idempotency", "required")
                .with("requests-per-second", "2.5")
                .with("max-download-size", 3_000_000_000L)
                .with("model", "wan2.6-i2v")
                .with("worker-pool", "#bean:myPool")
                .bind();

        assertThat(component.getConfiguration().getTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(component.getWatchFor()).isEqualTo(Duration.ofDays(2));
        assertThat(component.getConfiguration().isCancelOnStop()).isTrue();
        assertThat(component.getConfiguration().getIdempotency()).isEqualTo(IdempotencyMode.required);
        assertThat(component.getConfiguration().getRequestsPerSecond()).isEqualTo(2.5);
        assertThat(component.getConfiguration().getMaxDownloadSize()).isEqualTo(3_000_000_000L);
        assertThat(component.getConfiguration().getModel()).isEqualTo("wan2.6-i2v");
        assertThat(component.getWorkerPool()).isSameAs(pool);
    }

    @ParameterizedTest
    @CsvSource({"5000, 5000", "5s, 5000", "1m30s, 90000", "1h, 3600000", "PT5M, 300000", "7d, 604800000"})
    void bindsATimeInEachFormat(String text, long millis) {
        assertThat(with("timeout", text).bind().getConfiguration().getTimeout()).hasMillis(millis);
    }

    @Test
    void bindsAccountsInEachSpelling() {
        with("accounts[ima].api-key", "ima_1")
                .with("accounts.second.provider", "ima")
                .with("accounts.second.apiKey", "ima_2")
                .with("accounts[my.Own].base-url", "http://own")
                .with("accounts.wiro.secret-key", "s")
                .bind();

        assertThat(component.getAccounts()).containsOnlyKeys("ima", "second", "my.Own", "wiro");
        assertThat(account("ima").getApiKey()).isEqualTo("ima_1");
        assertThat(account("second").getProvider()).isEqualTo("ima");
        assertThat(account("second").getApiKey()).isEqualTo("ima_2");
        assertThat(account("my.Own").getBaseUrl()).isEqualTo("http://own");
        assertThat(account("wiro").getSecretKey()).isEqualTo("s");
    }

    @Test
    void bindsTheYamlOfTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("../docs/spring-boot.md"));
        String yaml = page.substring(page.indexOf("```yaml") + 7);
        new YamlPropertySourceLoader()
                .load(
                        "page",
                        new ByteArrayResource(
                                yaml.substring(0, yaml.indexOf("```")).getBytes(UTF_8)))
                .forEach(environment.getPropertySources()::addLast);

        bind();

        assertThat(component.getConfiguration().getTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(component.getAccounts()).containsOnlyKeys("ima", "marketing");
        assertThat(account("marketing").getApiKey()).isEqualTo("ima_sandbox");
        assertThat(environment.getProperty("genvideo.journal")).isEqualTo("datasource");
    }

    @Test
    void accountIsABeanOrAClassAsInCamelsOwnConfiguration() {
        GenvideoAccount own = new GenvideoAccount();
        camel.getRegistry().bind("own", own);
        with("accounts.second.base-url", "http://own")
                .with("accounts[first]", "#class:io.genvideo.camel.GenvideoAccount")
                .with("accounts[first].provider", "ima")
                .with("accounts[second]", "#bean:own")
                .bind();

        assertThat(account("first").getProvider()).isEqualTo("ima");
        assertThat(account("second")).isSameAs(own);
        assertThat(own.getBaseUrl()).isEqualTo("http://own");
    }

    @Test
    void accountsWhoseNamesDifferInADashAreTwo() {
        with("accounts.ima-2.api-key", "a").with("accounts.ima2.api-key", "b").bind();

        assertThat(account("ima-2").getApiKey()).isEqualTo("a");
        assertThat(account("ima2").getApiKey()).isEqualTo("b");
    }

    @Test
    void namesOfSettingsAndParametersKeepTheirSpelling() {
        with("accounts.nemo.settings.Some_Setting", "x")
                .with("parameters.shot_type", "single")
                .with("parameters[camera.Move]", "slow")
                .bind();

        assertThat(account("nemo").getSettings()).containsExactly(Map.entry("Some_Setting", "x"));
        assertThat(component.getConfiguration().getParameters())
                .containsOnly(Map.entry("shot_type", "single"), Map.entry("camera.Move", "slow"));
    }

    @Test
    void variableOverridesAFile() {
        with("max-in-flight", 5)
                .with("accounts.imaProd.api-key", "of the file")
                .with("accounts.imaProd.base-url", "http://file")
                .withVariable("MAX_IN_FLIGHT", "6")
                .withVariable("ACCOUNTS_IMAPROD_APIKEY", "of the variable")
                .withVariable("ACCOUNTS_IMAPROD_UPLOAD_URL", "http://variable")
                .bind();

        assertThat(component.getConfiguration().getMaxInFlight()).isEqualTo(6);
        assertThat(component.getAccounts()).containsOnlyKeys("imaProd");
        assertThat(account("imaProd").getApiKey()).isEqualTo("of the variable");
        assertThat(account("imaProd").getBaseUrl()).isEqualTo("http://file");
        assertThat(account("imaProd").getUploadUrl()).isEqualTo("http://variable");
    }

    @Test
    void resolvesPlaceholdersOfTheApplication() {
        file.put("sandbox.port", 8089);
        camel.getPropertiesComponent().addInitialProperty("sandbox.host", "127.0.0.1");
        environment.getPropertySources().addLast(new MapPropertySource("more", Map.of("unused", "x")));

        with("accounts.ima.base-url", "http://{{sandbox.host}}:${sandbox.port}/ima")
                .bind();

        assertThat(account("ima").getBaseUrl()).isEqualTo("http://127.0.0.1:8089/ima");
    }

    @Test
    void emptyValueSetsNothing() {
        with("max-in-flight", "").with("accounts.ima.api-key", "${NOT_SET:}").bind();

        assertThat(component.getConfiguration().getMaxInFlight()).isEqualTo(100);
        assertThat(component.getAccounts()).isEmpty();
    }

    @Test
    void switchesOfCamelAreNoOptions() {
        with("enabled", "true").with("customizer.enabled", "true").bind();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-in-flihgt           | the component genvideo | Did you mean max-in-flight",
                "configuration.timeuot   | the component genvideo | Did you mean timeout",
                "accounts.ima.api-kye    | an account             | Did you mean api-key",
                "accounts[ima].password  | an account             | There are: api-key, base-url, open-api",
                "api-key                 | the component genvideo | There are: account, accounts, allow-private-urls",
                "statuses[0]             | the component genvideo | Did you mean statuses",
                "configuration.x.y       | the component genvideo | There are: account, accounts"
            })
    void refusesAnUnknownName(String name, String owner, String action) {
        assertThatThrownBy(() -> with(name, "1").bind())
                .isInstanceOf(GenvideoPropertyException.class)
                .hasMessageStartingWith("The property '" + PREFIX + name + "' (")
                .hasMessageContaining("application.yaml")
                .hasMessageContaining(") is not an option of " + owner + ".")
                .hasMessageContaining(action);
    }

    @Test
    void refusesAnAccountWithoutAnOption() {
        assertThatThrownBy(() -> with("accounts.ima", "key").bind())
                .hasMessageContaining("camel.component.genvideo.accounts.ima")
                .hasMessageContaining("names an account, but none of its options")
                .hasMessageContaining("Write camel.component.genvideo.accounts.ima.api-key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout             | one hour   | a time such as 500ms, 30s, 5m, 1h or 7d",
                "timeout             | x5         | a time such as 500ms, 30s, 5m, 1h or 7d",
                "timeout             | 1H         | a time such as 500ms, 30s, 5m, 1h or 7d",
                "timeout             | 1hour      | a time such as 500ms, 30s, 5m, 1h or 7d",
                "timeout             | -1s        | a time such as 500ms, 30s, 5m, 1h or 7d",
                "accounts[ima]       | #bean:none | the name of a bean of type io.genvideo.camel.GenvideoAccount",
                "accounts            | ima        | the name of a bean of type java.util.Map",
                "max-in-flight       | many       | a whole number",
                "max-download-size   | 3 GB       | a whole number",
                "requests-per-second | fast       | a number",
                "cancel-on-stop      | perhaps    | true or false",
                "updates             | push       | one of auto, poll, stream",
                "task-repository     | #bean:none | the name of a bean of type io.genvideo.spi.TaskRepository"
            })
    void refusesAWrongValue(String name, String value, String allowed) {
        assertThatThrownBy(() -> with(name, value).bind())
                .isInstanceOf(GenvideoPropertyException.class)
                .hasMessageStartingWith("The property '" + PREFIX + name + "' (")
                .hasMessageContaining("has the value '" + value + "', which is not valid")
                .hasMessageContaining("It must be " + allowed);
    }

    @Test
    void refusesAPlaceholderThatCannotBeResolved() {
        assertThatThrownBy(
                        () -> with("accounts.ima.api-key", "${IMA_KEY_NOT_SET}").bind())
                .hasMessageStartingWith("The property 'camel.component.genvideo.accounts.ima.api-key' (")
                .hasMessageContaining("a placeholder that can't be resolved")
                .hasMessageContaining("IMA_KEY_NOT_SET");
    }

    @Test
    void wrongValueOfASecretIsNotShown() {
        assertThat(PropertyMessages.wrongValue("The property 'x'", "apikey", "ima_secret", Integer.class))
                .hasMessage("The property 'x' has a value that is not valid. It must be a whole number.");
    }
}
