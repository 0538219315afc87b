/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractProviderFactory;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ProviderDescriptor.CredentialSpec;
import java.time.Duration;
import java.util.List;

/** Makes the provider {@code mediaio}: video and images by 22 models that take public URLs. */
public final class MediaioProviderFactory extends AbstractProviderFactory {
    private static final ProviderDescriptor DESCRIPTOR = ProviderDescriptor.builder(
                    MediaioErrors.NAME, "Media.io", MediaioRequests.DEFAULT_BASE_URL)
            .operations(TaskTypes.all())
            .operations(
                    Operation.GENERATE,
                    Operation.TASK,
                    Operation.RESULT,
                    Operation.CREDITS,
                    Operation.MODELS,
                    Operation.DESCRIBE,
                    Operation.RESOLVE)
            .alternative(
                    Operation.UPLOAD,
                    "Media.io has no upload; give public URLs, or set option uploadVia of the generation to an endpoint that"
                            + " stores a file and returns its public URL.")
            .alternative(
                    Operation.CANCEL,
                    "A task at Media.io cannot be cancelled, it ends by itself; option timeout ends the waiting for it.")
            .alternative(
                    Operation.FIRST_LAST_FRAME_TO_VIDEO,
                    "No model of Media.io takes a last frame; use image_to_video with the first frame.")
            .alternative(
                    Operation.REFERENCE_IMAGE_TO_VIDEO,
                    "No model of Media.io takes several pictures for a video; use image_to_video with one.")
            .credentials(new CredentialSpec(
                    "apiKey",
                    List.of("MEDIAIO_API_KEY", "API_KEY"),
                    true,
                    "Get an API key at " + MediaioErrors.SITE + "."))
            // the service's own clients poll every 3 to 5 seconds (docs/contracts/mediaio.md section 3)
            .pollFloor(Duration.ofSeconds(3))
            .build();

    public MediaioProviderFactory() {
        super(DESCRIPTOR);
    }

    @Override
    public GenerationProvider create(ProviderContext context) {
        return new MediaioProvider(DESCRIPTOR, context);
    }
}
