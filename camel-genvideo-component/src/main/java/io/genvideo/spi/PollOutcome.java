/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.GenerationError;
import io.genvideo.model.Media;
import io.genvideo.model.TaskStatus;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a poll found: the task is not finished, needs a step of ours, is finished, or nothing was learned. */
public sealed interface PollOutcome {

    /**
     * Not finished.
     *
     * @param status {@link TaskStatus#QUEUED} or {@link TaskStatus#RUNNING}
     * @param progress 0..1 where the service reports it, else {@code null}; 1 means that the work is done and only the result
     *     is not published yet, so that the task is polled again within a second
     * @param providerState the state to keep from now on; {@code null} for no change
     */
    record Pending(
            TaskStatus status,
            @Nullable Double progress,
            @Nullable String providerState) implements PollOutcome {}

    /**
     * Not finished, and it goes on only after a step that has effects at the service, for example an export. The engine
     * journals {@code providerState} and then calls {@link GenerationProvider#perform}.
     *
     * @param action the provider's name of the step
     * @param providerState records that the step is under way, with all that is needed to recognise its effect
     */
    record ActionDue(String action, String providerState) implements PollOutcome {}

    /**
     * Finished with at least one medium.
     *
     * @param credits what it cost in the end, where the service returns that
     */
    record Succeeded(List<Media> media, @Nullable BigDecimal credits, Map<String, Object> raw) implements PollOutcome {
        public Succeeded {
            media = List.copyOf(media);
        }
    }

    /** Finished without a result. */
    record Failed(GenerationError error, @Nullable Map<String, Object> raw) implements PollOutcome {}

    /** Cancelled or deleted at the service. */
    record Cancelled(GenerationError error, @Nullable Map<String, Object> raw) implements PollOutcome {}

    /**
     * Nothing learned about the task; it stays as it is.
     *
     * @param retryAfter the wait that the service requires, if any
     */
    record Trouble(
            Kind kind, GenerationError error, @Nullable Duration retryAfter) implements PollOutcome {
        /** What stood in the way. */
        public enum Kind {
            /** No usable answer: connection, 5xx, garbage. */
            UNAVAILABLE,
            /** The service allows fewer requests. */
            RATE_LIMITED,
            /** The credentials are not accepted now. */
            UNAUTHORISED,
            /** The service does not know the task. */
            UNKNOWN_TASK,
            /**
             * The task has ended well, but the address of its result is none that can be fetched, for example a relative
             * one. It is polled on, for a service may correct it; whoever waits gets this reason with the time-out.
             */
            UNUSABLE_RESULT
        }
    }
}
