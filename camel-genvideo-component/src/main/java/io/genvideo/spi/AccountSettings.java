/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Credentials and addresses of one account at a provider.
 *
 * @param name the account's name; for one given on a URI a keyed hash of its key, never the key
 * @param baseUrl the service's address; {@code null} for the provider's default
 * @param uploadUrl where media are uploaded (IMA Studio); {@code null} for the provider's default
 * @param language {@code en} or {@code zh}: labels and messages of the service
 * @param settings the provider's own, by the names of its {@link ProviderDescriptor#settings}; without those that have
 *     neither a value nor a default
 */
public record AccountSettings(
        String name,
        String provider,
        @Nullable String apiKey,
        @Nullable String secretKey,
        @Nullable String baseUrl,
        @Nullable String uploadUrl,
        String language,
        Map<String, String> settings) {

    public AccountSettings {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(language, "language");
        settings = Map.copyOf(settings);
    }

    public static Builder builder(String name, String provider) {
        return new Builder(name, provider);
    }

    /** One of the provider's own settings, or {@code null} if it has no value. */
    public @Nullable String setting(String setting) {
        return settings.get(setting);
    }

    /** Without the credentials. */
    @Override
    public String toString() {
        return "AccountSettings[" + provider + "/" + name + (baseUrl == null ? "" : " at " + baseUrl) + "]";
    }

    /** Collects {@link AccountSettings}; the language is {@code en} unless set. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final String provider;
        private @Nullable String apiKey;
        private @Nullable String secretKey;
        private @Nullable String baseUrl;
        private @Nullable String uploadUrl;
        private String language = "en";
        private Map<String, String> settings = Map.of();

        private Builder(String name, String provider) {
            this.name = name;
            this.provider = provider;
        }

        public Builder apiKey(@Nullable String value) {
            apiKey = value;
            return this;
        }

        public Builder secretKey(@Nullable String value) {
            secretKey = value;
            return this;
        }

        public Builder baseUrl(@Nullable String value) {
            baseUrl = value;
            return this;
        }

        public Builder uploadUrl(@Nullable String value) {
            uploadUrl = value;
            return this;
        }

        public Builder language(String value) {
            language = value;
            return this;
        }

        public Builder settings(Map<String, String> values) {
            settings = values;
            return this;
        }

        public AccountSettings build() {
            return new AccountSettings(name, provider, apiKey, secretKey, baseUrl, uploadUrl, language, settings);
        }
    }
}
