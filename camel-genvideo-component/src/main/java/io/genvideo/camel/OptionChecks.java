/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.WebhookAuthentication;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which values options may have. Every violation is an IllegalArgumentException that names the option, its value and what is allowed. */
final class OptionChecks {
    private static final List<String> LANGUAGES = List.of("en", "zh");
    private static final List<TaskStatus> OUTCOMES =
            List.of(TaskStatus.SUCCEEDED, TaskStatus.FAILED, TaskStatus.CANCELLED, TaskStatus.UNCERTAIN);

    private OptionChecks() {}

    static void check(GenvideoConfiguration options) {
        longerThanZero("timeout", options.getTimeout());
        longerThanZero("requestTimeout", options.getRequestTimeout());
        Duration pollInterval = options.getPollInterval();
        require(pollInterval == null || !pollInterval.isNegative(), "pollInterval", pollInterval, "0 or longer");
        require(options.getMaxInFlight() >= 1, "maxInFlight", options.getMaxInFlight(), "at least 1");
        require(options.getMaxStreams() >= 0, "maxStreams", options.getMaxStreams(), "0 or more");
        require(options.getRetryFailed() >= 0, "retryFailed", options.getRetryFailed(), "0 or more");
        double requestsPerSecond = options.getRequestsPerSecond();
        require(
                requestsPerSecond >= 0 && !Double.isInfinite(requestsPerSecond),
                "requestsPerSecond",
                requestsPerSecond,
                "0 (no limit) or more");
        require(options.getMaxDownloadSize() >= 1, "maxDownloadSize", options.getMaxDownloadSize(), "at least 1");
        Integer count = options.getCount();
        require(count == null || count >= 1, "count", count, "at least 1");
        Double duration = options.getDuration();
        require(duration == null || duration > 0, "duration", duration, "more than 0");
        options.serviceParameters();
        require(options.getMaxDeliveries() >= 1, "maxDeliveries", options.getMaxDeliveries(), "at least 1");
        outcomes(options.getStatuses());
        require(
                LANGUAGES.contains(options.getLanguage()),
                "language",
                options.getLanguage(),
                "one of " + String.join(", ", LANGUAGES));
    }

    /** Fails if an option needs what the service does not have. */
    static void check(GenvideoConfiguration options, ProviderDescriptor service) {
        boolean pushes = service.streamsCreate() || service.subscribes();
        if (options.getUpdates() == UpdatesMode.stream && !pushes) {
            throw new IllegalArgumentException(
                    "updates=stream, but " + service.title() + " pushes nothing: use auto or poll");
        }
        boolean cancels = options.isCancelOnTimeout() || options.isCancelOnStop();
        if (cancels && !service.operations().contains(Operation.CANCEL)) {
            throw new IllegalArgumentException((options.isCancelOnTimeout() ? "cancelOnTimeout" : "cancelOnStop")
                    + "=true, but " + service.title() + " cannot cancel tasks: remove the option");
        }
        String callback = options.getCallbackUrl();
        if (callback != null && service.webhooks() != WebhookAuthentication.PATH_TOKEN) {
            throw new IllegalArgumentException("callbackUrl is set, but " + service.title()
                    + " calls no address that a request names: remove the option");
        }
        if (callback != null && !callback.matches("https?://[^\\s]{1,2000}")) {
            throw new IllegalArgumentException("callbackUrl is not an http or https URL of at most 2000 characters");
        }
    }

    /** Of the component. */
    static void checkRetention(Duration retention, Duration keyRetention) {
        longerThanZero("retention", retention);
        require(
                keyRetention.compareTo(retention) >= 0,
                "keyRetention",
                keyRetention,
                "at least as long as 'retention', which is " + retention.toMillis() + " ms");
    }

    /** The outcomes that the option {@code statuses} of a consumer names. */
    static Set<TaskStatus> outcomes(String statuses) {
        Set<String> wanted = Arrays.stream(statuses.split(","))
                .map(s -> s.trim().toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
        Set<TaskStatus> found =
                OUTCOMES.stream().filter(s -> wanted.contains(s.name())).collect(Collectors.toSet());
        String allowed = OUTCOMES.stream().map(Enum::name).collect(Collectors.joining(", "));
        require(found.size() == wanted.size(), "statuses", statuses, "one or more of " + allowed);
        return found;
    }

    private static void longerThanZero(String option, Duration value) {
        require(!value.isNegative() && !value.isZero(), option, value, "longer than 0");
    }

    private static void require(boolean allowed, String option, @Nullable Object value, String what) {
        if (!allowed) {
            String shown = value instanceof Duration time ? time.toMillis() + " ms" : String.valueOf(value);
            throw new IllegalArgumentException("option '" + option + "' is " + shown + ", it must be " + what);
        }
    }
}
