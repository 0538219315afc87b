/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationRequest;
import io.genvideo.spi.CallOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One exchange's request for a generation.
 *
 * @param recordId the id that a new record gets; unique
 * @param earlierRecordIds the records that earlier attempts of the same exchange may have made, latest first
 * @param key the idempotency key, or {@code null} for none
 * @param fingerprint of the request, see {@link Fingerprint}
 * @param reference what stands on the task for the route: a String or a flat Map
 * @param waitFor what the exchange waits for
 * @param timeout of the wait, from the call of {@link TaskEngine#submit}
 * @param pollInterval a fixed interval, or {@code null} for the schedule by expected time
 * @param maxInFlight how many tasks the account may have in flight before this one is sent
 * @param callOptions of the calls that are made for the task
 * @param maxStreams how many streams the account may have open before this task is polled instead; 0 to poll
 * @param retryFailed how many more paid attempts a key allows after one that failed
 * @param abandon when the service is asked to cancel the task because nobody waits for it any more
 * @param progress receives the progress of the task while the exchange waits for its result, on the engine's thread;
 *     {@code null} for none
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
        int retryFailed,
        Abandon abandon,
        @Nullable Consumer<TaskProgress> progress) {

    /** How many streams an account has open at most, where no endpoint sets it. */
    static final int DEFAULT_MAX_STREAMS = 100;

    private static final int DEFAULT_MAX_IN_FLIGHT = 100;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);

    public Submission {
        earlierRecordIds = List.copyOf(earlierRecordIds);
    }

    /**
     * A submission without key that waits for its result as the options of the component do by default.
     *
     * @param recordId the id that a new record gets; unique
     * @param fingerprint of the request, see {@link Fingerprint}
     */
    public static Builder builder(
            String recordId, EngineAccount account, GenerationRequest request, String fingerprint) {
        return new Builder(recordId, account, request, fingerprint);
    }

    /** When an exchange resumes. */
    public enum WaitFor {
        /** The service has the task. */
        ACCEPTANCE,
        /** The task has ended. */
        RESULT
    }

    /**
     * When a task is cancelled at the service because the last exchange that waited for it on this node has gone.
     *
     * @param onTimeout after the wait has timed out
     * @param onStop when the component stops
     */
    public record Abandon(boolean onTimeout, boolean onStop) {
        /** Never: the task goes on, and its result is kept. */
        public static final Abandon NEVER = new Abandon(false, false);
    }

    /** Collects a {@link Submission}. Not thread-safe. */
    public static final class Builder {
        private final String recordId;
        private final EngineAccount account;
        private final GenerationRequest request;
        private final String fingerprint;
        private List<String> earlierRecordIds = List.of();
        private @Nullable String key;
        private @Nullable Object reference;
        private WaitFor waitFor = WaitFor.RESULT;
        private Duration timeout = DEFAULT_TIMEOUT;
        private @Nullable Duration pollInterval;
        private int maxInFlight = DEFAULT_MAX_IN_FLIGHT;
        private CallOptions callOptions = CallOptions.DEFAULT;
        private int maxStreams = DEFAULT_MAX_STREAMS;
        private int retryFailed;
        private Abandon abandon = Abandon.NEVER;
        private @Nullable Consumer<TaskProgress> progress;

        private Builder(String recordId, EngineAccount account, GenerationRequest request, String fingerprint) {
            this.recordId = recordId;
            this.account = account;
            this.request = request;
            this.fingerprint = fingerprint;
        }

        public Builder earlierRecordIds(List<String> value) {
            earlierRecordIds = value;
            return this;
        }

        public Builder key(@Nullable String value) {
            key = value;
            return this;
        }

        public Builder reference(@Nullable Object value) {
            reference = value;
            return this;
        }

        public Builder waitFor(WaitFor value) {
            waitFor = value;
            return this;
        }

        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        public Builder pollInterval(@Nullable Duration value) {
            pollInterval = value;
            return this;
        }

        public Builder maxInFlight(int value) {
            maxInFlight = value;
            return this;
        }

        public Builder callOptions(CallOptions value) {
            callOptions = value;
            return this;
        }

        public Builder maxStreams(int value) {
            maxStreams = value;
            return this;
        }

        public Builder retryFailed(int value) {
            retryFailed = value;
            return this;
        }

        public Builder abandon(Abandon value) {
            abandon = value;
            return this;
        }

        public Builder progress(@Nullable Consumer<TaskProgress> value) {
            progress = value;
            return this;
        }

        public Submission build() {
            return new Submission(
                    recordId,
                    earlierRecordIds,
                    account,
                    request,
                    key,
                    fingerprint,
                    reference,
                    waitFor,
                    timeout,
                    pollInterval,
                    maxInFlight,
                    callOptions,
                    maxStreams,
                    retryFailed,
                    abandon,
                    progress);
        }
    }
}
