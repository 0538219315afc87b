/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.quarkus.deployment;

import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.ProviderDescriptor;
import io.quarkus.deployment.IsDevServicesSupportedByLaunchMode;
import io.quarkus.deployment.IsDevelopment;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.BuildSteps;
import io.quarkus.deployment.builditem.DevServicesResultBuildItem;
import io.quarkus.deployment.builditem.LaunchModeBuildItem;
import io.quarkus.deployment.dev.devservices.DevServicesConfig;
import io.quarkus.devui.spi.page.CardPageBuildItem;
import io.quarkus.devui.spi.page.Page;
import io.quarkus.runtime.LaunchMode;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Dev Services: in dev and test mode the sandbox stands in for the services of accounts without a key
 * ({@link SimulatedAccounts}).
 */
@BuildSteps(onlyIf = {IsDevServicesSupportedByLaunchMode.class, DevServicesConfig.Enabled.class})
final class SandboxProcessor {
    /** Address of the sandbox, for tests and for the page in the Dev UI. */
    static final String URL = "genvideo.sandbox.url";

    /** What the sandbox makes in a second or two takes minutes at a service, and the default schedule polls accordingly. */
    private static final String POLL_INTERVAL = "camel.component.genvideo.poll-interval";

    private static final Logger LOG = Logger.getLogger(SandboxProcessor.class);

    /** The high priority is deprecated, but Quarkus 3.33 has no other way to override a value that is there and blank. */
    @SuppressWarnings("removal")
    @BuildStep
    void sandbox(
            LaunchModeBuildItem launchMode,
            GenvideoBuildTimeConfig config,
            BuildProducer<DevServicesResultBuildItem> services) {
        if (!config.devservices().enabled()) {
            return;
        }
        SimulatedAccounts accounts = accounts(launchMode.getLaunchMode() == LaunchMode.TEST);
        if (accounts.providers().isEmpty()) {
            LOG.info("Dev Services for GenVideo: no sandbox, every account has a key or an address");
            return;
        }
        Map<String, Function<SandboxService, String>> properties = SandboxService.properties(accounts.providers());
        // The application may have set a key to a variable that is empty here
        Set<String> overriding = Set.copyOf(properties.keySet());
        properties.put(URL, SandboxService::getConnectionInfo);
        if (accounts.complete()) {
            properties.put(POLL_INTERVAL, service -> "1s");
        }
        services.produce(DevServicesResultBuildItem.<SandboxService>owned()
                .feature(GenvideoProcessor.FEATURE)
                .description(
                        "Sandbox for " + String.join(", ", accounts.providers().keySet()))
                .serviceConfig(config.devservices())
                .startable(() -> new SandboxService(config.devservices(), accounts.providers()))
                .highPriorityConfig(overriding)
                .configProvider(properties)
                .build());
    }

    /**
     * A key in the environment belongs to the machine, not to the application. In dev mode it selects the real service, in a test
     * it does not count: no test spends credits because somebody's shell has a key.
     */
    private static SimulatedAccounts accounts(boolean test) {
        List<ProviderDescriptor> providers =
                ServiceLoader.load(GenerationProviderFactory.class, GenerationProviderFactory.class.getClassLoader())
                        .stream()
                        .map(factory -> factory.get().descriptor())
                        .toList();
        Config config = ConfigProvider.getConfig();
        return SimulatedAccounts.select(
                providers,
                SandboxService.providers(),
                config.getPropertyNames(),
                name -> config.getOptionalValue(name, String.class),
                variable -> !test && hasText(System.getenv(variable)));
    }

    private static boolean hasText(@Nullable String value) {
        return value != null && !value.isBlank();
    }

    @BuildStep(onlyIf = IsDevelopment.class)
    void card(GenvideoBuildTimeConfig config, BuildProducer<CardPageBuildItem> cards) {
        if (!config.devservices().enabled()) {
            return;
        }
        CardPageBuildItem card = new CardPageBuildItem();
        card.addPage(Page.externalPageBuilder("Sandbox")
                .dynamicUrlJsonRPCMethodName(
                        "devui-dev-services:devServicesConfig",
                        Map.of("name", GenvideoProcessor.FEATURE, "configKey", URL))
                .isHtmlContent()
                .icon("font-awesome-solid:film"));
        cards.produce(card);
    }
}
