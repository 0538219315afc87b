/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import org.jspecify.annotations.Nullable;

/**
 * The error message of a service, as it wrote it: shown only through {@link ServiceText}.
 *
 * @param code {@code null} if there is none
 * @param text may be empty
 */
public record ServiceMessage(@Nullable String code, String text) {}
