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
 * The endpoint where camel-webhook, which is optional, is on the class path: {@code webhook:genvideo:provider/tasks}. A class
 * of its own, because the other one must load without.
 */
public final class GenvideoWebhookEndpoint extends GenvideoEndpoint implements WebhookCapableEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(GenvideoWebhookEndpoint.class);

    private @Nullable WebhookConfiguration webhook;

    private GenvideoWebhookEndpoint(String uri, GenvideoComponent component, GenvideoConfiguration configuration) {
        super(uri, component, configuration);
    }

    /** Whoever calls this knows the endpoint by its superclass only, so that its own class loads where this one can't. */
    static GenvideoEndpoint create(String uri, GenvideoComponent component, GenvideoConfiguration configuration) {
        return new GenvideoWebhookEndpoint(uri, component, configuration);
    }

    /**
     * Reads what the provider's service sends.
     *
     * @throws IllegalArgumentException if it sends nothing, or the option {@code webhookVerifyToken} is missing or invalid
     */
    WebhookReader webhookReader() {
        GenerationProviderFactory factory = getComponent().runtime().providers().factory(getProvider());
        String title = factory.descriptor().title();
        WebhookAuthentication authentication = factory.descriptor().webhooks();
        if (authentication == WebhookAuthentication.NONE) {
            throw new IllegalArgumentException(title
                    + " sends nothing to webhooks; its tasks are consumed from genvideo:" + getProvider() + "/tasks");
        }
        String token = getComponent().getWebhookVerifyToken();
        if (token == null || token.isBlank()) {
            throw new IllegalArgumentException("the webhook of " + title
                    + " needs the component's option 'webhookVerifyToken', with the secret that verifies requests");
        }
        return factory.webhookReader(
                authentication == WebhookAuthentication.SIGNATURE ? token.trim() : null, InstantSource.system());
    }

    @Override
    public Processor createWebhookHandler(Processor next) {
        return new GenvideoWebhookHandler(this, next);
    }

    /** The services know no call for it: a webhook is set up once, in their dashboards. */
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
    }

    @Override
    public List<String> getWebhookMethods() {
        return List.of("POST");
    }
}
