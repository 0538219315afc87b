/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.springboot;

import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Chooses what stands behind the account {@code ima} by the property {@code video.sandbox}, and sets {@code video.home}. An
 * embedded sandbox starts here, and ends with the application.
 */
final class SandboxInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxInitializer.class);

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void initialize(ConfigurableApplicationContext application) {
        ConfigurableEnvironment environment = application.getEnvironment();
        String sandbox = environment.getProperty("video.sandbox", "embedded");
        Path folder = Path.of(environment.getProperty("video.folder", "videos")).toAbsolutePath();
        Map<String, Object> properties = new HashMap<>();
        switch (sandbox) {
            case "off" -> {
                properties.put("video.home", folder.resolve("paid").toString());
                LOG.info("The real service makes the videos: this spends credits of your account");
            }
            case "embedded" -> {
                Path home = folder.resolve("embedded-sandbox");
                forgetTasks(home);
                properties.put("video.home", home.toString());
                use(start(application, environment), properties);
            }
            default -> {
                properties.put("video.home", folder.resolve("sandbox").toString());
                use(URI.create(sandbox.replaceAll("/+$", "")), properties);
            }
        }
        environment.getPropertySources().addLast(new MapPropertySource("sandbox", properties));
    }

    private static void use(URI sandbox, Map<String, Object> properties) {
        LOG.info("No credits are spent: the sandbox at {} stands in for IMA Studio", sandbox);
        String account = "camel.component.genvideo.accounts[ima].";
        properties.put(account + "api-key", "ima_sandbox");
        properties.put(account + "base-url", sandbox + "/ima");
        properties.put(account + "upload-url", sandbox + "/ima-upload");
        // the simulated service is faster than the real one that the schedule expects
        properties.put("camel.component.genvideo.poll-interval", "2s");
    }

    private static URI start(ConfigurableApplicationContext application, ConfigurableEnvironment environment) {
        long seconds = environment.getProperty("video.sandbox-seconds", Long.class, 10L);
        Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
                .taskDuration(Duration.ofSeconds(seconds))
                .build());
        // as a bean it is closed after Camel has stopped
        ((GenericApplicationContext) application).registerBean("sandbox", Sandbox.class, () -> sandbox);
        return sandbox.uri();
    }

    /** The sandbox of an earlier run has ended with it, and so have its tasks. */
    private static void forgetTasks(Path home) {
        if (!Files.isDirectory(home)) {
            return;
        }
        try (Stream<Path> files = Files.list(home)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("journal."))
                    .toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the journal of an earlier run can't be deleted", e);
        }
    }
}
