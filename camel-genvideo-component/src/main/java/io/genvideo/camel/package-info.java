/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * Generations as Camel endpoints: translates URIs, exchanges and Camel's lifecycle to the engine and back.
 *
 * <p>A message goes from {@link io.genvideo.camel.GenvideoProducer} through {@code RequestFactory} (what to generate) and
 * {@code IdempotencyKeyResolver} (which request it is) to the engine, and comes back through {@code ExchangeResumer}, which
 * finds it a thread, and {@code ResultWriter}. An outcome that no exchange waits for is taken from the journal by
 * {@code DeliveryLoop} for {@link io.genvideo.camel.GenvideoTasksConsumer}, for consumer templates and for webhooks.
 *
 * <p>What all endpoints share is in {@code GenvideoRuntime}, which the component owns: the engine, the HTTP client, the
 * providers and the accounts. {@code RouteUploader} sends media to a route that uploads. Waits must outlive producers, because {@code toD} evicts those.
 */
@NullMarked
package io.genvideo.camel;

import org.jspecify.annotations.NullMarked;
