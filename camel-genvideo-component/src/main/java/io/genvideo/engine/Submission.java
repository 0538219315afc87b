/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationRequest;
import io.genvideo.spi.CallOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One exchange's wish for a generation.
 *
 * @param recordId the id that a new record gets; unique
 * @param earlierRecordIds the records that earlier attempts of the same exchange may have made, latest first
 * @param key the idempotency key, or {@code null} for none
 * @param fingerprint of the request, see {@link Fingerprint}
 * @param reference what stands on the task for the route: a String or a flat Map
 * @param waitFor what the exchange waits for
 * @param timeout of the wait
 * @param pollInterval a fixed interval, or {@code null} for the schedule by expected time
 * @param maxInFlight how many tasks the account may have in flight before this one is sent
 * @param callOptions of the calls that are made for the task
 * @param maxStreams how many streams the account may have open before this task is polled instead; 0 to poll
 * @param retryFailed how many more paid attempts a key allows after one that failed
 */
public record Submission(
        String recordId,
        List<String> earlierRecordIds,
        EngineAccount account,
        GenerationRequest request,
        @Nullable String key,
        String fingerprint,
        @Nullable Object reference,
        WaitFor waitFor,
        Duration timeout,
        @Nullable Duration pollInterval,
        int maxInFlight,
        CallOptions callOptions,
        int maxStreams,
        int retryFailed) {

    private static final Duration DEFAULT_SEND_TIMEOUT = Duration.ofSeconds(30);

    public Submission {
        earlierRecordIds = List.copyOf(earlierRecordIds);
    }

    /** How long a create call may take at most. */
    Duration sendTimeout() {
        Duration own = callOptions.requestTimeout();
        return own == null ? DEFAULT_SEND_TIMEOUT : own;
    }

    /** When an exchange goes on. */
    public enum WaitFor {
        /** The service has the task. */
        ACCEPTANCE,
        /** The task has ended. */
        RESULT
    }
}
