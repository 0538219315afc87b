/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which outcomes a consumer wants.
 *
 * @param account {@code provider/account name}, or {@code null} for all accounts of the provider
 * @param statuses in which they ended; {@link TaskStatus#UNCERTAIN} counts as one
 * @param now those that are to be offered later than this are left alone
 */
public record FinishedTasks(String provider, @Nullable String account, Set<TaskStatus> statuses, Instant now) {
    /**
     * Nothing is offered later than five minutes from when that is decided. What is further in the future was written before the
     * clock was set back, and is offered at once.
     */
    public static final Duration LONGEST_DELAY = Duration.ofMinutes(10);

    public FinishedTasks {
        statuses = Set.copyOf(statuses);
    }

    /** Whether a record is one of them. */
    public boolean include(TaskRecord record) {
        Instant from = record.availableAt();
        return record.delivery() == DeliveryState.AVAILABLE
                && statuses.contains(record.status())
                && record.provider().equals(provider)
                && (account == null || account.equals(record.account()))
                && (from == null || !from.isAfter(now) || from.isAfter(now.plus(LONGEST_DELAY)));
    }
}
