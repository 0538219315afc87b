/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.jspecify.annotations.Nullable;

/** One entry of the component's {@code accounts}: credentials and addresses of one account at one provider. */
@Configurer
public class GenvideoAccount {
    @Metadata(description = "The provider; by default the account's own name.")
    private @Nullable String provider;

    @Metadata(description = "The API key or token.", secret = true)
    private @Nullable String apiKey;

    @Metadata(description = "The API secret, for services that sign requests.", secret = true)
    private @Nullable String secretKey;

    @Metadata(description = "Where the service is, instead of its public address.")
    private @Nullable String baseUrl;

    @Metadata(description = "Where media are uploaded, instead of the public address (IMA Studio).")
    private @Nullable String uploadUrl;

    @Metadata(
            description = "An OpenAPI document (JSON) that says which parameters the service's models take"
                    + " (skills.video), as a resource classpath: or file:.")
    private @Nullable String openApi;

    @Metadata(
            description =
                    "Settings that only this provider has, by name; the documentation of the provider lists" + " them.")
    private Map<String, String> settings = new LinkedHashMap<>();

    public Map<String, String> getSettings() {
        return settings;
    }

    public void setSettings(Map<String, String> settings) {
        this.settings = settings;
    }

    public @Nullable String getProvider() {
        return provider;
    }

    public void setProvider(@Nullable String provider) {
        this.provider = provider;
    }

    public @Nullable String getApiKey() {
        return apiKey;
    }

    public void setApiKey(@Nullable String apiKey) {
        this.apiKey = apiKey;
    }

    public @Nullable String getSecretKey() {
        return secretKey;
    }

    public void setSecretKey(@Nullable String secretKey) {
        this.secretKey = secretKey;
    }

    public @Nullable String getBaseUrl() {
        return baseUrl;
    }

    public void setBaseUrl(@Nullable String baseUrl) {
        this.baseUrl = baseUrl;
    }

    public @Nullable String getUploadUrl() {
        return uploadUrl;
    }

    public void setUploadUrl(@Nullable String uploadUrl) {
        this.uploadUrl = uploadUrl;
    }

    public @Nullable String getOpenApi() {
        return openApi;
    }

    public void setOpenApi(@Nullable String openApi) {
        this.openApi = openApi;
    }
}
