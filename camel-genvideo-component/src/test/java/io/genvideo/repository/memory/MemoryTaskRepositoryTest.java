/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.RepositoryFullException;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What is special to it; what it shares with others is in {@link MemoryTaskRepositoryContractTest}. */
class MemoryTaskRepositoryTest {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final TaskOwner ME = new TaskOwner("1", "mine");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final InstantSource clock = now::get;

    private static TaskRecord fresh(String id, String key) {
        return TaskRecord.reservation(id)
                .provider("scripted")
                .account("scripted/default")
                .operation(Operation.TEXT_TO_VIDEO)
                .key(key)
                .fingerprint("f")
                .owner(ME)
                .createdAt(Instant.EPOCH)
                .build();
    }

    private static TaskRecord stored(MemoryTaskRepository to, String id, TaskStatus status, DeliveryState delivery) {
        TaskRecord reserved = to.reserve(fresh(id, "key of " + id), LEASE);
        TaskRecord.Builder change = reserved.toBuilder();
        TaskRecord next = (reserved.status().mayBecome(status) ? change : change.status(TaskStatus.SUBMITTING))
                .status(status)
                .delivery(delivery)
                .taskId("task of " + id)
                .build();
        to.update(next, LEASE);
        return next;
    }

    @Test
    void itNeverWaitsAndEndsWithItsProcess() {
        MemoryTaskRepository journal = new MemoryTaskRepository(clock);
        assertThat(journal.isBlocking()).isFalse();
        assertThat(journal.isDurable()).isFalse();
    }

    @Test
    void leasesGoByTheGivenClock() {
        MemoryTaskRepository journal = new MemoryTaskRepository(clock);
        journal.reserve(fresh("r", "k"), LEASE);
        TaskOwner other = new TaskOwner("2", "other");
        now.set(Instant.EPOCH.plus(LEASE).minusNanos(1));
        assertThat(journal.claim("r", other, LEASE)).isEmpty();
        now.set(Instant.EPOCH.plus(LEASE));
        assertThat(journal.claim("r", other, LEASE)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(value = TaskStatus.class, mode = Mode.EXCLUDE, names = "RESERVED")
    void whatIsOpenUncertainOrNotDeliveredIsNeverDropped(TaskStatus status) {
        for (DeliveryState delivery : DeliveryState.values()) {
            MemoryTaskRepository one = new MemoryTaskRepository(1, clock);
            TaskRecord kept = stored(one, "r", status, delivery);
            if (status.isTerminal() && delivery == DeliveryState.DELIVERED) {
                one.reserve(fresh("next", null), LEASE);
                assertThat(one.find("r")).isEmpty();
                assertThat(one.findByTaskId("scripted/default", "task of r")).isEmpty();
            } else {
                assertThatThrownBy(() -> one.reserve(fresh("next", null), LEASE))
                        .isInstanceOf(RepositoryFullException.class);
                assertThat(one.find("r")).contains(kept);
            }
        }
    }

    @Test
    void theOldestThatMayBeDroppedIsDroppedFirst() {
        MemoryTaskRepository three = new MemoryTaskRepository(3, clock);
        stored(three, "open", TaskStatus.RUNNING, DeliveryState.OWNED);
        stored(three, "old", TaskStatus.SUCCEEDED, DeliveryState.DELIVERED);
        stored(three, "new", TaskStatus.SUCCEEDED, DeliveryState.DELIVERED);
        three.reserve(fresh("next", null), LEASE);
        assertThat(three.find("old")).isEmpty();
        assertThat(three.find("open")).isPresent();
        assertThat(three.find("new")).isPresent();
    }

    @Test
    void whatIsTakenToBeDeliveredIsNotDropped() {
        MemoryTaskRepository one = new MemoryTaskRepository(1, clock);
        TaskRecord delivered = stored(one, "r", TaskStatus.SUCCEEDED, DeliveryState.DELIVERED);
        one.update(
                delivered.toBuilder()
                        .delivery(DeliveryState.OWNED)
                        .owner(ME.id())
                        .build(),
                LEASE);
        assertThatThrownBy(() -> one.reserve(fresh("next", null), LEASE)).isInstanceOf(RepositoryFullException.class);
    }

    @Test
    void aFullJournalStillKnowsTheHolderOfAKeyAndTakesOverAReservation() {
        MemoryTaskRepository one = new MemoryTaskRepository(1, clock);
        TaskRecord held = one.reserve(fresh("r", "k"), LEASE);
        assertThat(one.reserve(fresh("next", "k"), LEASE)).isEqualTo(held);
        assertThat(one.replace(held, fresh("next", "k"), LEASE).recordId()).isEqualTo("next");
        assertThat(one.find("r")).isEmpty();
    }

    @Test
    void whatIsOverTakesNoMoreThanItsBytes() {
        MemoryTaskRepository small = new MemoryTaskRepository(100_000, 20_000, clock);
        for (int i = 0; i < 1_000; i++) {
            stored(small, "r" + i, TaskStatus.SUCCEEDED, DeliveryState.DELIVERED);
        }
        List<String> kept = IntStream.range(0, 1_000)
                .mapToObj(i -> "r" + i)
                .filter(id -> small.find(id).isPresent())
                .toList();
        assertThat(kept).hasSizeBetween(10, 20).contains("r999").doesNotContain("r0");
        assertThat(small.reserve(fresh("again", "key of r0"), LEASE).recordId()).isEqualTo("again");
    }

    @Test
    void whatIsOpenOrNotDeliveredDoesNotCountAgainstTheBytes() {
        MemoryTaskRepository none = new MemoryTaskRepository(100_000, 0, clock);
        for (int i = 0; i < 100; i++) {
            stored(none, "open" + i, TaskStatus.RUNNING, DeliveryState.OWNED);
            stored(none, "waiting" + i, TaskStatus.SUCCEEDED, DeliveryState.AVAILABLE);
        }
        stored(none, "over", TaskStatus.SUCCEEDED, DeliveryState.DELIVERED);
        assertThat(none.tally()).extracting(TaskCount::records).containsExactly(100L, 100L);
        assertThat(none.find("over")).isEmpty();
    }

    @Test
    void roomForNothingIsRefused() {
        assertThatThrownBy(() -> new MemoryTaskRepository(0, clock)).isInstanceOf(IllegalArgumentException.class);
    }
}
