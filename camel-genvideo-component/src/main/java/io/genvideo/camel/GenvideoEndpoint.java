/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.EngineAccount;
import io.genvideo.model.Operation;
import io.genvideo.spi.ProviderDescriptor;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.AsyncEndpoint;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/** Generate videos and images with AI services. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "genvideo",
        title = "GenVideo",
        syntax = "genvideo:provider/operation",
        producerOnly = true,
        category = {Category.AI},
        headersClass = GenvideoConstants.class)
public class GenvideoEndpoint extends DefaultEndpoint implements AsyncEndpoint, EndpointServiceLocation {

    @UriPath(description = "The service: `ima`, or the name of a provider of your own.")
    @Metadata(required = true)
    private String provider = "";

    @UriPath(
            description = "What is asked of it: text_to_video, image_to_video, first_last_frame_to_video,"
                    + " reference_image_to_video, upload, task, result, models or describe. Dashes are accepted too.")
    @Metadata(required = true)
    private String operation = "";

    @UriParam
    private GenvideoConfiguration configuration;

    @UriParam(
            label = "common,security",
            secret = true,
            description =
                    "The API key or token, instead of an account's. Better kept in `accounts` or the environment.")
    private @Nullable String apiKey;

    @UriParam(
            label = "common,security",
            secret = true,
            description = "The API secret, for services that sign requests, instead of an account's.")
    private @Nullable String apiSecret;

    @UriParam(label = "common", description = "Where the service is, instead of its public address.")
    private @Nullable String baseUrl;

    @UriParam(label = "common", description = "Where media are uploaded, instead of the public address (IMA Studio).")
    private @Nullable String uploadUrl;

    private @Nullable Operation resolvedOperation;
    private @Nullable EngineAccount account;

    GenvideoEndpoint(String uri, GenvideoComponent component, GenvideoConfiguration configuration) {
        super(uri, component);
        this.configuration = configuration;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        configuration.check();
        // Camel starts what is inside of a split or multicast while it initialises routes, before any component
        ServiceHelper.startService(getComponent());
        GenvideoRuntime runtime = getComponent().runtime();
        ProviderDescriptor descriptor = runtime.accounts().descriptor(provider);
        resolvedOperation = supported(descriptor);
        if (configuration.getUpdates() == UpdatesMode.stream && !descriptor.stream()) {
            throw new IllegalArgumentException(
                    "updates=stream, but " + descriptor.title() + " pushes nothing: use auto or poll");
        }
        account = runtime.accounts().open(this);
    }

    private Operation supported(ProviderDescriptor descriptor) {
        Operation known = Operation.fromPath(operation).orElse(null);
        if (known != null && descriptor.operations().contains(known) && isBuilt(known)) {
            return known;
        }
        String instead = known == null ? null : descriptor.instead().get(known);
        String has = descriptor.operations().stream()
                .filter(GenvideoEndpoint::isBuilt)
                .sorted()
                .map(Operation::path)
                .collect(Collectors.joining(", "));
        throw new IllegalArgumentException(descriptor.title() + " has no operation '" + operation + "'"
                + (instead == null ? "" : ": " + instead) + ". It has: " + has);
    }

    /** A provider may have operations that this component has no producer for yet. */
    private static boolean isBuilt(Operation operation) {
        return operation.isGeneration() || GenvideoServiceProducer.OPERATIONS.contains(operation);
    }

    @Override
    public Producer createProducer() {
        Operation wanted = getResolvedOperation();
        return wanted.isGeneration() ? new GenvideoProducer(this) : new GenvideoServiceProducer(this, wanted);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("genvideo:" + provider + "/" + operation + " can't be consumed from");
    }

    @Override
    public GenvideoComponent getComponent() {
        return (GenvideoComponent) super.getComponent();
    }

    @Override
    public boolean isSingletonProducer() {
        return true;
    }

    @Override
    public @Nullable String getServiceUrl() {
        return account == null ? baseUrl : getComponent().runtime().accounts().serviceUrl(this);
    }

    @Override
    public String getServiceProtocol() {
        return "http";
    }

    @Override
    public @Nullable Map<String, String> getServiceMetadata() {
        return configuration.getModel() == null ? null : Map.of("model", configuration.getModel());
    }

    /** @throws IllegalStateException before the endpoint is started */
    Operation getResolvedOperation() {
        if (resolvedOperation == null) {
            throw new IllegalStateException("endpoint not started");
        }
        return resolvedOperation;
    }

    /** @throws IllegalStateException before the endpoint is started */
    EngineAccount getEngineAccount() {
        if (account == null) {
            throw new IllegalStateException("endpoint not started");
        }
        return account;
    }

    public String getProvider() {
        return provider;
    }

    public void setProvider(String provider) {
        this.provider = provider;
    }

    public String getOperation() {
        return operation;
    }

    public void setOperation(String operation) {
        this.operation = operation;
    }

    public GenvideoConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(GenvideoConfiguration configuration) {
        this.configuration = configuration;
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
}
