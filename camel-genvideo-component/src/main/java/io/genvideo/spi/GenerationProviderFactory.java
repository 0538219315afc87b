/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes providers, one per account. Found through {@code META-INF/services} or as a bean in Camel's registry.
 * Implementations are stateless and thread-safe.
 */
public interface GenerationProviderFactory {

    /** What the provider can do; the same answer every time. */
    ProviderDescriptor descriptor();

    /** A provider for one account. Does no I/O. */
    GenerationProvider create(ProviderContext context);

    /**
     * Reads what the service sends to a webhook. Called only if the descriptor's {@link ProviderDescriptor#webhooks} is not
     * {@link WebhookAuthentication#NONE}.
     *
     * @param secret with which the service signs; {@code null} for {@link WebhookAuthentication#PATH_TOKEN}
     * @throws IllegalArgumentException if that can't be a secret of this service; the message does not name it
     */
    default WebhookReader webhookReader(@Nullable String secret, InstantSource clock) {
        throw new UnsupportedOperationException("webhooks");
    }
}
