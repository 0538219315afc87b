/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractProviderFactory;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ProviderDescriptor.CredentialSpec;
import io.genvideo.spi.SettingSpec;
import io.genvideo.spi.WebhookAuthentication;
import io.genvideo.spi.WebhookReader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the provider {@code wiro}: models of many vendors, run as tasks. */
public final class WiroProviderFactory extends AbstractProviderFactory {
    private static final ProviderDescriptor DESCRIPTOR = ProviderDescriptor.builder(
                    WiroErrors.NAME, "Wiro", WiroRequests.DEFAULT_BASE_URL)
            // Every task type; which model does which is told by its description
            .operations(Operation.generations())
            .operations(
                    Operation.UPLOAD,
                    Operation.TASK,
                    Operation.RESULT,
                    Operation.CANCEL,
                    Operation.MODELS,
                    Operation.DESCRIBE,
                    Operation.RESOLVE)
            .alternative(
                    Operation.CREDITS,
                    "Wiro documents no call for the balance; what a task has cost stands on its result, and a balance"
                            + " that does not suffice fails with InsufficientCreditsException.")
            .credentials(
                    new CredentialSpec(
                            "apiKey", List.of("WIRO_API_KEY"), true, "Get an API key at " + WiroErrors.KEY_PAGE + "."),
                    new CredentialSpec(
                            "secretKey",
                            List.of("WIRO_API_SECRET"),
                            false,
                            "Needed if the project signs its requests; without it only the key is sent."))
            .settings(new SettingSpec(
                    WiroRequests.SOCKET_URL,
                    "Address of the service's WebSocket, ws or wss; default " + WiroRequests.DEFAULT_SOCKET_URL
                            + ", and none if baseUrl is set: then tasks are polled.",
                    null))
            .subscribes(true)
            .pollFloor(Duration.ofSeconds(2))
            .webhooks(WebhookAuthentication.PATH_TOKEN)
            .build();

    public WiroProviderFactory() {
        super(DESCRIPTOR);
    }

    @Override
    public GenerationProvider create(ProviderContext context) {
        return new WiroProvider(DESCRIPTOR, context);
    }

    @Override
    public WebhookReader webhookReader(@Nullable String secret, InstantSource clock) {
        return new WiroWebhooks();
    }
}
