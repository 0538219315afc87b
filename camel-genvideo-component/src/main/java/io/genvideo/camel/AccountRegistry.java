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
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accounts that are in use, each with one provider instance: endpoints with the same credentials, addresses and settings
 * share it, whatever their other options are.
 */
final class AccountRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(GenvideoComponent.class);

    private final GenvideoComponent component;
    private final ProviderRegistry providers;
    private final AccountSettingsResolver settings;
    private final HttpGateway http;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final String journal;
    private final boolean shared;
    private volatile Consumer<EngineAccount> limited = account -> {};
    private final Map<AccountSettings, Account> accounts = new ConcurrentHashMap<>();

    private record Account(EngineAccount engineAccount, AccountGateway gateway) {}

    /**
     * @param journal what to call the journal in the log
     * @param shared whether other processes may use the journal, and with it the limits of accounts
     */
    AccountRegistry(
            GenvideoComponent component,
            ProviderRegistry providers,
            HttpGateway http,
            InstantSource clock,
            RandomGenerator random,
            String journal,
            boolean shared) {
        this.component = component;
        this.providers = providers;
        this.settings = new AccountSettingsResolver(component);
        this.http = http;
        this.clock = clock;
        this.random = random;
        this.journal = journal;
        this.shared = shared;
    }

    /** @param listener gets each account before its first request, and when its limit of requests has changed */
    void whenLimited(Consumer<EngineAccount> listener) {
        limited = listener;
    }

    /**
     * The account of an endpoint, ready to be used.
     *
     * @throws IllegalArgumentException if there is no such account, a credential is missing or a setting is not known
     */
    EngineAccount open(GenvideoEndpoint endpoint) {
        GenerationProviderFactory factory = providers.factory(endpoint.getProvider());
        return open(
                factory,
                settings.ofEndpoint(endpoint, factory.descriptor()),
                endpoint.getConfiguration().getRequestsPerSecond());
    }

    private EngineAccount open(GenerationProviderFactory factory, AccountSettings wanted, double requestsPerSecond) {
        Account account = accounts.computeIfAbsent(wanted, s -> create(factory, s));
        account.gateway().limit(requestsPerSecond);
        limited.accept(account.engineAccount());
        return account.engineAccount();
    }

    private Account create(GenerationProviderFactory factory, AccountSettings wanted) {
        ProviderDescriptor descriptor = factory.descriptor();
        AccountGateway gateway = new AccountGateway(http, shared);
        EngineAccount account = new EngineAccount(
                wanted.provider() + "/" + wanted.name(),
                descriptor,
                factory.create(new ProviderContext(wanted, gateway, clock, random)),
                gateway);
        LOG.info(
                "Using {} with account {} at {}, journal {}",
                descriptor.title(),
                wanted.name(),
                address(wanted, descriptor),
                journal);
        return new Account(account, gateway);
    }

    /** Whether the credentials of an account, {@code provider/account name}, are known. */
    boolean isOpen(String account) {
        return find(account).isPresent();
    }

    private Optional<EngineAccount> find(String account) {
        return accounts.values().stream()
                .map(Account::engineAccount)
                .filter(a -> a.name().equals(account))
                .findAny();
    }

    /**
     * The account of that name, {@code provider/account name}, if its credentials are known without any endpoint: it is
     * configured on the component, or is its provider's default and in the environment.
     */
    Optional<EngineAccount> openConfigured(String account) {
        int slash = account.indexOf('/');
        return providers
                .find(account.substring(0, slash))
                .map(f -> configured(account, f, account.substring(slash + 1)))
                .filter(a -> !(a.provider() instanceof MissingCredentialsProvider));
    }

    /**
     * The account that has created a task, opened if need be. Without its credentials one whose service can't be called,
     * because most results can be fetched without calling it.
     */
    EngineAccount of(GenerationTask task) {
        String name = task.provider() + "/" + task.account();
        return find(name).orElseGet(() -> configured(name, providers.factory(task.provider()), task.account()));
    }

    private EngineAccount configured(String name, GenerationProviderFactory factory, String ownName) {
        ProviderDescriptor descriptor = factory.descriptor();
        try {
            return open(
                    factory,
                    settings.ofComponent(ownName, descriptor),
                    component.getConfiguration().getRequestsPerSecond());
        } catch (IllegalArgumentException missing) {
            return new EngineAccount(
                    name,
                    descriptor,
                    new MissingCredentialsProvider(descriptor.name(), String.valueOf(missing.getMessage())));
        }
    }

    /** The address of an endpoint's service, for tools and logs; without credentials. */
    String serviceUrl(GenvideoEndpoint endpoint) {
        ProviderDescriptor descriptor = providers.descriptor(endpoint.getProvider());
        return address(settings.ofEndpoint(endpoint, descriptor), descriptor);
    }

    private static String address(AccountSettings account, ProviderDescriptor descriptor) {
        String address = Objects.requireNonNullElse(account.baseUrl(), descriptor.defaultBaseUrl());
        return address.replaceFirst("//[^/@]*@", "//").replaceFirst("[?#].*", "");
    }
}
