/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import org.jspecify.annotations.Nullable;

/** The API key of one account. Its text form does not show it. */
public final class ApiKey {
    private final @Nullable String key;
    private final String variable;
    private final String keyPage;
    private final ServiceErrors errors;

    /**
     * @param given as configured; blank counts as none
     * @param variable the environment variable that may hold it
     * @param keyPage where a person gets one
     */
    public ApiKey(@Nullable String given, String variable, String keyPage, ServiceErrors errors) {
        this.key = given == null || given.isBlank() ? null : given.trim();
        this.variable = variable;
        this.keyPage = keyPage;
        this.errors = errors;
    }

    /**
     * The key as a header carries it. Whether it is valid is for the service to decide; refused here is only what no header
     * can carry, because the HTTP client would quote it.
     *
     * @throws io.genvideo.model.AuthenticationException if there is none, or none that can be sent; names where to get one
     */
    public String value() {
        if (key == null) {
            throw errors.unauthenticated("no API key: set option apiKey or the environment variable " + variable
                    + "; get one at " + keyPage);
        }
        if (!key.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw errors.unauthenticated(
                    "the API key holds spaces or characters that are not ASCII; copy it again from " + keyPage);
        }
        return key;
    }

    @Override
    public String toString() {
        return "ApiKey";
    }
}
