/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import org.jspecify.annotations.Nullable;

/**
 * Whose credits are spent and where: the credentials and addresses of one account at one provider.
 *
 * @param name the account's name; for one given on a URI a keyed hash of its key, never the key
 * @param baseUrl where the service is; {@code null} for the provider's default
 * @param uploadUrl where media are uploaded (IMA Studio); {@code null} for the provider's default
 * @param language {@code en} or {@code zh}: labels and messages of the service
 * @param openApi the text of an OpenAPI document that describes the service's models (skills.video); {@code null} for none
 */
public record AccountSettings(
        String name,
        String provider,
        @Nullable String apiKey,
        @Nullable String apiSecret,
        @Nullable String baseUrl,
        @Nullable String uploadUrl,
        String language,
        @Nullable String openApi) {

    /** Of a service that needs no description. */
    public AccountSettings(
            String name,
            String provider,
            @Nullable String apiKey,
            @Nullable String apiSecret,
            @Nullable String baseUrl,
            @Nullable String uploadUrl,
            String language) {
        this(name, provider, apiKey, apiSecret, baseUrl, uploadUrl, language, null);
    }

    public AccountSettings withOpenApi(@Nullable String text) {
        return new AccountSettings(name, provider, apiKey, apiSecret, baseUrl, uploadUrl, language, text);
    }

    /** Without the credentials. */
    @Override
    public String toString() {
        return "AccountSettings[" + provider + "/" + name + (baseUrl == null ? "" : " at " + baseUrl) + "]";
    }
}
