/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.jspecify.annotations.Nullable;

/** Credentials and addresses of one account at a provider: a value of the component's option {@code accounts}. */
@Configurer
public class GenvideoAccount {
    @Metadata(description = "Name of the provider. By default the name of the account.")
    private @Nullable String provider;

    @Metadata(description = "API key or token of the service.", secret = true)
    private @Nullable String apiKey;

    @Metadata(description = "Secret key for services that sign requests.", secret = true)
    private @Nullable String secretKey;

    @Metadata(description = "Address of the service, instead of its public address.")
    private @Nullable String baseUrl;

    @Metadata(description = "Address for uploads, instead of the public address (IMA Studio).")
    private @Nullable String uploadUrl;

    @Metadata(description = "Address of the service's WebSocket, instead of its public address (Wiro).")
    private @Nullable String socketUrl;

    @Metadata(
            description = "OpenAPI document (JSON) that lists the parameters of the service's models "
                    + "(skills.video), as a classpath: or file: resource.")
    private @Nullable String openApi;

    @Metadata(
            description =
                    "Settings that only this provider has, by name. The documentation of the provider lists them.")
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

    public @Nullable String getSocketUrl() {
        return socketUrl;
    }

    public void setSocketUrl(@Nullable String socketUrl) {
        this.socketUrl = socketUrl;
    }

    public @Nullable String getOpenApi() {
        return openApi;
    }

    public void setOpenApi(@Nullable String openApi) {
        this.openApi = openApi;
    }
}
