/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import io.genvideo.camel.GenvideoComponent;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxConfig.Rendering;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts applications that have the starter, without a web server, and with a sandbox that all tests of a process share. */
final class TestApplication {
    private final Map<String, Object> properties = new TreeMap<>();
    private final Class<?>[] sources;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {}

    private static final class Shared {
        static final Sandbox SANDBOX = Sandbox.start(SandboxConfig.builder()
                .rendering(Rendering.SAMPLE)
                .maxDimension(64)
                .frameRate(1)
                .build());
    }

    TestApplication(Class<?>... more) {
        sources = more;
        with("spring.jmx.enabled", "false");
        with("camel.main.shutdown-timeout", "10");
    }

    static Sandbox sandbox() {
        return Shared.SANDBOX;
    }

    /** How many tasks the sandbox has charged to the account with that key. */
    static long charges(String key) {
        String account = Ledger.account(key);
        return sandbox().ledger().charges().stream()
                .filter(charge -> charge.account().equals(account))
                .count();
    }

    TestApplication with(String name, Object value) {
        properties.put(name, value);
        return this;
    }

    /** An account of IMA at the sandbox. */
    TestApplication withAccount(String name, String key) {
        String account = "camel.component.genvideo.accounts[" + name + "].";
        return with(account + "provider", "ima")
                .with(account + "api-key", key)
                .with(account + "base-url", sandbox().imaUri())
                .with(account + "upload-url", sandbox().imaUploadUri())
                .with("camel.component.genvideo.poll-interval", "20ms");
    }

    ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(Application.class)
                .sources(sources)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false)
                .run(properties.entrySet().stream()
                        .map(p -> "--" + p.getKey() + "=" + p.getValue())
                        .toArray(String[]::new));
    }

    static GenvideoComponent component(ConfigurableApplicationContext application) {
        return (GenvideoComponent) application.getBean(CamelContext.class).hasComponent("genvideo");
    }
}
