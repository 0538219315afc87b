/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

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
    private @Nullable String apiSecret;

    @Metadata(description = "Where the service is, instead of its public address.")
    private @Nullable String baseUrl;

    @Metadata(description = "Where media are uploaded, instead of the public address (IMA Studio).")
    private @Nullable String uploadUrl;

    @Metadata(
            description = "An OpenAPI document (JSON) that says which parameters the service's models take"
                    + " (skills.video), as a resource classpath: or file:.")
    private @Nullable String openApi;

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

    public @Nullable String getApiSecret() {
        return apiSecret;
    }

    public void setApiSecret(@Nullable String apiSecret) {
        this.apiSecret = apiSecret;
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
