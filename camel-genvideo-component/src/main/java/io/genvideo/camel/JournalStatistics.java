/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.TaskCount;
import java.util.List;
import java.util.function.Predicate;

/**
 * The journal in numbers, for people who watch over it.
 *
 * @param open tasks that have not ended
 * @param uncertain tasks whose create call was not answered
 * @param undelivered outcomes that no exchange has taken
 * @param parked tasks and outcomes that need a person
 * @param withoutCredentials open tasks that are not polled, because the credentials of their account are missing
 */
record JournalStatistics(long open, long uncertain, long undelivered, long parked, long withoutCredentials) {

    /** @param atHand whether the credentials of an account, {@code provider/account name}, are known here */
    static JournalStatistics of(List<TaskCount> tallies, Predicate<String> atHand) {
        return new JournalStatistics(
                count(tallies, JournalStatistics::isOpen),
                count(tallies, t -> t.status() == TaskStatus.UNCERTAIN),
                count(tallies, t -> t.status().isTerminal() && t.delivery() == DeliveryState.AVAILABLE),
                count(tallies, t -> t.delivery() == DeliveryState.PARKED),
                count(tallies, t -> isOpen(t) && t.status().isWatched() && !atHand.test(t.account())));
    }

    private static boolean isOpen(TaskCount tally) {
        TaskStatus status = tally.status();
        return !status.isTerminal() && status != TaskStatus.UNCERTAIN && tally.delivery() != DeliveryState.PARKED;
    }

    private static long count(List<TaskCount> tallies, Predicate<TaskCount> which) {
        return tallies.stream().filter(which).mapToLong(TaskCount::records).sum();
    }
}
