/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package com.example.northlight;

import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractProviderFactory;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ProviderDescriptor.CredentialSpec;
import java.time.Duration;
import java.util.List;

/** Makes the provider {@code northlight}. */
public final class NorthlightProviderFactory extends AbstractProviderFactory {
    private static final ProviderDescriptor DESCRIPTOR = ProviderDescriptor.builder(
                    NorthlightErrors.NAME, "Northlight", NorthlightRequests.BASE_URL)
            .operations(
                    Operation.TEXT_TO_VIDEO,
                    Operation.IMAGE_TO_VIDEO,
                    Operation.TASK,
                    Operation.RESULT,
                    Operation.RESOLVE)
            .alternative(Operation.UPLOAD, "Northlight has no upload; give the public URL of a picture.")
            .credentials(new CredentialSpec(
                    "apiKey", List.of("NORTHLIGHT_API_KEY"), true, "Get an API key at " + NorthlightErrors.KEYS + "."))
            .pollFloor(Duration.ofSeconds(3))
            .build();

    public NorthlightProviderFactory() {
        super(DESCRIPTOR);
    }

    @Override
    public GenerationProvider create(ProviderContext context) {
        return new NorthlightProvider(DESCRIPTOR, context);
    }
}
