/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * What every provider needs, once: how an answer of a service is read ({@link io.genvideo.provider.support.Json},
 * {@link io.genvideo.provider.support.ServiceText}), what it means for a paid call
 * ({@link io.genvideo.provider.support.AbstractCreateResponseMapper}) and for a poll
 * ({@link io.genvideo.provider.support.AbstractPollResponseMapper}), which error it becomes
 * ({@link io.genvideo.provider.support.ServiceErrors}), and what is refused before anything is sent
 * ({@link io.genvideo.provider.support.Medium}, {@link io.genvideo.provider.support.InputChecks}).
 *
 * <p>It knows no service. A provider of one's own starts with {@link io.genvideo.provider.support.AbstractProvider}.
 */
@NullMarked
package io.genvideo.provider.support;

import org.jspecify.annotations.NullMarked;
