/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.time.Duration;
import java.util.LinkedHashMap;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/** The options that an endpoint has and the component may set for all of them. Credentials are not among them: there are several services. */
@UriParams
@Configurer
public class GenvideoConfiguration extends LimitConfiguration implements Cloneable {
    @UriParam(
            label = "common",
            description = "Name of the account to use, from the component's `accounts`. By default the account that "
                    + "is named like the provider.")
    private @Nullable String account;

    @UriParam(
            label = "common",
            description = "Model to use: its id, version or name. By default the provider's default model for the "
                    + "operation.")
    private @Nullable String model;

    @UriParam(
            label = "common",
            description = "Text that describes the video or image to generate. It is part of the URI and therefore "
                    + "visible in logs and tools: set private text in the header CamelGenvideoPrompt or the "
                    + "body.")
    private @Nullable String prompt;

    @UriParam(
            label = "common",
            enums = "en,zh",
            defaultValue = "en",
            description = "Language of the labels that the service returns and of the error messages for end users.")
    private String language = "en";

    @UriParam(
            label = "common",
            description = "Endpoint of a route (direct: or seda:) that uploads media instead of the service: it "
                    + "receives each medium as a stream and returns its public URL. Needed for files with a service "
                    + "that only takes URLs.")
    private @Nullable String uploadVia;

    @UriParam(
            label = "lifecycle",
            defaultValue = "true",
            description = "Whether the exchange resumes when the task has ended (true) or as soon as the service "
                    + "has accepted it (false). No thread is held while it waits.")
    private boolean waitForResult = true;

    @UriParam(
            label = "lifecycle",
            defaultValue = "30m",
            javaType = "java.time.Duration",
            description = "How long the exchange waits for the result. Then it fails with "
                    + "GenerationTimeoutException; the task continues and is not created again.")
    private Duration timeout = Duration.ofMinutes(30);

    @UriParam(
            label = "lifecycle",
            javaType = "java.time.Duration",
            description = "Fixed interval between two polls of a task. By default the interval follows the time "
                    + "that such a task usually takes.")
    private @Nullable Duration pollInterval;

    @UriParam(
            label = "lifecycle",
            defaultValue = "false",
            description = "Whether the task is cancelled at the service when its wait times out and no other exchange "
                    + "of this node waits for it. The error reports the response of the service. Refused for a "
                    + "service that cannot cancel.")
    private boolean cancelOnTimeout = false;

    @UriParam(
            label = "lifecycle",
            defaultValue = "false",
            description = "Whether the task is cancelled at the service when the component stops. By default it goes "
                    + "on, and its result is delivered after the next start. Refused for a service that cannot "
                    + "cancel.")
    private boolean cancelOnStop = false;

    @UriParam(
            label = "lifecycle",
            description = "Public URL that the service calls when a task has ended (Wiro): that of a route from "
                    + "`genvideo:provider/tasks` behind `webhook:`. The call is a hint to poll at once; its "
                    + "content is not trusted. Refused for a service that has no such call.")
    private @Nullable String callbackUrl;

    @UriParam(
            label = "lifecycle",
            defaultValue = "auto",
            description = "How the component learns the state of a task: `stream` by what the service pushes "
                    + "(refused for a service that pushes nothing), `poll` by polling, `auto` by a stream where "
                    + "the service has one. After a stream has ended, the task is polled.")
    private UpdatesMode updates = UpdatesMode.auto;

    @UriParam(
            label = "lifecycle",
            defaultValue = "auto",
            description = "Whether a message that is sent again attaches to the task that it has created: `auto` "
                    + "derives a key from the source (a file, a JMS message, a Kafka position) if it has an "
                    + "identity, `required` refuses a message without a key, `off` derives no key.")
    private IdempotencyMode idempotency = IdempotencyMode.auto;

    @UriParam(
            label = "lifecycle",
            defaultValue = "0",
            description = "How many more attempts a message with the same key may pay for after the service "
                    + "accepted its task and failed it.")
    private int retryFailed = 0;

    @UriParam(
            label = "progress",
            description = "Endpoint of a route (direct: or seda:) that receives the progress of each task while an "
                    + "exchange waits for it: the task as the body, the percentage in CamelGenvideoProgress where "
                    + "the service reports it. A slow or failing route has no effect on tasks; it gets the latest "
                    + "progress only.")
    private @Nullable String progressUri;

    @UriParam(
            label = "result",
            defaultValue = "false",
            description = "Whether to download the result: the body is then the file (a list of files for several "
                    + "results), and CamelFileName is its name. The file is deleted when no exchange can read "
                    + "it any more.")
    private boolean download = false;

    @UriParam(
            label = "result",
            defaultValue = "2147483648",
            description = "Maximum size of a downloaded result, in bytes.")
    private long maxDownloadSize = 2L << 30;

    @UriParam(
            label = "result,security",
            defaultValue = "false",
            description = "Whether results may be downloaded from private and loopback addresses, and whether "
                    + "uploadVia may return such addresses. The addresses of the account itself are always "
                    + "allowed.")
    private boolean allowPrivateUrls = false;

    @UriParam(
            label = "consumer",
            defaultValue = "SUCCEEDED,FAILED,CANCELLED",
            description = "Outcomes that the operation `tasks` consumes, separated by commas. UNCERTAIN may be "
                    + "added: tasks whose create call was not answered, to be settled with the operation "
                    + "`resolve`.")
    private String statuses = "SUCCEEDED,FAILED,CANCELLED";

    @UriParam(
            label = "consumer",
            defaultValue = "10",
            description = "How many times the operation `tasks` delivers the same outcome to exchanges that fail. "
                    + "Then it is parked, which JMX shows.")
    private int maxDeliveries = 10;

    /** A copy that can be changed without changing this one. */
    public GenvideoConfiguration copy() {
        try {
            GenvideoConfiguration copy = (GenvideoConfiguration) clone();
            copy.setParameters(new LinkedHashMap<>(getParameters()));
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    /** @throws IllegalArgumentException naming the option, its value and what is allowed */
    void check() {
        OptionChecks.check(this);
    }

    public @Nullable String getAccount() {
        return account;
    }

    public void setAccount(@Nullable String account) {
        this.account = account;
    }

    public @Nullable String getModel() {
        return model;
    }

    public void setModel(@Nullable String model) {
        this.model = model;
    }

    public @Nullable String getPrompt() {
        return prompt;
    }

    public void setPrompt(@Nullable String prompt) {
        this.prompt = prompt;
    }

    public @Nullable String getUploadVia() {
        return uploadVia;
    }

    public void setUploadVia(@Nullable String uploadVia) {
        this.uploadVia = uploadVia;
    }

    public @Nullable String getProgressUri() {
        return progressUri;
    }

    public void setProgressUri(@Nullable String progressUri) {
        this.progressUri = progressUri;
    }

    public String getLanguage() {
        return language;
    }

    public void setLanguage(String language) {
        this.language = language;
    }

    public boolean isWaitForResult() {
        return waitForResult;
    }

    public void setWaitForResult(boolean waitForResult) {
        this.waitForResult = waitForResult;
    }

    public Duration getTimeout() {
        return timeout;
    }

    public void setTimeout(Duration timeout) {
        this.timeout = timeout;
    }

    public @Nullable Duration getPollInterval() {
        return pollInterval;
    }

    public void setPollInterval(@Nullable Duration pollInterval) {
        this.pollInterval = pollInterval;
    }

    public IdempotencyMode getIdempotency() {
        return idempotency;
    }

    public void setIdempotency(IdempotencyMode idempotency) {
        this.idempotency = idempotency;
    }

    public int getRetryFailed() {
        return retryFailed;
    }

    public void setRetryFailed(int retryFailed) {
        this.retryFailed = retryFailed;
    }

    public boolean isDownload() {
        return download;
    }

    public void setDownload(boolean download) {
        this.download = download;
    }

    public long getMaxDownloadSize() {
        return maxDownloadSize;
    }

    public void setMaxDownloadSize(long maxDownloadSize) {
        this.maxDownloadSize = maxDownloadSize;
    }

    public boolean isAllowPrivateUrls() {
        return allowPrivateUrls;
    }

    public void setAllowPrivateUrls(boolean allowPrivateUrls) {
        this.allowPrivateUrls = allowPrivateUrls;
    }

    public boolean isCancelOnTimeout() {
        return cancelOnTimeout;
    }

    public void setCancelOnTimeout(boolean cancelOnTimeout) {
        this.cancelOnTimeout = cancelOnTimeout;
    }

    public boolean isCancelOnStop() {
        return cancelOnStop;
    }

    public void setCancelOnStop(boolean cancelOnStop) {
        this.cancelOnStop = cancelOnStop;
    }

    public @Nullable String getCallbackUrl() {
        return callbackUrl;
    }

    public void setCallbackUrl(@Nullable String callbackUrl) {
        this.callbackUrl = callbackUrl;
    }

    public UpdatesMode getUpdates() {
        return updates;
    }

    public void setUpdates(UpdatesMode updates) {
        this.updates = updates;
    }

    public String getStatuses() {
        return statuses;
    }

    public void setStatuses(String statuses) {
        this.statuses = statuses;
    }

    public int getMaxDeliveries() {
        return maxDeliveries;
    }

    public void setMaxDeliveries(int maxDeliveries) {
        this.maxDeliveries = maxDeliveries;
    }
}
