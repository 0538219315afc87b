/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractProviderFactory;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ProviderDescriptor.CredentialSpec;
import java.time.Duration;
import java.util.List;

/** Makes the provider {@code ima}: video by many models behind one list of models and prices. */
public final class ImaProviderFactory extends AbstractProviderFactory {
    private static final ProviderDescriptor DESCRIPTOR = ProviderDescriptor.builder(
                    ImaErrors.NAME, "IMA Studio", ImaRequests.DEFAULT_BASE_URL)
            .operations(ImaCatalogue.TASK_TYPES)
            .operations(
                    Operation.UPLOAD,
                    Operation.TASK,
                    Operation.RESULT,
                    Operation.MODELS,
                    Operation.DESCRIBE,
                    Operation.RESOLVE)
            .alternative(
                    Operation.GENERATE,
                    "A model of IMA Studio belongs to a task type; use the task type as the operation.")
            .alternative(
                    Operation.CREDITS,
                    "IMA Studio has no balance call; a person sees the balance at " + ImaErrors.SUBSCRIPTION_PAGE + ".")
            .alternative(
                    Operation.CANCEL,
                    "A task at IMA Studio cannot be cancelled, it ends by itself; option timeout ends the waiting for it.")
            .credentials(new CredentialSpec(
                    "apiKey",
                    List.of("IMA_API_KEY"),
                    true,
                    "Get an API key (it starts with ima_) at " + ImaErrors.KEY_PAGE + "."))
            // as the service's own clients do (docs/contracts/ima.md section 7)
            .pollFloor(Duration.ofSeconds(8))
            .build();

    public ImaProviderFactory() {
        super(DESCRIPTOR);
    }

    @Override
    public GenerationProvider create(ProviderContext context) {
        return new ImaProvider(DESCRIPTOR, context);
    }
}
