/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.quarkus.deployment;

import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.quarkus.deployment.builditem.Startable;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The sandbox as a Dev Service: Quarkus starts it before the application and closes it after the last one that uses it. */
final class SandboxService implements Startable {
    private static final Logger LOG = Logger.getLogger(SandboxService.class);

    /** Option of an account, and its value, by provider. */
    private static final Map<String, Map<String, Function<Sandbox, String>>> ACCOUNTS = Map.of(
            "ima",
            Map.of(
                    "api-key", s -> "ima_sandbox",
                    "base-url", s -> s.imaUri().toString(),
                    "upload-url", s -> s.imaUploadUri().toString()),
            "skillsvideo",
            Map.of(
                    "api-key", s -> "sandbox",
                    "base-url", s -> s.skillsvideoUri().toString()),
            "mediaio",
            Map.of(
                    "api-key", s -> "sandbox",
                    "base-url", s -> s.mediaioUri().toString()),
            "nemo",
            Map.of(
                    "api-key", s -> "nmv_usr_sandbox",
                    "base-url", s -> s.nemoUri().toString()),
            "wiro",
            Map.of(
                    "api-key", s -> "sandbox",
                    "secret-key", s -> SandboxConfig.DEFAULT_WIRO_SECRET,
                    "base-url", s -> s.wiroUri().toString(),
                    "socket-url", s -> s.wiroSocketUri().toString()));

    private final SandboxConfig config;
    private final SortedMap<String, String> accounts;
    private @Nullable Sandbox sandbox;

    /** @param accounts the provider of each account that uses the sandbox, by account name */
    SandboxService(GenvideoBuildTimeConfig.DevServices config, SortedMap<String, String> accounts) {
        SandboxConfig.Builder builder = SandboxConfig.builder().port(config.port());
        config.taskDuration().ifPresent(builder::taskDuration);
        this.config = builder.build();
        this.accounts = accounts;
    }

    /** Names of the providers that it simulates. */
    static Set<String> providers() {
        return ACCOUNTS.keySet();
    }

    /** Configuration properties that lead the accounts to the sandbox. */
    static Map<String, Function<SandboxService, String>> properties(Map<String, String> accounts) {
        Map<String, Function<SandboxService, String>> properties = new HashMap<>();
        accounts.forEach((account, provider) -> Objects.requireNonNull(ACCOUNTS.get(provider))
                .forEach((option, value) -> properties.put(
                        SimulatedAccounts.PREFIX + "[" + account + "]." + option,
                        service -> value.apply(service.running()))));
        return properties;
    }

    @Override
    public void start() {
        Sandbox started = Sandbox.start(config);
        sandbox = started;
        LOG.infof(
                "Dev Services for GenVideo: the sandbox at %s stands in for the accounts %s. Nothing is paid",
                started.uri(), String.join(", ", accounts.keySet()));
    }

    private Sandbox running() {
        return Objects.requireNonNull(sandbox, "the sandbox is not started");
    }

    @Override
    public String getConnectionInfo() {
        return running().uri().toString();
    }

    /** It is no container: an id is shown as it is. */
    @Override
    public String getContainerId() {
        return "in-process:" + running().port();
    }

    @Override
    public void close() {
        Sandbox closing = sandbox;
        sandbox = null;
        if (closing != null) {
            closing.close();
        }
    }
}
