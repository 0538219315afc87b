/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.EngineAccount;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.ProviderDescriptor;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.AsyncEndpoint;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
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

    @UriPath(description = "The service: `ima`, `skillsvideo`, or the name of a provider of your own.")
    @Metadata(required = true)
    private String provider = "";

    @UriPath(
            description = "What is asked of it: text_to_video, image_to_video, first_last_frame_to_video,"
                    + " reference_image_to_video, upload, task, result, models, describe, credits or resolve; a consumer"
                    + " has tasks and credits. Dashes are accepted too.")
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
    private @Nullable String secretKey;

    @UriParam(label = "common", description = "Where the service is, instead of its public address.")
    private @Nullable String baseUrl;

    @UriParam(label = "common", description = "Where media are uploaded, instead of the public address (IMA Studio).")
    private @Nullable String uploadUrl;

    @UriParam(
            label = "common",
            description = "An OpenAPI document (JSON) that says which parameters the service's models take"
                    + " (skills.video), as a resource classpath: or file:.")
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
            description =
                    "Polls by the clock instead of by `delay`: quartz (camel-quartz) or spring (camel-spring), each"
                            + " with `scheduler.cron`; or a scheduler of your own as a bean.")
    private Object scheduler = "none";

    @UriParam(
            label = "consumer",
            defaultValue = "" + DEFAULT_BATCH,
            description =
                    "How many outcomes the operation `tasks` takes with one poll at most; 0 or less stands for the default.")
    private int maxMessagesPerPoll = DEFAULT_BATCH;

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
        ProviderDescriptor descriptor = runtime.providers().descriptor(provider);
        Operation wanted = supported(descriptor);
        if (configuration.getUpdates() == UpdatesMode.stream
                && !descriptor.streamsCreate()
                && !descriptor.subscribes()) {
            throw new IllegalArgumentException(
                    "updates=stream, but " + descriptor.title() + " pushes nothing: use auto or poll");
        }
        // Late results are in the journal, and most are fetched without asking: whoever consumes them may have no
        // credentials
        if (wanted != Operation.TASKS || namesAccount()) {
            account = runtime.accounts().open(this);
            runtime.engine().use(account);
        }
        resolvedOperation = wanted;
    }

    private boolean namesAccount() {
        return configuration.getAccount() != null || hasAccountOfItsOwn();
    }

    /** Whether the URI brings credentials or addresses, so that no account of the component is meant. */
    boolean hasAccountOfItsOwn() {
        return apiKey != null || secretKey != null || baseUrl != null || uploadUrl != null;
    }

    private Operation supported(ProviderDescriptor descriptor) {
        Operation known = Operation.fromPath(operation).orElse(null);
        if (known != null && has(descriptor, known)) {
            return known;
        }
        String instead = known == null ? null : descriptor.alternatives().get(known);
        String has = Arrays.stream(Operation.values())
                .filter(o -> has(descriptor, o))
                .map(Operation::path)
                .collect(Collectors.joining(", "));
        throw new IllegalArgumentException(descriptor.title() + " has no operation '" + operation + "'"
                + (instead == null ? "." : ": " + sentence(instead)) + " It has: " + has);
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    /** A provider may have operations that this component has no producer for yet. */
    private static boolean has(ProviderDescriptor descriptor, Operation operation) {
        boolean built = operation.isGeneration()
                || operation == Operation.TASKS
                || GenvideoServiceProducer.OPERATIONS.contains(operation);
        return built && (operation.isOfJournal() || descriptor.operations().contains(operation));
    }

    /** Of the calls that are made for this endpoint. */
    CallOptions callOptions() {
        return CallOptions.timeout(configuration.getRequestTimeout());
    }

    @Override
    public Producer createProducer() {
        Operation wanted = getResolvedOperation();
        if (wanted == Operation.TASKS) {
            throw new UnsupportedOperationException(
                    "genvideo:" + provider + "/" + operation
                            + " can't be sent to, it is consumed from; one task is asked for with the operation 'task' or 'result'");
        }
        return wanted.isGeneration() ? new GenvideoProducer(this) : new GenvideoServiceProducer(this, wanted);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        ServiceHelper.startService(this);
        Operation wanted = getResolvedOperation();
        if (wanted == Operation.TASKS) {
            GenvideoTasksConsumer consumer = new GenvideoTasksConsumer(this, processor);
            consumer.setMaxMessagesPerPoll(maxMessagesPerPoll > 0 ? maxMessagesPerPoll : DEFAULT_BATCH);
            configureConsumer(consumer);
            return consumer;
        }
        if (wanted == Operation.CREDITS) {
            GenvideoCreditsConsumer consumer = new GenvideoCreditsConsumer(this, processor);
            configureConsumer(consumer);
            return consumer;
        }
        throw new UnsupportedOperationException("genvideo:" + provider + "/" + operation
                + " can't be consumed from. What can be consumed: " + consumable());
    }

    private String consumable() {
        ProviderDescriptor descriptor = getComponent().runtime().providers().descriptor(provider);
        return has(descriptor, Operation.CREDITS) ? "tasks, credits" : "tasks";
    }

    @Override
    public PollingConsumer createPollingConsumer() throws Exception {
        ServiceHelper.startService(this);
        return getResolvedOperation() == Operation.TASKS
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

    /** Camel's own default would look into the journal twice a second. */
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
    Operation getResolvedOperation() {
        if (resolvedOperation == null) {
            throw new IllegalStateException("endpoint not started");
        }
        return resolvedOperation;
    }

    /** The account that is spent or consumed from; {@code null} where late results of all accounts are consumed. */
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

    public @Nullable String getOpenApi() {
        return openApi;
    }

    public void setOpenApi(@Nullable String openApi) {
        this.openApi = openApi;
    }
}
