/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ProviderDescriptor.CredentialSpec;
import io.genvideo.spi.SettingSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/**
 * Decides which account an endpoint uses, and with which credentials, addresses and settings: the endpoint's own options
 * win over the account's, those over the environment and over the provider's defaults.
 */
final class AccountSettingsResolver {
    private static final String OPEN_API = "openApi";
    private static final String SOCKET_URL = "socketUrl";

    private final GenvideoComponent component;

    AccountSettingsResolver(GenvideoComponent component) {
        this.component = component;
    }

    /**
     * The account that an endpoint uses.
     *
     * @throws IllegalArgumentException if there is no such account, a credential is missing or a setting is not known
     */
    AccountSettings ofEndpoint(GenvideoEndpoint endpoint, ProviderDescriptor descriptor) {
        String provider = descriptor.name();
        String name = Objects.requireNonNullElse(endpoint.getConfiguration().getAccount(), provider);
        GenvideoAccount account = named(name, endpoint);
        String apiKey = credential(descriptor, "apiKey", endpoint.getApiKey(), account.getApiKey(), name);
        String secretKey = credential(descriptor, "secretKey", endpoint.getSecretKey(), account.getSecretKey(), name);
        String baseUrl = first(endpoint.getBaseUrl(), account.getBaseUrl());
        String uploadUrl = first(endpoint.getUploadUrl(), account.getUploadUrl());
        String openApi = first(endpoint.getOpenApi(), account.getOpenApi());
        String socketUrl = first(endpoint.getSocketUrl(), account.getSocketUrl());
        return AccountSettings.builder(
                        endpoint.hasAccountOfItsOwn()
                                ? KeyedHash.accountAlias(provider, apiKey, secretKey, baseUrl, uploadUrl, socketUrl)
                                : name,
                        provider)
                .apiKey(apiKey)
                .secretKey(secretKey)
                .baseUrl(baseUrl)
                .uploadUrl(uploadUrl)
                .language(endpoint.getConfiguration().getLanguage())
                .settings(settings(descriptor, name, account, openApi, socketUrl))
                .build();
    }

    /**
     * An account that needs no endpoint: it is configured on the component, or is its provider's default and in the
     * environment.
     *
     * @throws IllegalArgumentException as {@link #ofEndpoint}
     */
    AccountSettings ofComponent(String name, ProviderDescriptor descriptor) {
        GenvideoAccount configured = component.getAccounts().get(name);
        if (configured == null && !name.equals(descriptor.name())) {
            throw noAccount(name);
        }
        GenvideoAccount account =
                configured == null ? new GenvideoAccount() : checked(configured, name, descriptor.name());
        return AccountSettings.builder(name, descriptor.name())
                .apiKey(credential(descriptor, "apiKey", null, account.getApiKey(), name))
                .secretKey(credential(descriptor, "secretKey", null, account.getSecretKey(), name))
                .baseUrl(first(null, account.getBaseUrl()))
                .uploadUrl(first(null, account.getUploadUrl()))
                .language(component.getConfiguration().getLanguage())
                .settings(settings(
                        descriptor,
                        name,
                        account,
                        first(null, account.getOpenApi()),
                        first(null, account.getSocketUrl())))
                .build();
    }

    private GenvideoAccount named(String name, GenvideoEndpoint endpoint) {
        GenvideoAccount account = component.getAccounts().get(name);
        if (account == null) {
            if (endpoint.getConfiguration().getAccount() == null) {
                return new GenvideoAccount();
            }
            throw noAccount(name);
        }
        return checked(account, name, endpoint.getProvider());
    }

    private IllegalArgumentException noAccount(String name) {
        return new IllegalArgumentException("No account '" + name + "'. There are: "
                + component.getAccounts().keySet().stream().sorted().collect(Collectors.joining(", ")));
    }

    private static GenvideoAccount checked(GenvideoAccount account, String name, String provider) {
        String owner = Objects.requireNonNullElse(account.getProvider(), name);
        if (!owner.equals(provider)) {
            throw new IllegalArgumentException("Account '" + name + "' belongs to provider " + owner + ", not to "
                    + provider
                    + (account.getProvider() == null
                            ? ": set its option 'provider' if it has another name than its provider"
                            : ""));
        }
        return account;
    }

    private static @Nullable String credential(
            ProviderDescriptor descriptor,
            String option,
            @Nullable String ofEndpoint,
            @Nullable String ofAccount,
            String accountName) {
        String given = first(ofEndpoint, ofAccount);
        CredentialSpec spec = descriptor.credentials().stream()
                .filter(c -> c.option().equals(option))
                .findFirst()
                .orElse(null);
        if (given != null || spec == null) {
            return given;
        }
        for (String variable : spec.environment()) {
            String value = System.getenv(variable);
            if (value != null && !value.isBlank()) {
                return value.trim();
            }
        }
        if (spec.required()) {
            throw new IllegalArgumentException(descriptor.title() + " needs the credential '" + option
                    + "': set the environment variable " + String.join(" or ", spec.environment())
                    + ", or accounts[" + accountName + "]." + option + " on the component. " + spec.howToGet());
        }
        return null;
    }

    /**
     * The values of the provider's own settings, complete with its defaults.
     *
     * @param openApi the resource of option {@code openApi}, whose text is the value of the setting of that name
     * @param socketUrl the value of option {@code socketUrl} and of the setting of that name
     */
    private Map<String, String> settings(
            ProviderDescriptor descriptor,
            String accountName,
            GenvideoAccount account,
            @Nullable String openApi,
            @Nullable String socketUrl) {
        Map<String, SettingSpec> known = new TreeMap<>();
        descriptor.settings().forEach(s -> known.put(s.name(), s));
        Map<String, String> values = new TreeMap<>();
        for (SettingSpec setting : known.values()) {
            if (setting.defaultValue() != null) {
                values.put(setting.name(), setting.defaultValue());
            }
        }
        account.getSettings().forEach((setting, value) -> {
            if (!known.containsKey(setting)) {
                throw new IllegalArgumentException("accounts[" + accountName + "].settings[" + setting + "]: "
                        + descriptor.title() + " has no such setting. "
                        + (known.isEmpty() ? "It has none." : "It has: " + String.join(", ", known.keySet())));
            }
            values.put(setting, value);
        });
        if (openApi != null && known.containsKey(OPEN_API)) {
            values.put(OPEN_API, read(openApi));
        }
        if (socketUrl != null && known.containsKey(SOCKET_URL)) {
            values.put(SOCKET_URL, socketUrl);
        }
        return values;
    }

    /** The text of a resource, so that a provider needs no Camel. */
    private String read(String openApi) {
        if (!openApi.startsWith("classpath:") && !openApi.startsWith("file:")) {
            throw new IllegalArgumentException(
                    "Option openApi is '" + openApi + "', it must begin with classpath: or file:");
        }
        try (InputStream in =
                ResourceHelper.resolveMandatoryResourceAsInputStream(component.getCamelContext(), openApi)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalArgumentException("Option openApi: " + openApi + " can't be read", e);
        }
    }

    private static @Nullable String first(@Nullable String a, @Nullable String b) {
        return a != null && !a.isBlank() ? a.trim() : b != null && !b.isBlank() ? b.trim() : null;
    }
}
