/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import org.jspecify.annotations.Nullable;

/**
 * A setting of an account that only one provider has, such as a header that names the calling application. A route sets it
 * with {@code accounts[name].settings[...]}.
 *
 * @param name as in {@code settings[name]}
 * @param description one sentence: what it is for, its format and default
 * @param defaultValue {@code null} for none
 */
public record SettingSpec(
        String name, String description, @Nullable String defaultValue) {}
