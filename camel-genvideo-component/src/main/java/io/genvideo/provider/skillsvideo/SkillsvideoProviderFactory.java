/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.model.Operation;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ProviderDescriptor.CredentialSpec;
import io.genvideo.spi.WebhookReader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the provider {@code skillsvideo}: video and images by some sixty models behind one API. */
public final class SkillsvideoProviderFactory implements GenerationProviderFactory {

    /** The first part of the URI, and the provider in every error. */
    static final String NAME = "skillsvideo";

    /** Every task type, and what the model does otherwise; which model does which is told by its schema. */
    static final List<Operation> GENERATIONS = Operation.generations();

    private static final ProviderDescriptor DESCRIPTOR = new ProviderDescriptor(
            NAME,
            "skills.video",
            operations(),
            Map.of(
                    Operation.UPLOAD,
                    "skills.video has no upload; files are sent along with the generation that needs them.",
                    Operation.CANCEL,
                    "No way to cancel a task is documented for skills.video, it ends by itself; option timeout ends the"
                            + " waiting for it."),
            List.of(new CredentialSpec(
                    "apiKey",
                    List.of("SKILLS_VIDEO_API_KEY"),
                    true,
                    "Get an API key at " + SkillsvideoErrors.KEY_PAGE + " (the API needs a paid plan).")),
            SkillsvideoRequests.DEFAULT_BASE_URL,
            false,
            true,
            false,
            Duration.ofSeconds(3),
            true);

    /**
     * What skills.video has. {@code billsFailures} is true because the contract does not tell whether a failed task is
     * refunded: unknown is treated as possible.
     */
    @Override
    public ProviderDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public GenerationProvider create(ProviderContext context) {
        return new SkillsvideoProvider(context);
    }

    @Override
    public WebhookReader webhooks(String secret, InstantSource clock) {
        return new SkillsvideoWebhooks(secret, clock);
    }

    private static Set<Operation> operations() {
        EnumSet<Operation> all = EnumSet.of(
                Operation.TASK,
                Operation.RESULT,
                Operation.CREDITS,
                Operation.MODELS,
                Operation.DESCRIBE,
                Operation.RESOLVE);
        all.addAll(GENERATIONS);
        return all;
    }
}
