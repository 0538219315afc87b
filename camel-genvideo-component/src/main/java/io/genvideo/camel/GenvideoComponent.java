/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.EngineSettings;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskRepository;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.util.PropertiesHelper;
import org.jspecify.annotations.Nullable;

/** Generate videos and images with AI services. */
@Component("genvideo")
@ManagedResource(description = "Open generations, and those that need a person")
public class GenvideoComponent extends HttpOptionsComponent {

    private static final Duration JOURNAL_TIMEOUT = Duration.ofSeconds(5);
    private static final String WEBHOOKS = "org.apache.camel.component.webhook.WebhookCapableEndpoint";
    private static final String SPRING = "org.springframework.core.env.ConfigurableEnvironment";

    @Metadata(description = "Default values for the options of endpoints.")
    private GenvideoConfiguration configuration = new GenvideoConfiguration();

    @Metadata(
            label = "common",
            description = "Credentials and addresses of one account at a provider, by account name. An account that "
                    + "is named like a provider is that provider's default. Missing credentials are read from "
                    + "the environment.")
    private Map<String, GenvideoAccount> accounts = new LinkedHashMap<>();

    @Metadata(
            label = "advanced",
            autowired = true,
            description = "Journal of tasks. By default the only one in the registry, else one in memory, which is "
                    + "lost when the process ends.")
    private @Nullable TaskRepository taskRepository;

    @Metadata(
            label = "advanced",
            description = "Executor on which exchanges resume; by default the component's own pool.")
    private @Nullable ExecutorService workerPool;

    @Metadata(
            label = "advanced",
            defaultValue = "4",
            description = "Number of threads that the component's own pool keeps.")
    private int workerPoolCoreSize = 4;

    @Metadata(
            label = "advanced",
            defaultValue = "10",
            description = "Maximum number of threads of the component's own pool.")
    private int workerPoolMaxSize = 10;

    @Metadata(
            label = "lifecycle",
            defaultValue = "7d",
            javaType = "java.time.Duration",
            description = "How long a task is polled after the service has accepted it. Then it is parked.")
    private Duration watchFor = Duration.ofDays(7);

    @Metadata(
            label = "security",
            secret = true,
            description = "Secret that verifies requests to `webhook:genvideo:provider/tasks`: the secret with "
                    + "which the service signs them, or, for a service that does not sign, any long random "
                    + "text, from which an unguessable path is derived.")
    private @Nullable String webhookVerifyToken;

    @Metadata(
            label = "lifecycle",
            defaultValue = "7d",
            javaType = "java.time.Duration",
            description = "How long delivered results are kept. Other results are kept until they are delivered.")
    private Duration retention = Duration.ofDays(7);

    @Metadata(
            label = "lifecycle",
            defaultValue = "90d",
            javaType = "java.time.Duration",
            description = "How long a used key prevents the same message from paying again; at least as long as "
                    + "retention.")
    private Duration keyRetention = Duration.ofDays(90);

    private EngineSettings engineDefaults = EngineSettings.DEFAULT;
    private volatile @Nullable GenvideoRuntime runtime;
    private final JournalHealthCheck healthCheck = new JournalHealthCheck(this);
    private final JournalCounts journalCounts = new JournalCounts(this::tally, System::nanoTime);

    public GenvideoComponent() {}

    public GenvideoComponent(CamelContext context) {
        super(context);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        int slash = remaining.indexOf('/');
        if (slash <= 0 || slash == remaining.length() - 1 || remaining.indexOf('/', slash + 1) > 0) {
            throw new IllegalArgumentException("genvideo:" + remaining
                    + " does not name a provider and an operation: genvideo:provider/operation");
        }
        GenvideoEndpoint endpoint = hasWebhooks()
                ? GenvideoWebhookEndpoint.create(uri, this, configuration.copy())
                : new GenvideoEndpoint(uri, this, configuration.copy());
        endpoint.setProvider(remaining.substring(0, slash));
        endpoint.setOperation(remaining.substring(slash + 1));
        Map<String, Object> own = PropertiesHelper.extractProperties(parameters, "param.");
        setProperties(endpoint, parameters);
        endpoint.getConfiguration().getParameters().putAll(own);
        return endpoint;
    }

    /**
     * Whether camel-webhook, which is optional, is there for the classes of this component. Not remembered, because the jar may
     * be loaded while the context runs.
     */
    private static boolean hasWebhooks() {
        return isPresent(WEBHOOKS);
    }

    private static boolean isPresent(String type) {
        try {
            Class.forName(type, false, GenvideoComponent.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        // Waits end before routes are stopped, because a source must still run to roll back
        getCamelContext().addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext context) {
                GenvideoRuntime running = runtime;
                if (running != null) {
                    running.releaseWaits();
                }
            }
        });
    }

    @Override
    protected void doStart() throws Exception {
        OptionChecks.check(configuration);
        OptionChecks.checkRetention(retention, keyRetention);
        if (isPresent(SPRING)) {
            new UnboundSpringProperties(this).refuse();
        }
        useGlobalTls();
        runtime = new GenvideoRuntime(this);
        healthCheck.register();
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        healthCheck.unregister();
        GenvideoRuntime running = runtime;
        runtime = null;
        if (running != null) {
            running.close();
        }
    }

    /** The engine's limits that are no options, so that a test can make its waits short. */
    void setEngineDefaults(EngineSettings defaults) {
        engineDefaults = defaults;
    }

    EngineSettings engineSettings() {
        return new EngineSettings(
                watchFor,
                engineDefaults.recoverFor(),
                engineDefaults.unavailableBudget(),
                engineDefaults.stopGrace(),
                retention,
                keyRetention);
    }

    /** What the endpoints share while the component runs. */
    GenvideoRuntime runtime() {
        return Objects.requireNonNull(runtime, "the genvideo component is not started");
    }

    @ManagedAttribute(description = "Tasks that have not ended")
    public long getOpenTasks() {
        return counts().open();
    }

    @ManagedAttribute(
            description = "Tasks whose create call was not answered, to be settled with the operation resolve")
    public long getUncertainTasks() {
        return counts().uncertain();
    }

    @ManagedAttribute(description = "Outcomes that no exchange has received; the operation tasks consumes them")
    public long getUndeliveredResults() {
        return counts().undelivered();
    }

    @ManagedAttribute(
            description = "Outcomes whose deliveries failed too often, and tasks that did not end within watchFor")
    public long getParkedTasks() {
        return counts().parked();
    }

    @ManagedAttribute(
            description = "Open tasks that are not polled, because the credentials of their account are missing")
    public long getTasksWithoutCredentials() {
        return counts().withoutCredentials();
    }

    private JournalStatistics counts() {
        GenvideoRuntime running = runtime();
        try {
            List<TaskCount> tallies = Futures.within(
                    JOURNAL_TIMEOUT,
                    journalCounts.read(),
                    () -> new IllegalStateException(
                            "the journal did not answer within " + JOURNAL_TIMEOUT.toSeconds() + " s"));
            return JournalStatistics.of(tallies, running.accounts()::isOpen);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    private CompletionStage<List<TaskCount>> tally() {
        GenvideoRuntime running = runtime();
        return running.untilClosed(running.engine().tally());
    }

    /** A repository from the option, or the only one in the registry; {@code null} for the one in memory. */
    @Nullable
    TaskRepository findTaskRepository() {
        return taskRepository != null
                ? taskRepository
                : CamelContextHelper.findSingleByType(getCamelContext(), TaskRepository.class);
    }

    public GenvideoConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(GenvideoConfiguration configuration) {
        this.configuration = configuration;
    }

    public Map<String, GenvideoAccount> getAccounts() {
        return accounts;
    }

    public void setAccounts(Map<String, GenvideoAccount> accounts) {
        this.accounts = accounts;
    }

    public @Nullable TaskRepository getTaskRepository() {
        return taskRepository;
    }

    public void setTaskRepository(@Nullable TaskRepository taskRepository) {
        this.taskRepository = taskRepository;
    }

    public @Nullable ExecutorService getWorkerPool() {
        return workerPool;
    }

    public void setWorkerPool(@Nullable ExecutorService workerPool) {
        this.workerPool = workerPool;
    }

    public int getWorkerPoolCoreSize() {
        return workerPoolCoreSize;
    }

    public void setWorkerPoolCoreSize(int workerPoolCoreSize) {
        this.workerPoolCoreSize = workerPoolCoreSize;
    }

    public int getWorkerPoolMaxSize() {
        return workerPoolMaxSize;
    }

    public void setWorkerPoolMaxSize(int workerPoolMaxSize) {
        this.workerPoolMaxSize = workerPoolMaxSize;
    }

    public Duration getWatchFor() {
        return watchFor;
    }

    public void setWatchFor(Duration watchFor) {
        this.watchFor = watchFor;
    }

    public @Nullable String getWebhookVerifyToken() {
        return webhookVerifyToken;
    }

    public void setWebhookVerifyToken(@Nullable String webhookVerifyToken) {
        this.webhookVerifyToken = webhookVerifyToken;
    }

    public Duration getRetention() {
        return retention;
    }

    public void setRetention(Duration retention) {
        this.retention = retention;
    }

    public Duration getKeyRetention() {
        return keyRetention;
    }

    public void setKeyRetention(Duration keyRetention) {
        this.keyRetention = keyRetention;
    }
}
