/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.EngineAccount;
import io.genvideo.http.HttpGateway;
import io.genvideo.model.GenerationTask;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ProviderDescriptor.CredentialSpec;
import io.genvideo.spi.SettingSpec;
import io.genvideo.spi.WebhookReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/** Finds the providers, and whose credentials an endpoint spends. */
final class AccountRegistry {
    private static final String ALIAS_KEY = "camel-genvideo account alias";

    private static final String OPEN_API = "openApi";

    private final GenvideoComponent component;
    private final HttpGateway http;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<String, GenerationProviderFactory> factories = new TreeMap<>();
    private final Map<Opened, EngineAccount> opened = new ConcurrentHashMap<>();
    private final Map<String, HttpGateway> limited = new ConcurrentHashMap<>();

    /** What makes a provider instance its own. */
    private record Opened(AccountSettings settings, double requestsPerSecond) {}

    AccountRegistry(GenvideoComponent component, HttpGateway http, InstantSource clock, RandomGenerator random) {
        this.component = component;
        this.http = http;
        this.clock = clock;
        this.random = random;
        CamelContext context = component.getCamelContext();
        ServiceLoader.load(GenerationProviderFactory.class, GenvideoComponent.class.getClassLoader())
                .forEach(this::add);
        ClassLoader application = context.getApplicationContextClassLoader();
        if (application != null) {
            ServiceLoader.load(GenerationProviderFactory.class, application).forEach(this::add);
        }
        context.getRegistry().findByType(GenerationProviderFactory.class).stream()
                .sorted(Comparator.comparing(f -> f.descriptor().name()))
                .forEach(this::add);
    }

    private void add(GenerationProviderFactory factory) {
        factories.put(factory.descriptor().name(), factory);
    }

    /** @throws IllegalArgumentException if there is no such provider; the message lists those there are */
    ProviderDescriptor descriptor(String provider) {
        return factory(provider).descriptor();
    }

    /** Reads what a provider's service sends to a webhook. */
    WebhookReader webhookReader(String provider, @Nullable String secret) {
        return factory(provider).webhookReader(secret, clock);
    }

    private GenerationProviderFactory factory(String provider) {
        GenerationProviderFactory factory = factories.get(provider);
        if (factory == null) {
            throw new IllegalArgumentException(
                    "No provider '" + provider + "'. There are: " + String.join(", ", factories.keySet()));
        }
        return factory;
    }

    /**
     * The account of an endpoint, ready to be used.
     *
     * @throws IllegalArgumentException if a credential is missing
     */
    EngineAccount open(GenvideoEndpoint endpoint) {
        GenerationProviderFactory factory = factory(endpoint.getProvider());
        return open(factory, settings(endpoint, factory.descriptor()), endpoint.getConfiguration());
    }

    /** Resolved to its text here, so that a provider needs no Camel. */
    private @Nullable String openApi(@Nullable String resource) {
        if (resource == null) {
            return null;
        }
        if (!resource.startsWith("classpath:") && !resource.startsWith("file:")) {
            throw new IllegalArgumentException(
                    "Option openApi is '" + resource + "', it must begin with classpath: or file:");
        }
        try (InputStream in =
                ResourceHelper.resolveMandatoryResourceAsInputStream(component.getCamelContext(), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalArgumentException("Option openApi: " + resource + " can't be read", e);
        }
    }

    private EngineAccount open(
            GenerationProviderFactory factory, AccountSettings settings, GenvideoConfiguration options) {
        Opened key = new Opened(settings, options.getRequestsPerSecond());
        return opened.computeIfAbsent(
                key,
                k -> new EngineAccount(
                        settings.provider() + "/" + settings.name(),
                        factory.descriptor(),
                        factory.create(new ProviderContext(settings, gateway(k), clock, random))));
    }

    /** Whether the credentials of an account, {@code provider/account name}, are at hand. */
    boolean isOpen(String account) {
        return opened.values().stream().anyMatch(a -> a.name().equals(account));
    }

    /**
     * The account of that name, {@code provider/account name}, if its credentials are at hand without any endpoint: it is
     * configured on the component, or its provider's own and in the environment.
     */
    Optional<EngineAccount> find(String name) {
        int slash = name.indexOf('/');
        GenerationProviderFactory factory = factories.get(name.substring(0, slash));
        return Optional.ofNullable(factory)
                .map(f -> configured(name, f, name.substring(slash + 1)))
                .filter(a -> !(a.provider() instanceof MissingCredentialsProvider));
    }

    /**
     * The account that has made a task, opened if need be; without its credentials one that can't be asked anything, because
     * most results can be fetched without asking.
     */
    EngineAccount of(GenerationTask task) {
        String name = task.provider() + "/" + task.account();
        return opened.values().stream()
                .filter(a -> a.name().equals(name))
                .findAny()
                .orElseGet(() -> configured(name, factory(task.provider()), task.account()));
    }

    private EngineAccount configured(String name, GenerationProviderFactory factory, String ownName) {
        ProviderDescriptor descriptor = factory.descriptor();
        try {
            GenvideoAccount account = component.getAccounts().get(ownName);
            if (account == null && !ownName.equals(descriptor.name())) {
                throw noAccount(ownName);
            }
            GenvideoAccount known =
                    account == null ? new GenvideoAccount() : checked(account, ownName, descriptor.name());
            GenvideoConfiguration options = component.getConfiguration();
            return open(
                    factory,
                    AccountSettings.builder(ownName, descriptor.name())
                            .apiKey(credential(descriptor, "apiKey", null, known.getApiKey(), ownName))
                            .secretKey(credential(descriptor, "secretKey", null, known.getSecretKey(), ownName))
                            .baseUrl(first(null, known.getBaseUrl()))
                            .uploadUrl(first(null, known.getUploadUrl()))
                            .language(options.getLanguage())
                            .settings(ownSettings(descriptor, ownName, known, first(null, known.getOpenApi())))
                            .build(),
                    options);
        } catch (IllegalArgumentException missing) {
            return new EngineAccount(
                    name,
                    descriptor,
                    new MissingCredentialsProvider(descriptor.name(), String.valueOf(missing.getMessage())));
        }
    }

    private HttpGateway gateway(Opened account) {
        double rate = account.requestsPerSecond();
        String name = account.settings().provider() + "/" + account.settings().name() + " " + rate;
        return rate > 0 ? limited.computeIfAbsent(name, n -> http.limitedTo(rate)) : http;
    }

    /** Where the service of an endpoint is, for tools; without credentials. */
    String serviceUrl(GenvideoEndpoint endpoint) {
        ProviderDescriptor descriptor = descriptor(endpoint.getProvider());
        return Objects.requireNonNullElse(settings(endpoint, descriptor).baseUrl(), descriptor.defaultBaseUrl());
    }

    private AccountSettings settings(GenvideoEndpoint endpoint, ProviderDescriptor descriptor) {
        String provider = descriptor.name();
        String name = Objects.requireNonNullElse(endpoint.getConfiguration().getAccount(), provider);
        GenvideoAccount account = named(name, endpoint);
        String apiKey = credential(descriptor, "apiKey", endpoint.getApiKey(), account.getApiKey(), name);
        String secretKey = credential(descriptor, "secretKey", endpoint.getSecretKey(), account.getSecretKey(), name);
        String baseUrl = first(endpoint.getBaseUrl(), account.getBaseUrl());
        String uploadUrl = first(endpoint.getUploadUrl(), account.getUploadUrl());
        return AccountSettings.builder(
                        endpoint.hasAccountOfItsOwn() ? alias(provider, apiKey, secretKey, baseUrl, uploadUrl) : name,
                        provider)
                .apiKey(apiKey)
                .secretKey(secretKey)
                .baseUrl(baseUrl)
                .uploadUrl(uploadUrl)
                .language(endpoint.getConfiguration().getLanguage())
                .settings(ownSettings(descriptor, name, account, first(endpoint.getOpenApi(), account.getOpenApi())))
                .build();
    }

    /**
     * What the provider calls its own, complete with its defaults.
     *
     * @param openApi the resource of option {@code openApi}, which stands for the setting of that name
     */
    private Map<String, String> ownSettings(
            ProviderDescriptor descriptor, String accountName, GenvideoAccount account, @Nullable String openApi) {
        Map<String, SettingSpec> known = new TreeMap<>();
        descriptor.settings().forEach(s -> known.put(s.name(), s));
        Map<String, String> values = new TreeMap<>();
        known.values().stream()
                .filter(s -> s.defaultValue() != null)
                .forEach(s -> values.put(s.name(), Objects.requireNonNull(s.defaultValue())));
        account.getSettings().forEach((setting, value) -> {
            if (!known.containsKey(setting)) {
                throw new IllegalArgumentException("accounts[" + accountName + "].settings[" + setting + "]: "
                        + descriptor.title() + " has no such setting"
                        + (known.isEmpty() ? "" : ". It has: " + String.join(", ", known.keySet())));
            }
            values.put(setting, value);
        });
        String text = known.containsKey(OPEN_API) ? openApi(openApi) : null;
        if (text != null) {
            values.put(OPEN_API, text);
        }
        return values;
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
        String of = Objects.requireNonNullElse(account.getProvider(), name);
        if (!of.equals(provider)) {
            throw new IllegalArgumentException("Account '" + name + "' belongs to provider " + of + ", not to "
                    + provider
                    + (account.getProvider() == null ? ": set its option 'provider' if it is not named like one" : ""));
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

    private static @Nullable String first(@Nullable String a, @Nullable String b) {
        return a != null && !a.isBlank() ? a.trim() : b != null && !b.isBlank() ? b.trim() : null;
    }

    private static String alias(@Nullable String... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(ALIAS_KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            for (String part : parts) {
                mac.update(Objects.requireNonNullElse(part, "").getBytes(StandardCharsets.UTF_8));
                mac.update((byte) 0);
            }
            return "anonymous-" + HexFormat.of().formatHex(mac.doFinal(), 0, 8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
