/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.EngineAccount;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.ProviderDescriptor;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncEndpoint;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.PollingConsumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/** Generate videos and images with AI services. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "genvideo",
        title = "GenVideo",
        syntax = "genvideo:provider/operation",
        category = {Category.AI},
        headersClass = GenvideoConstants.class)
public class GenvideoEndpoint extends ScheduledPollEndpoint implements AsyncEndpoint, EndpointServiceLocation {
    private static final long DEFAULT_DELAY = 5000;
    private static final int DEFAULT_BATCH = 100;

    @UriPath(
            description =
                    "Name of the provider: `ima` (IMA Studio), `skillsvideo` (skills.video), `mediaio` (Media.io), `wiro`"
                            + " (Wiro) or a provider of your own. The name `nemo` is reserved for NemoVideo, which this"
                            + " version does not have yet.")
    @Metadata(required = true)
    private String provider = "";

    @UriPath(
            description = "Operation to perform. Generations: text_to_video, image_to_video, first_last_frame_to_video,"
                    + " reference_image_to_video, video_to_video, text_to_image, image_to_image, generate. Calls without a"
                    + " charge: upload, task, result, cancel, credits, models, describe, resolve. Of NemoVideo only, and not"
                    + " in this version: session, chat, state, export. To consume from: tasks, credits. Dashes are accepted"
                    + " for underscores. An operation that the provider does not have is refused when the endpoint starts,"
                    + " with the list of those that it has.")
    @Metadata(required = true)
    private String operation = "";

    @UriParam
    private GenvideoConfiguration configuration;

    @UriParam(
            label = "common,security",
            secret = true,
            description = "API key or token of the service, instead of the account's. Prefer `accounts` or the "
                    + "environment.")
    private @Nullable String apiKey;

    @UriParam(
            label = "common,security",
            secret = true,
            description = "Secret key for services that sign requests, instead of the account's.")
    private @Nullable String secretKey;

    @UriParam(label = "common", description = "Address of the service, instead of its public address.")
    private @Nullable String baseUrl;

    @UriParam(label = "common", description = "Address for uploads, instead of the public address (IMA Studio).")
    private @Nullable String uploadUrl;

    @UriParam(
            label = "common",
            description = "Address of the service's WebSocket (Wiro), `ws` or `wss`, if it is not the usual one: for"
                    + " example that of the sandbox. Default: that of the account.")
    private @Nullable String socketUrl;

    @UriParam(
            label = "common",
            description = "OpenAPI document (JSON) that lists the parameters of the service's models "
                    + "(skills.video), as a classpath: or file: resource.")
    private @Nullable String openApi;

    @UriParam(
            label = "consumer,scheduler",
            defaultValue = "" + DEFAULT_DELAY,
            javaType = "java.time.Duration",
            description = "Milliseconds before the next poll.")
    private long delay = -1;

    // Declared again with its names, so that tools do not take them for misspelt beans
    @UriParam(
            label = "consumer,scheduler",
            defaultValue = "none",
            enums = "none,spring,quartz",
            javaType = "java.lang.Object",
            description = "Scheduler that polls at fixed times instead of every `delay`: quartz (camel-quartz) or "
                    + "spring (camel-spring), each with `scheduler.cron`, or a scheduler of your own as a bean.")
    private Object scheduler = "none";

    @UriParam(
            label = "consumer",
            defaultValue = "" + DEFAULT_BATCH,
            description = "Maximum number of outcomes that the operation `tasks` takes in one poll; 0 or less means "
                    + "the default.")
    private int maxMessagesPerPoll = DEFAULT_BATCH;

    private @Nullable Endpoint uploadRoute;
    private @Nullable Endpoint progressRoute;
    private @Nullable EndpointOperation resolved;
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
        ProviderDescriptor descriptor = runtime.providers().descriptor(provider);
        EndpointOperation wanted = EndpointOperation.of(descriptor, operation);
        OptionChecks.check(configuration, descriptor);
        // Late results are in the journal, and most are downloaded without credentials: whoever consumes them may have
        // none
        if (wanted.common() != Operation.TASKS || namesAccount()) {
            account = runtime.accounts().open(this);
            runtime.engine().use(account);
        }
        uploadRoute = RouteEndpoints.find(getCamelContext(), "uploadVia", configuration.getUploadVia());
        progressRoute = RouteEndpoints.find(getCamelContext(), "progressUri", configuration.getProgressUri());
        resolved = wanted;
    }

    private boolean namesAccount() {
        return configuration.getAccount() != null || hasAccountOfItsOwn();
    }

    /** Whether the URI has credentials or addresses, so that it uses no account of the component. */
    boolean hasAccountOfItsOwn() {
        return apiKey != null || secretKey != null || baseUrl != null || uploadUrl != null || socketUrl != null;
    }

    /** The options of each call that is made for one exchange of this endpoint, whose time begins now. */
    CallOptions callOptions() {
        Endpoint uploads = uploadRoute;
        return new CallOptions(
                configuration.getRequestTimeout(),
                uploads == null
                        ? null
                        : getComponent().runtime().uploadRoutes().uploader(uploads, provider, configuration),
                configuration.getCallbackUrl());
    }

    /** Where the progress of waits is reported; {@code null} for nowhere. */
    @Nullable
    Endpoint progressRoute() {
        return progressRoute;
    }

    @Override
    public Producer createProducer() {
        EndpointOperation wanted = resolved();
        Operation common = wanted.common();
        if (common == null) {
            return new GenvideoOwnOperationProducer(this, Objects.requireNonNull(wanted.own()));
        }
        if (common == Operation.TASKS) {
            throw new UnsupportedOperationException("genvideo:" + provider + "/" + operation
                    + " can't be sent to, it is consumed from; the operations 'task' and 'result' return one task");
        }
        return common.isGeneration() ? new GenvideoProducer(this, common) : new GenvideoServiceProducer(this, common);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        ServiceHelper.startService(this);
        if (isFor(Operation.TASKS)) {
            GenvideoTasksConsumer consumer = new GenvideoTasksConsumer(this, processor);
            consumer.setMaxMessagesPerPoll(maxMessagesPerPoll > 0 ? maxMessagesPerPoll : DEFAULT_BATCH);
            configureConsumer(consumer);
            return consumer;
        }
        if (isFor(Operation.CREDITS)) {
            GenvideoCreditsConsumer consumer = new GenvideoCreditsConsumer(this, processor);
            configureConsumer(consumer);
            return consumer;
        }
        throw new UnsupportedOperationException("genvideo:" + provider + "/" + operation
                + " can't be consumed from. What can be consumed: " + consumable());
    }

    private String consumable() {
        ProviderDescriptor descriptor = getComponent().runtime().providers().descriptor(provider);
        return EndpointOperation.has(descriptor, Operation.CREDITS) ? "tasks, credits" : "tasks";
    }

    @Override
    public PollingConsumer createPollingConsumer() throws Exception {
        ServiceHelper.startService(this);
        return isFor(Operation.TASKS)
                ? new GenvideoTasksPollingConsumer(this, getTimeUnit().toMillis(delayInTimeUnit()))
                : super.createPollingConsumer();
    }

    @Override
    protected void doConfigureConsumer(Consumer consumer) {
        super.doConfigureConsumer(consumer);
        if (consumer instanceof ScheduledPollConsumer scheduled) {
            scheduled.setDelay(delayInTimeUnit());
        }
    }

    /** Camel's own default would read the journal twice a second. */
    private long delayInTimeUnit() {
        return delay >= 0 ? delay : Math.max(1, getTimeUnit().convert(DEFAULT_DELAY, TimeUnit.MILLISECONDS));
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
    boolean isFor(Operation common) {
        return resolved().common() == common;
    }

    private EndpointOperation resolved() {
        if (resolved == null) {
            throw new IllegalStateException("endpoint not started");
        }
        return resolved;
    }

    /** The account that is used; {@code null} if late results of all accounts are consumed. */
    @Nullable
    EngineAccount findEngineAccount() {
        return account;
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

    @Override
    public long getDelay() {
        return delay;
    }

    @Override
    public void setDelay(long delay) {
        super.setDelay(delay);
        this.delay = delay;
    }

    @Override
    public long getDefaultDelay() {
        return DEFAULT_DELAY;
    }

    @Override
    public void setScheduler(Object scheduler) {
        super.setScheduler(scheduler);
        this.scheduler = scheduler;
    }

    @Override
    public Object getScheduler() {
        return scheduler;
    }

    public int getMaxMessagesPerPoll() {
        return maxMessagesPerPoll;
    }

    public void setMaxMessagesPerPoll(int maxMessagesPerPoll) {
        this.maxMessagesPerPoll = maxMessagesPerPoll;
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
