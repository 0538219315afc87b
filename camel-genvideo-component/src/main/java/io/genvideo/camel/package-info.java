/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * Generations as Camel endpoints: translates URIs, exchanges and Camel's lifecycle to the engine and back.
 *
 * <p>A message goes from {@link io.genvideo.camel.GenvideoProducer} through {@code RequestFactory} (what is asked for) and
 * {@code IdempotencyKeyResolver} (which order it is) to the engine, and comes back through {@code ResultWriter} on a thread of
 * {@code Continuations}. An outcome that nobody waits for goes the other way: {@link io.genvideo.camel.GenvideoTasksConsumer}
 * takes it through {@code UndeliveredResults}, which also says what became of it. What all endpoints share, the engine, the client and the accounts, is in {@code GenvideoRuntime},
 * which the component owns: waits must outlive producers, because {@code toD} evicts those.
 */
@NullMarked
package io.genvideo.camel;

import org.jspecify.annotations.NullMarked;
