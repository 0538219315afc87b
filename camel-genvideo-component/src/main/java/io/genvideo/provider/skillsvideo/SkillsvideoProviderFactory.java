/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the provider {@code skillsvideo}: video and images by some sixty models behind one API. */
public final class SkillsvideoProviderFactory extends AbstractProviderFactory {
    private static final ProviderDescriptor DESCRIPTOR = ProviderDescriptor.builder(
                    SkillsvideoErrors.NAME, "skills.video", SkillsvideoRequests.DEFAULT_BASE_URL)
            // Every task type; which model does which is told by its schema
            .operations(Operation.generations())
            .operations(
                    Operation.TASK,
                    Operation.RESULT,
                    Operation.CREDITS,
                    Operation.MODELS,
                    Operation.DESCRIBE,
                    Operation.RESOLVE)
            .alternative(
                    Operation.UPLOAD,
                    "skills.video has no upload; files are sent along with the generation that needs them.")
            .alternative(
                    Operation.CANCEL,
                    "No way to cancel a task is documented for skills.video, it ends by itself; option timeout ends the"
                            + " waiting for it.")
            .credentials(new CredentialSpec(
                    "apiKey",
                    List.of("SKILLS_VIDEO_API_KEY"),
                    true,
                    "Get an API key at " + SkillsvideoErrors.KEY_PAGE + " (the API needs a paid plan)."))
            .settings(new SettingSpec(
                    SkillsvideoCatalogue.OPEN_API,
                    "The text of an OpenAPI document that describes the service's models.",
                    null))
            .streamsCreate(true)
            .pollFloor(Duration.ofSeconds(3))
            .webhooks(WebhookAuthentication.SIGNATURE)
            .build();

    public SkillsvideoProviderFactory() {
        super(DESCRIPTOR);
    }

    @Override
    public GenerationProvider create(ProviderContext context) {
        return new SkillsvideoProvider(DESCRIPTOR, context);
    }

    @Override
    public WebhookReader webhookReader(@Nullable String secret, InstantSource clock) {
        return new SkillsvideoWebhooks(Objects.requireNonNull(secret, "secret"), clock);
    }
}
