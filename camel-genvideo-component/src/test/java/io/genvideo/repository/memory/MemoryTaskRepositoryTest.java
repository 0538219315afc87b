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
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class MemoryTaskRepositoryTest {
    private static final int THREADS = 8;

    private final MemoryTaskRepository journal = new MemoryTaskRepository(InstantSource.system());

    private static TaskRecord fresh(String id, String key) {
        return TaskRecord.reserved(
                id,
                "scripted",
                "scripted/default",
                Operation.TEXT_TO_VIDEO,
                key,
                "f",
                null,
                1,
                "p/e",
                null,
                Instant.EPOCH);
    }

    private static TaskRecord moved(TaskRecord record, TaskStatus status, DeliveryState delivery) {
        return record.toBuilder()
                .status(status)
                .delivery(delivery)
                .taskId("task of " + record.recordId())
                .build();
    }

    private TaskRecord stored(MemoryTaskRepository to, String id, TaskStatus status, DeliveryState delivery) {
        TaskRecord next = moved(to.reserve(fresh(id, "key of " + id), Duration.ofMinutes(1)), status, delivery);
        to.update(next, Duration.ofMinutes(1));
        return next;
    }

    private static <T> List<T> atOnce(IntFunction<Callable<T>> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Callable<T> one = work.apply(i);
                futures.add(pool.submit(() -> {
                    start.await();
                    return one.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void oneOfManyThreadsGetsAKey() throws Exception {
        for (int round = 0; round < 100; round++) {
            String key = "k" + round;
            List<TaskRecord> holders =
                    atOnce(i -> () -> journal.reserve(fresh(key + "-" + i, key), Duration.ofMinutes(1)));
            assertThat(Set.copyOf(holders)).hasSize(1);
        }
        assertThat(journal.findByStatus(Set.of(TaskStatus.RESERVED), 100)).hasSize(100);
    }

    @Test
    void oneOfManyThreadsWritesAVersion() throws Exception {
        TaskRecord record = journal.reserve(fresh("r", "k"), Duration.ofMinutes(1));
        List<Boolean> wrote = atOnce(i -> () -> {
            try {
                journal.update(moved(record, TaskStatus.QUEUED, DeliveryState.OWNED), Duration.ofMinutes(1));
                return true;
            } catch (StaleRecordException e) {
                return false;
            }
        });
        assertThat(wrote).containsOnlyOnce(true);
        assertThat(journal.find("r").orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void oneOfManyThreadsReplacesARecord() throws Exception {
        TaskRecord failed = stored(journal, "r", TaskStatus.FAILED, DeliveryState.DELIVERED);
        List<TaskRecord> holders =
                atOnce(i -> () -> journal.replace(failed, fresh("next" + i, "key of r"), Duration.ofMinutes(1)));
        assertThat(Set.copyOf(holders)).hasSize(1);
        assertThat(journal.reserve(fresh("late", "key of r"), Duration.ofMinutes(1)))
                .isEqualTo(holders.get(0));
    }

    @Test
    void discardAndAnnouncementDoNotBothWin() throws Exception {
        for (int round = 0; round < 200; round++) {
            TaskRecord record = journal.reserve(fresh("r" + round, "k" + round), Duration.ofMinutes(1));
            List<Boolean> sent = atOnce(i -> () -> {
                if (i % 2 == 0) {
                    journal.discard(record);
                    return false;
                }
                try {
                    journal.update(
                            record.toBuilder().status(TaskStatus.SUBMITTING).build(), Duration.ofMinutes(1));
                    return true;
                } catch (StaleRecordException e) {
                    return false;
                }
            });
            assertThat(journal.find(record.recordId()).isPresent()).isEqualTo(sent.contains(true));
        }
    }

    @Test
    void aKeyIsFreeOnceItsRecordIsDiscarded() {
        TaskRecord record = journal.reserve(fresh("r", "k"), Duration.ofMinutes(1));
        journal.discard(record);
        journal.discard(record);
        assertThat(journal.reserve(fresh("next", "k"), Duration.ofMinutes(1)).recordId())
                .isEqualTo("next");
    }

    @Test
    void aRecordIsFoundByItsIdItsTaskItsKeyAndItsStatus() {
        TaskRecord record = stored(journal, "r", TaskStatus.QUEUED, DeliveryState.OWNED);
        assertThat(journal.find("r")).contains(record);
        assertThat(journal.findByTaskId("scripted/default", "task of r")).contains(record);
        assertThat(journal.findByTaskId("scripted/other", "task of r")).isEmpty();
        assertThat(journal.findByStatus(Set.of(TaskStatus.QUEUED, TaskStatus.RUNNING), 100))
                .containsExactly(record);
    }

    @ParameterizedTest
    @EnumSource(value = TaskStatus.class, mode = Mode.EXCLUDE, names = "RESERVED")
    void whatIsOpenUncertainOrNotDeliveredIsNeverDropped(TaskStatus status) {
        for (DeliveryState delivery : DeliveryState.values()) {
            MemoryTaskRepository one = new MemoryTaskRepository(1, InstantSource.system());
            TaskRecord kept = stored(one, "r", status, delivery);
            if (status.isTerminal() && delivery == DeliveryState.DELIVERED) {
                one.reserve(fresh("next", null), Duration.ofMinutes(1));
                assertThat(one.find("r")).isEmpty();
                assertThat(one.findByTaskId("scripted/default", "task of r")).isEmpty();
            } else {
                assertThatThrownBy(() -> one.reserve(fresh("next", null), Duration.ofMinutes(1)))
                        .isInstanceOf(RepositoryFullException.class);
                assertThat(one.find("r")).contains(kept);
            }
        }
    }

    @Test
    void theOldestThatMayBeDroppedIsDroppedFirst() {
        MemoryTaskRepository three = new MemoryTaskRepository(3, InstantSource.system());
        stored(three, "open", TaskStatus.RUNNING, DeliveryState.OWNED);
        stored(three, "old", TaskStatus.SUCCEEDED, DeliveryState.DELIVERED);
        stored(three, "new", TaskStatus.SUCCEEDED, DeliveryState.DELIVERED);
        three.reserve(fresh("next", null), Duration.ofMinutes(1));
        assertThat(three.find("old")).isEmpty();
        assertThat(three.find("open")).isPresent();
        assertThat(three.find("new")).isPresent();
    }

    @Test
    void aFullJournalStillKnowsTheHolderOfAKeyAndTakesOverAReservation() {
        MemoryTaskRepository one = new MemoryTaskRepository(1, InstantSource.system());
        TaskRecord held = one.reserve(fresh("r", "k"), Duration.ofMinutes(1));
        assertThat(one.reserve(fresh("next", "k"), Duration.ofMinutes(1))).isEqualTo(held);
        assertThat(one.replace(held, fresh("next", "k"), Duration.ofMinutes(1)).recordId())
                .isEqualTo("next");
        assertThat(one.find("r")).isEmpty();
    }

    @Test
    void aRecordThatIsGoneCannotBeWritten() {
        assertThatThrownBy(() -> journal.update(fresh("r", "k").toBuilder().build(), Duration.ofMinutes(1)))
                .isInstanceOf(StaleRecordException.class);
    }

    @Test
    void roomForNothingIsRefused() {
        assertThatThrownBy(() -> new MemoryTaskRepository(0, InstantSource.system()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
