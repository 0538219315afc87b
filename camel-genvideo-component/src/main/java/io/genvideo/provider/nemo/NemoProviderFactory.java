/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractProviderFactory;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.OwnOperation;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ProviderDescriptor.CredentialSpec;
import io.genvideo.spi.SettingSpec;
import java.time.Duration;
import java.util.stream.Stream;

/** Makes the provider {@code nemo}: a video editor that is talked to. */
public final class NemoProviderFactory extends AbstractProviderFactory {
    private static final ProviderDescriptor DESCRIPTOR = ProviderDescriptor.builder(
                    NemoErrors.NAME, "NemoVideo", NemoRequests.DEFAULT_BASE_URL)
            .operations(NemoCatalogue.OPERATIONS)
            .operations(
                    Operation.UPLOAD,
                    Operation.TASK,
                    Operation.RESULT,
                    Operation.CANCEL,
                    Operation.CREDITS,
                    Operation.MODELS,
                    Operation.DESCRIBE,
                    Operation.RESOLVE)
            .alternative(Operation.TEXT_TO_IMAGE, "NemoVideo makes videos only.")
            .alternative(Operation.IMAGE_TO_IMAGE, "NemoVideo makes videos only.")
            .ownOperations(
                    new OwnOperation(SessionOperations.SESSION, "Creates a session and returns its id."),
                    new OwnOperation(
                            SessionOperations.CHAT,
                            "Sends the message body to the session of option sessionId, which is charged, and returns the"
                                    + " reply."),
                    new OwnOperation(
                            SessionOperations.STATE,
                            "Reads the session of option sessionId and returns a summary of its tracks."),
                    new OwnOperation(
                            SessionOperations.EXPORT,
                            "Exports the video of the session of option sessionId, free of charge, or reads the export"
                                    + " param.renderId."))
            .credentials(new CredentialSpec(
                    "apiKey",
                    java.util.List.of("NEMO_TOKEN"),
                    false,
                    "Make a token at " + NemoErrors.TOKEN_PAGE + ", or set settings[" + TokenFile.SETTING
                            + "] for an anonymous one."))
            .settings(Stream.concat(
                            NemoRequests.ATTRIBUTION.stream(),
                            Stream.of(
                                    new SettingSpec(
                                            TokenFile.SETTING,
                                            "Path of the file that keeps the client id and token of an anonymous user;"
                                                    + " it is created for its owner only. Default none: then a token is"
                                                    + " needed.",
                                            null),
                                    NemoProvider.SETTLE_SECONDS,
                                    NemoProvider.RECOVER_SECONDS))
                    .toArray(SettingSpec[]::new))
            .streamsCreate(true)
            .pollFloor(Duration.ofSeconds(10))
            .build();

    public NemoProviderFactory() {
        super(DESCRIPTOR);
    }

    @Override
    public GenerationProvider create(ProviderContext context) {
        return new NemoProvider(DESCRIPTOR, context);
    }
}
