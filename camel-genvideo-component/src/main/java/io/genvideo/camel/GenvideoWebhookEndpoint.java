/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.WebhookAuthentication;
import io.genvideo.spi.WebhookReader;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Processor;
import org.apache.camel.component.webhook.WebhookCapableEndpoint;
import org.apache.camel.component.webhook.WebhookConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoint if camel-webhook, which is optional, is on the class path: {@code webhook:genvideo:provider/tasks}. A class
 * of its own, because {@link GenvideoEndpoint} must load without camel-webhook.
 *
 * <p>The webhook of a service that does not sign its requests gets a last path segment that nobody can guess. In paths and
 * URIs it is a placeholder, so that neither logs nor JMX show it.
 */
public final class GenvideoWebhookEndpoint extends GenvideoEndpoint implements WebhookCapableEndpoint {
    /** The header in which REST consumers put the last segment of an unsigned webhook's path. */
    static final String PATH_TOKEN = "genvideoToken";

    private static final Logger LOG = LoggerFactory.getLogger(GenvideoWebhookEndpoint.class);

    private @Nullable WebhookConfiguration webhook;

    private GenvideoWebhookEndpoint(String uri, GenvideoComponent component, GenvideoConfiguration configuration) {
        super(uri, component, configuration);
    }

    /** Returns the superclass, so that the caller's class loads where this one can't. */
    static GenvideoEndpoint create(String uri, GenvideoComponent component, GenvideoConfiguration configuration) {
        return new GenvideoWebhookEndpoint(uri, component, configuration);
    }

    /**
     * Reads what the provider's service sends.
     *
     * @throws IllegalArgumentException if it sends nothing, or the option {@code webhookVerifyToken} is missing or invalid
     */
    WebhookReader webhookReader() {
        GenerationProviderFactory factory = factory();
        if (authentication() == WebhookAuthentication.NONE) {
            throw new IllegalArgumentException(factory.descriptor().title()
                    + " sends nothing to webhooks; its tasks are consumed from genvideo:" + getProvider() + "/tasks");
        }
        String token = verifyToken();
        return factory.webhookReader(
                authentication() == WebhookAuthentication.SIGNATURE ? token : null, InstantSource.system());
    }

    /** The last path segment that a request must have; {@code null} if the service signs its requests. */
    @Nullable
    String pathToken() {
        return authentication() == WebhookAuthentication.PATH_TOKEN
                ? KeyedHash.webhookPath(verifyToken(), getProvider())
                : null;
    }

    private String verifyToken() {
        String token = getComponent().getWebhookVerifyToken();
        if (token == null || token.isBlank()) {
            throw new IllegalArgumentException("the webhook of "
                    + factory().descriptor().title()
                    + " needs the component's option 'webhookVerifyToken', the secret that verifies requests");
        }
        return token.trim();
    }

    private WebhookAuthentication authentication() {
        return factory().descriptor().webhooks();
    }

    private GenerationProviderFactory factory() {
        return new ProviderRegistry(getCamelContext()).factory(getProvider());
    }

    @Override
    public Processor createWebhookHandler(Processor next) {
        return new GenvideoWebhookHandler(this, next);
    }

    /** No service documents a call that sets up a webhook: a person does it once, in the service's dashboard. */
    @Override
    public void registerWebhook() throws Exception {
        LOG.info(
                "Set up the webhook of {} in its dashboard, with the address {}",
                getProvider(),
                Objects.requireNonNull(webhook, "no webhook").computeFullExternalUrl());
    }

    @Override
    public void unregisterWebhook() {
        LOG.debug("The webhook of {} stays set up in its dashboard", getProvider());
    }

    @Override
    public void setWebhookConfiguration(WebhookConfiguration configuration) {
        webhook = configuration;
        if (authentication() == WebhookAuthentication.PATH_TOKEN) {
            String path = configuration.getWebhookPath();
            String base = path == null ? WebhookConfiguration.computeDefaultPath(configuration.getEndpointUri()) : path;
            configuration.setWebhookPath(base + (base.endsWith("/") ? "" : "/") + "{" + PATH_TOKEN + "}");
        }
    }

    @Override
    public List<String> getWebhookMethods() {
        return List.of("POST");
    }
}
