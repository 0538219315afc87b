/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository;

import static io.genvideo.repository.Records.ACCOUNT;
import static io.genvideo.repository.Records.ME;
import static io.genvideo.repository.Records.OTHER;
import static io.genvideo.repository.Records.PROVIDER;
import static io.genvideo.repository.Records.START;
import static io.genvideo.repository.Records.bare;
import static io.genvideo.repository.Records.changed;
import static io.genvideo.repository.Records.fresh;
import static io.genvideo.repository.Records.full;
import static io.genvideo.repository.Records.moved;
import static io.genvideo.repository.Records.taskOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link TaskRepository} must do, sentence by sentence. To check an implementation of your own, depend on this
 * module's test-jar, JUnit 5 and AssertJ, extend this class, and give {@link #empty} (and {@link #another}, if several
 * processes can share your store). If it outlives its process, extend {@link DurableTaskRepositoryContract} instead.
 *
 * <p>Nothing here waits: a lease of no length has lapsed, one of an hour is alive. The times of the records have
 * microseconds, which is all that a repository has to keep.
 */
public abstract class TaskRepositoryContract {
    protected static final Duration LAPSED = Duration.ZERO;
    protected static final Duration ALIVE = Duration.ofHours(1);

    private static final int THREADS = 8;
    private static final Set<TaskStatus> ENDED =
            EnumSet.of(TaskStatus.SUCCEEDED, TaskStatus.FAILED, TaskStatus.CANCELLED, TaskStatus.UNCERTAIN);

    protected TaskRepository journal;
    private final List<TaskRepository> used = new ArrayList<>();

    /** A repository without records, not yet opened. */
    protected abstract TaskRepository empty() throws Exception;

    /** The same records as in {@link #empty} through an object of its own, as another process has it, not yet opened. */
    protected TaskRepository another() throws Exception {
        return journal;
    }

    @BeforeEach
    void openEmpty() throws Exception {
        journal = empty();
        used.add(journal);
        journal.open(ME);
    }

    @AfterEach
    void closeAll() {
        used.forEach(TaskRepository::close);
    }

    /** Closes it when the test is over. */
    protected final void used(TaskRepository repository) {
        used.add(repository);
    }

    // ---------------------------------------------------------------- preparing

    private TaskRecord reserved(String id, String key, Duration lease) {
        return journal.reserve(fresh(id, key), lease);
    }

    protected TaskRecord stored(String id, TaskStatus status, DeliveryState delivery, Duration lease) {
        return written(moved(reserved(id, "key of " + id, lease), status, delivery), lease);
    }

    private TaskRecord stored(String id, TaskStatus status, DeliveryState delivery) {
        return stored(id, status, delivery, ALIVE);
    }

    private TaskRecord written(TaskRecord next, Duration lease) {
        journal.update(next, lease);
        return next;
    }

    /** Ended, and delivered or waiting for it. */
    private TaskRecord ended(TaskRecord fresh, TaskStatus status, DeliveryState delivery, Instant at) {
        TaskRecord reserved = journal.reserve(fresh, ALIVE);
        return written(
                changed(reserved, status)
                        .delivery(delivery)
                        .taskId(status.isUnsent() ? null : taskOf(fresh.recordId()))
                        .finishedAt(at)
                        .raw(Map.of("a", 1))
                        .media(full().media())
                        .credits(new BigDecimal("1.50"))
                        .build(),
                ALIVE);
    }

    private TaskRecord available(String id, Instant at) {
        return ended(fresh(id, "key of " + id), TaskStatus.SUCCEEDED, DeliveryState.AVAILABLE, at);
    }

    private FinishedTasks wanted() {
        return new FinishedTasks(PROVIDER, null, ENDED, START);
    }

    private boolean isFree(String id) {
        return journal.claim(id, OTHER, ALIVE).isPresent();
    }

    private static List<String> ids(Collection<TaskRecord> records) {
        return records.stream().map(TaskRecord::recordId).toList();
    }

    private interface Attempt<T> {
        Callable<T> by(TaskRepository journal, int number);
    }

    /** In eight threads at the same moment, each as if in a process of its own. */
    private <T> List<T> atOnce(Attempt<T> attempt) throws Exception {
        List<TaskRepository> journals = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            TaskRepository one = another();
            if (!used.contains(one)) {
                used.add(one);
                one.open(new TaskOwner("p" + i, "e" + i));
            }
            journals.add(one);
        }
        return atOnce(journals, attempt);
    }

    private static <T> List<T> atOnce(List<TaskRepository> journals, Attempt<T> attempt) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Callable<T> one = attempt.by(journals.get(i), i);
                futures.add(pool.submit(() -> {
                    start.await();
                    return one.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(1, TimeUnit.MINUTES));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    // ---------------------------------------------------------------- what is kept

    @Test
    void everyFieldComesBackAsItWas() {
        assertThat(journal.reserve(full(), ALIVE)).isEqualTo(full());
        TaskRecord found = journal.find(full().recordId()).orElseThrow();
        assertThat(found).isEqualTo(full());
        assertThat(found.credits().scale()).isEqualTo(3);
    }

    @Test
    void whatIsNotThereComesBackAsNotThere() {
        journal.reserve(bare(), ALIVE);
        assertThat(journal.find("bare")).contains(bare());
    }

    @Test
    void anUpdateWritesEveryField() {
        TaskRecord reserved = journal.reserve(fresh("r", "k"), ALIVE);
        TaskRecord next = reserved.toBuilder()
                .model("m")
                .status(TaskStatus.FAILED)
                .delivery(DeliveryState.AVAILABLE)
                .taskId("t")
                .providerState("s")
                .owner(null)
                .creates(2)
                .deliveries(3)
                .availableAt(START.plusSeconds(1))
                .credits(new BigDecimal("1E+3"))
                .media(full().media())
                .error(full().error())
                .raw(full().raw())
                .submittingAt(START.plusSeconds(2))
                .acceptedAt(START.plusSeconds(3))
                .finishedAt(START.plusSeconds(4))
                .build();
        journal.update(next, ALIVE);
        assertThat(journal.find("r")).contains(next);
    }

    @Test
    void anUpdateTakesFieldsAway() {
        TaskRecord reserved = journal.reserve(full(), ALIVE);
        TaskRecord next = reserved.toBuilder()
                .model(null)
                .taskId(null)
                .providerState(null)
                .owner(null)
                .availableAt(null)
                .credits(null)
                .media(List.of())
                .error(null)
                .raw(null)
                .submittingAt(null)
                .acceptedAt(null)
                .finishedAt(null)
                .build();
        journal.update(next, ALIVE);
        assertThat(journal.find(next.recordId())).contains(next);
        assertThat(journal.findByTaskId(ACCOUNT, full().taskId())).isEmpty();
    }

    @Test
    void anErrorWithEmptyFieldsComesBackAsItWas() {
        GenerationError empty =
                GenerationError.of(ErrorCategory.TIMEOUT, PROVIDER, "").withCode("", null);
        TaskRecord next = stored("r", TaskStatus.RUNNING, DeliveryState.OWNED).toBuilder()
                .error(empty)
                .build();
        journal.update(next, ALIVE);
        assertThat(journal.find("r").orElseThrow().error()).isEqualTo(empty);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nul \0",
                "half \ud83d",
                "half \ude00 of a pair",
                "\ude00\ud83d",
                "substitute \u001a0000",
                "\u001a"
            })
    void textsThatAServiceSendsAreKeptWhole(String odd) {
        TaskRecord reserved = journal.reserve(fresh("r", "key " + odd), ALIVE);
        TaskRecord next = changed(reserved, TaskStatus.RUNNING)
                .taskId(odd)
                .model("model " + odd)
                .providerState(odd)
                .raw(Map.of("id", odd, odd, 1))
                .error(GenerationError.of(ErrorCategory.TIMEOUT, PROVIDER, odd))
                .build();
        journal.update(next, ALIVE);
        assertThat(journal.find("r")).contains(next);
        assertThat(journal.findByTaskId(ACCOUNT, odd)).contains(next);
        assertThat(reserved("second", "key " + odd, ALIVE)).isEqualTo(next);
    }

    @Test
    void theProvidersStateIsKeptFromSubmittingOn() {
        TaskRecord submitting = reserved("r", "k", ALIVE).toBuilder()
                .status(TaskStatus.SUBMITTING)
                .providerState("session-1")
                .build();
        journal.update(submitting, ALIVE);
        assertThat(journal.find("r")).contains(submitting);
    }

    @Test
    void theReferenceMayBeAText() {
        journal.reserve(fresh("r", null), ALIVE);
        assertThat(journal.find("r").orElseThrow().reference()).isEqualTo("order r");
    }

    @Test
    void numbersInAReferenceKeepTheirTypes() {
        journal.reserve(full(), ALIVE);
        Map<?, ?> reference =
                (Map<?, ?>) journal.find(full().recordId()).orElseThrow().reference();
        assertThat(reference).isEqualTo(Records.reference());
        assertThat(List.copyOf(reference.keySet()))
                .isEqualTo(List.copyOf(Records.reference().keySet()));
    }

    @Test
    void timesAreKeptToTheMicrosecond() {
        Instant fine = START.plusNanos(999);
        journal.reserve(fresh("r", null, ACCOUNT, Operation.TEXT_TO_VIDEO, fine), ALIVE);
        Instant kept = journal.find("r").orElseThrow().createdAt();
        assertThat(kept).isBetween(fine.truncatedTo(ChronoUnit.MICROS), fine);
    }

    @ParameterizedTest
    @EnumSource(TaskStatus.class)
    void everyStatusWithEveryDeliveryCanBeKept(TaskStatus status) {
        for (DeliveryState delivery : DeliveryState.values()) {
            TaskRecord record = stored("r " + delivery, status, delivery);
            assertThat(journal.find(record.recordId())).contains(record);
        }
    }

    @Test
    void openingAgainChangesNothing() {
        TaskRecord record = stored("r", TaskStatus.QUEUED, DeliveryState.OWNED);
        journal.open(ME);
        assertThat(journal.find("r")).contains(record);
        assertThat(isFree("r")).isFalse();
    }

    // ---------------------------------------------------------------- keys

    @Test
    void aKeyHasOneHolder() {
        TaskRecord first = reserved("first", "k", ALIVE);
        assertThat(first).isEqualTo(fresh("first", "k"));
        assertThat(reserved("second", "k", ALIVE)).isEqualTo(first);
        assertThat(journal.find("second")).isEmpty();
    }

    @Test
    void theHolderIsGivenAsItIsNow() {
        TaskRecord now = stored("r", TaskStatus.RUNNING, DeliveryState.OWNED);
        assertThat(reserved("second", "key of r", ALIVE)).isEqualTo(now);
    }

    @Test
    void aKeyHolderMayHaveLapsed() {
        TaskRecord lapsed = reserved("first", "k", LAPSED);
        assertThat(reserved("second", "k", ALIVE)).isEqualTo(lapsed);
    }

    @Test
    void accountsAndOperationsHaveTheirOwnKeys() {
        journal.reserve(fresh("1", "k", ACCOUNT, Operation.TEXT_TO_VIDEO, START), ALIVE);
        journal.reserve(fresh("2", "k", "scripted/second", Operation.TEXT_TO_VIDEO, START), ALIVE);
        journal.reserve(fresh("3", "k", ACCOUNT, Operation.IMAGE_TO_VIDEO, START), ALIVE);
        assertThat(journal.findAll(List.of("1", "2", "3"))).hasSize(3);
    }

    @Test
    void withoutAKeyNothingIsTaken() {
        reserved("1", null, ALIVE);
        assertThat(reserved("2", null, ALIVE).recordId()).isEqualTo("2");
        assertThat(journal.findAll(List.of("1", "2"))).hasSize(2);
    }

    @Test
    void keysAreTakenLiterally() {
        for (String key : List.of("k", "K", " k", "k ", "k%", "", "ｋ")) {
            assertThat(reserved("record of " + key, key, ALIVE).recordId()).isEqualTo("record of " + key);
        }
    }

    @Test
    void oneOfManyGetsAKey() throws Exception {
        for (int round = 0; round < 10; round++) {
            String key = "k" + round;
            List<TaskRecord> holders = atOnce((journal, i) -> () -> journal.reserve(fresh(key + "-" + i, key), ALIVE));
            assertThat(Set.copyOf(holders)).hasSize(1);
        }
        assertThat(journal.tally())
                .containsExactly(new TaskCount(ACCOUNT, TaskStatus.RESERVED, DeliveryState.OWNED, 10));
    }

    // ---------------------------------------------------------------- replacing

    @Test
    void aKeyPassesToANewAttempt() {
        TaskRecord failed = stored("first", TaskStatus.FAILED, DeliveryState.DELIVERED);
        TaskRecord fresh = fresh("second", "key of first");
        assertThat(journal.replace(failed, fresh, ALIVE)).isEqualTo(fresh);
        assertThat(reserved("third", "key of first", ALIVE)).isEqualTo(fresh);
    }

    @Test
    void anOldAttemptIsStillFoundAndCanBeWritten() {
        TaskRecord failed = stored("first", TaskStatus.FAILED, DeliveryState.OWNED);
        journal.replace(failed, fresh("second", "key of first"), ALIVE);
        assertThat(journal.findByTaskId(ACCOUNT, taskOf("first")).map(TaskRecord::recordId))
                .contains("first");
        journal.update(moved(failed, TaskStatus.FAILED, DeliveryState.DELIVERED), ALIVE);
        assertThat(journal.find("first").orElseThrow().delivery()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(reserved("third", "key of first", ALIVE).recordId()).isEqualTo("second");
    }

    @Test
    void whoReplacesAnOlderVersionGetsTheHolder() {
        TaskRecord failed = stored("first", TaskStatus.FAILED, DeliveryState.OWNED);
        TaskRecord now = written(moved(failed, TaskStatus.FAILED, DeliveryState.DELIVERED), ALIVE);
        assertThat(journal.replace(failed, fresh("second", "key of first"), ALIVE))
                .isEqualTo(now);
        assertThat(journal.find("second")).isEmpty();
    }

    @Test
    void whoReplacesTooLateGetsTheHolder() {
        TaskRecord failed = stored("first", TaskStatus.FAILED, DeliveryState.DELIVERED);
        TaskRecord second = journal.replace(failed, fresh("second", "key of first"), ALIVE);
        assertThat(journal.replace(failed, fresh("third", "key of first"), ALIVE))
                .isEqualTo(second);
        assertThat(journal.find("third")).isEmpty();
    }

    @Test
    void aReplacedReservationIsForgotten() {
        TaskRecord unsent = reserved("first", "k", LAPSED);
        TaskRecord second = fresh("second", "k");
        assertThat(journal.replace(unsent, second, ALIVE)).isEqualTo(second);
        assertThat(journal.find("first")).isEmpty();
        assertThat(reserved("third", "k", ALIVE)).isEqualTo(second);
    }

    @Test
    void aReservationThatWasClaimedIsNotReplaced() {
        TaskRecord unsent = reserved("first", "k", LAPSED);
        TaskRecord claimed = journal.claim("first", OTHER, ALIVE).orElseThrow();
        assertThat(journal.replace(unsent, fresh("second", "k"), ALIVE)).isEqualTo(claimed);
        assertThat(journal.find("first")).contains(claimed);
    }

    @Test
    void theKeyOfAForgottenRecordIsFree() {
        TaskRecord unsent = reserved("first", "k", ALIVE);
        journal.discard(unsent);
        TaskRecord second = fresh("second", "k");
        assertThat(journal.replace(unsent, second, ALIVE)).isEqualTo(second);
    }

    @Test
    void aNewAttemptHasALease() {
        TaskRecord failed = stored("first", TaskStatus.FAILED, DeliveryState.DELIVERED);
        journal.replace(failed, fresh("second", "key of first"), ALIVE);
        assertThat(isFree("second")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(TaskStatus.class)
    void onlyAnEndedOrReservedRecordPassesItsKeyOn(TaskStatus status) {
        TaskRecord record = stored("first", status, DeliveryState.OWNED);
        TaskRecord fresh = fresh("second", "key of first");
        boolean passesOn = status.isTerminal() || status == TaskStatus.RESERVED;
        assertThat(journal.replace(record, fresh, ALIVE)).isEqualTo(passesOn ? fresh : record);
        assertThat(reserved("third", "key of first", ALIVE)).isEqualTo(passesOn ? fresh : record);
    }

    @Test
    void oneOfManyReplaces() throws Exception {
        for (int round = 0; round < 5; round++) {
            String id = "r" + round;
            TaskRecord failed = stored(id, TaskStatus.FAILED, DeliveryState.DELIVERED);
            List<TaskRecord> holders = atOnce(
                    (journal, i) -> () -> journal.replace(failed, fresh(id + " next " + i, "key of " + id), ALIVE));
            assertThat(Set.copyOf(holders)).hasSize(1);
            assertThat(reserved("late" + round, "key of " + id, ALIVE)).isEqualTo(holders.get(0));
        }
        assertThat(journal.tally()).contains(new TaskCount(ACCOUNT, TaskStatus.RESERVED, DeliveryState.OWNED, 5));
    }

    // ---------------------------------------------------------------- writing

    @Test
    void aWriteNamesTheVersionItWasMadeFrom() {
        TaskRecord reserved = reserved("r", "k", ALIVE);
        TaskRecord first = written(moved(reserved, TaskStatus.SUBMITTING, DeliveryState.OWNED), ALIVE);
        TaskRecord second = moved(reserved, TaskStatus.FAILED, DeliveryState.OWNED);
        assertThatThrownBy(() -> journal.update(second, ALIVE))
                .isInstanceOf(StaleRecordException.class)
                .hasMessageContaining("r");
        assertThat(journal.find("r")).contains(first);
    }

    @Test
    void aRecordThatIsNotThereCannotBeWritten() {
        TaskRecord next = moved(fresh("r", "k"), TaskStatus.SUBMITTING, DeliveryState.OWNED);
        assertThatThrownBy(() -> journal.update(next, ALIVE)).isInstanceOf(StaleRecordException.class);
        assertThat(journal.find("r")).isEmpty();
    }

    @Test
    void oneOfManyWritesAVersion() throws Exception {
        TaskRecord record = reserved("r", "k", ALIVE);
        List<Boolean> wrote = atOnce((journal, i) -> () -> {
            try {
                journal.update(moved(record, TaskStatus.QUEUED, DeliveryState.OWNED), ALIVE);
                return true;
            } catch (StaleRecordException e) {
                return false;
            }
        });
        assertThat(wrote).containsOnlyOnce(true);
        assertThat(journal.find("r").orElseThrow().version()).isEqualTo(1);
    }

    // ---------------------------------------------------------------- discarding

    @Test
    void aDiscardedRecordIsForgottenAndItsKeyFree() {
        TaskRecord record = reserved("r", "k", ALIVE);
        journal.discard(record);
        assertThat(journal.find("r")).isEmpty();
        assertThat(reserved("next", "k", ALIVE).recordId()).isEqualTo("next");
        journal.discard(record);
        assertThat(journal.find("next")).isPresent();
    }

    @ParameterizedTest
    @EnumSource(value = TaskStatus.class, mode = EnumSource.Mode.EXCLUDE, names = "RESERVED")
    void whatWasSentIsNotDiscarded(TaskStatus status) {
        TaskRecord reserved = reserved("r", "k", ALIVE);
        TaskRecord sent = written(moved(reserved, status, DeliveryState.OWNED), ALIVE);
        journal.discard(reserved);
        journal.discard(sent);
        assertThat(journal.find("r")).contains(sent);
    }

    @Test
    void theReservationOfAnotherOwnerIsNotDiscarded() {
        TaskRecord mine = reserved("r", "k", LAPSED);
        TaskRecord theirs = journal.claim("r", OTHER, ALIVE).orElseThrow();
        journal.discard(mine);
        assertThat(journal.find("r")).contains(theirs);
        journal.discard(theirs);
        assertThat(journal.find("r")).isEmpty();
    }

    @Test
    void discardAndAnnouncementDoNotBothWin() throws Exception {
        for (int round = 0; round < 20; round++) {
            TaskRecord record = reserved("r" + round, "k" + round, ALIVE);
            List<Boolean> sent = atOnce((journal, i) -> () -> {
                if (i % 2 == 0) {
                    journal.discard(record);
                    return false;
                }
                try {
                    journal.update(moved(record, TaskStatus.SUBMITTING, DeliveryState.OWNED), ALIVE);
                    return true;
                } catch (StaleRecordException e) {
                    return false;
                }
            });
            assertThat(journal.find(record.recordId()).isPresent()).isEqualTo(sent.contains(true));
        }
    }

    // ---------------------------------------------------------------- finding

    @Test
    void recordsAreFoundByTheirIds() {
        TaskRecord a = reserved("a", "1", ALIVE);
        TaskRecord b = reserved("b", null, ALIVE);
        reserved("c", null, ALIVE);
        assertThat(journal.find("nobody")).isEmpty();
        assertThat(journal.findAll(List.of("b", "nobody", "a", "b"))).containsExactlyInAnyOrder(a, b);
        assertThat(journal.findAll(List.of())).isEmpty();
    }

    @Test
    void manyRecordsAreFoundInOneCall() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            ids.add("r" + i);
        }
        ids.stream().filter(id -> id.endsWith("7")).forEach(id -> reserved(id, null, ALIVE));
        assertThat(journal.findAll(ids)).hasSize(120);
    }

    @Test
    void recordsAreFoundByTheServicesIdOfTheirTask() {
        TaskRecord record = stored("r", TaskStatus.QUEUED, DeliveryState.OWNED);
        assertThat(journal.findByTaskId(ACCOUNT, taskOf("r"))).contains(record);
        assertThat(journal.findByTaskId("scripted/second", taskOf("r"))).isEmpty();
        assertThat(journal.findByTaskId(ACCOUNT, "r")).isEmpty();
    }

    @Test
    void ofTwoRecordsOfOneTaskTheOneThatIsLeftIsFound() {
        TaskRecord old = ended(fresh("old", null), TaskStatus.FAILED, DeliveryState.DELIVERED, START);
        TaskRecord next = fresh("new", null, ACCOUNT, Operation.TEXT_TO_VIDEO, START.plusSeconds(1));
        TaskRecord adopted = written(
                changed(journal.reserve(next, ALIVE), TaskStatus.RUNNING)
                        .taskId(old.taskId())
                        .build(),
                ALIVE);
        assertThat(journal.findByTaskId(ACCOUNT, old.taskId())).contains(adopted);
        assertThat(journal.purge(START.plusSeconds(1), START.plusSeconds(1), 10))
                .isEqualTo(1);
        assertThat(journal.findByTaskId(ACCOUNT, old.taskId())).contains(adopted);
    }

    @Test
    void whatIsAtWorkAtTheServiceIsFoundWhoeverOwnsIt() {
        reserved("reserved", null, ALIVE);
        stored("announced", TaskStatus.SUBMITTING, DeliveryState.OWNED, ALIVE);
        stored("running", TaskStatus.RUNNING, DeliveryState.OWNED, LAPSED);
        stored("unattended", TaskStatus.QUEUED, DeliveryState.AVAILABLE, ALIVE);
        stored("taken", TaskStatus.RUNNING, DeliveryState.OWNED, LAPSED);
        journal.claim("taken", OTHER, ALIVE);
        stored("parked", TaskStatus.RUNNING, DeliveryState.PARKED, ALIVE);
        stored("uncertain", TaskStatus.UNCERTAIN, DeliveryState.AVAILABLE, ALIVE);
        stored("done", TaskStatus.SUCCEEDED, DeliveryState.OWNED, ALIVE);

        assertThat(journal.findSent(ACCOUNT))
                .extracting(TaskRecord::recordId)
                .containsExactlyInAnyOrder("announced", "running", "unattended", "taken");
        assertThat(journal.findSent("scripted/other")).isEmpty();
    }

    @Test
    void whatAnOwnerHasIsFound() {
        reserved("reserved", null, ALIVE);
        stored("running", TaskStatus.RUNNING, DeliveryState.OWNED, LAPSED);
        stored("uncertain", TaskStatus.UNCERTAIN, DeliveryState.AVAILABLE);
        stored("parked", TaskStatus.RUNNING, DeliveryState.PARKED);
        stored("delivered", TaskStatus.SUCCEEDED, DeliveryState.DELIVERED);
        stored("taken", TaskStatus.SUCCEEDED, DeliveryState.OWNED, LAPSED);
        journal.claim("taken", OTHER, ALIVE);
        assertThat(journal.findOwned(ME)).containsExactlyInAnyOrder("reserved", "running");
        assertThat(journal.findOwned(OTHER)).containsExactly("taken");
        assertThat(journal.findOwned(new TaskOwner("3", "nobody"))).isEmpty();
    }

    // ---------------------------------------------------------------- leases

    @Test
    void aLivingLeaseKeepsOthersAway() {
        TaskRecord mine = reserved("r", "k", ALIVE);
        assertThat(journal.claim("r", OTHER, ALIVE)).isEmpty();
        assertThat(journal.claimLapsed(OTHER, Set.of(ACCOUNT), ALIVE, 10)).isEmpty();
        assertThat(journal.find("r")).contains(mine);
    }

    @Test
    void aLapsedRecordIsTakenAndItsVersionCountedUp() {
        TaskRecord mine = stored("r", TaskStatus.RUNNING, DeliveryState.OWNED, LAPSED);
        TaskRecord theirs = journal.claim("r", OTHER, ALIVE).orElseThrow();
        assertThat(theirs).isEqualTo(mine.toBuilder().owner(OTHER.id()).build());
        assertThat(theirs.version()).isEqualTo(mine.version() + 1);
        assertThat(journal.find("r")).contains(theirs);
    }

    @Test
    void whatAFormerOwnerWritesIsStale() {
        TaskRecord mine = stored("r", TaskStatus.RUNNING, DeliveryState.OWNED, LAPSED);
        journal.claim("r", OTHER, ALIVE).orElseThrow();
        TaskRecord late = moved(mine, TaskStatus.SUCCEEDED, DeliveryState.OWNED);
        assertThatThrownBy(() -> journal.update(late, ALIVE)).isInstanceOf(StaleRecordException.class);
        assertThat(journal.find("r").orElseThrow().status()).isEqualTo(TaskStatus.RUNNING);
    }

    @Test
    void anOwnerThatClaimsItsOwnRecordGetsALongerLeaseOnly() {
        TaskRecord mine = stored("r", TaskStatus.RUNNING, DeliveryState.OWNED, LAPSED);
        assertThat(journal.claim("r", ME, ALIVE)).contains(mine);
        assertThat(isFree("r")).isFalse();
        assertThat(journal.claim("r", ME, LAPSED)).contains(mine);
        assertThat(isFree("r")).isFalse();
    }

    @Test
    void aClaimedRecordHasALivingLease() {
        stored("r", TaskStatus.RUNNING, DeliveryState.OWNED, LAPSED);
        journal.claim("r", OTHER, ALIVE).orElseThrow();
        assertThat(journal.claim("r", ME, ALIVE)).isEmpty();
    }

    @Test
    void aClaimMayHaveALeaseOfNoLength() {
        stored("r", TaskStatus.RUNNING, DeliveryState.OWNED, LAPSED);
        journal.claim("r", OTHER, LAPSED).orElseThrow();
        assertThat(journal.claim("r", ME, ALIVE)).isPresent();
    }

    @Test
    void whatIsNotThereCannotBeClaimed() {
        assertThat(journal.claim("nobody", ME, ALIVE)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TaskStatus.class)
    void whatWantsNoOwnerCannotBeClaimed(TaskStatus status) {
        for (DeliveryState delivery : DeliveryState.values()) {
            TaskRecord record = stored("r " + delivery, status, delivery, LAPSED);
            assertThat(journal.claim(record.recordId(), OTHER, ALIVE).isPresent())
                    .isEqualTo(record.wantsOwner());
            assertThat(journal.claimLapsed(OTHER, Set.of(ACCOUNT), ALIVE, 10)).isEmpty();
        }
    }

    @Test
    void aRecordThatWantsAnOwnerAgainHasTheLeaseOfThatWrite() {
        TaskRecord kept = stored("r", TaskStatus.FAILED, DeliveryState.AVAILABLE, ALIVE);
        TaskRecord again =
                kept.toBuilder().delivery(DeliveryState.OWNED).owner(ME.id()).build();
        journal.update(again, LAPSED);
        assertThat(isFree("r")).isTrue();
    }

    @Test
    void aWriteMakesALeaseLonger() {
        TaskRecord record = reserved("r", "k", LAPSED);
        journal.update(moved(record, TaskStatus.SUBMITTING, DeliveryState.OWNED), ALIVE);
        assertThat(isFree("r")).isFalse();
    }

    @Test
    void anOwnerMayMakeItsLeaseShorter() {
        TaskRecord record = reserved("r", "k", ALIVE);
        journal.update(moved(record, TaskStatus.SUBMITTING, DeliveryState.OWNED), LAPSED);
        assertThat(isFree("r")).isTrue();
    }

    @Test
    void renewingMakesAllLeasesOfAnOwnerLonger() {
        reserved("1", null, LAPSED);
        stored("2", TaskStatus.RUNNING, DeliveryState.OWNED, LAPSED);
        journal.renew(ME, ALIVE);
        assertThat(journal.claimLapsed(OTHER, Set.of(ACCOUNT), ALIVE, 10)).isEmpty();
    }

    @Test
    void renewingLeavesTheLeasesOfOthersAlone() {
        reserved("r", null, LAPSED);
        journal.renew(OTHER, ALIVE);
        assertThat(isFree("r")).isTrue();
    }

    @Test
    void renewingNeverMakesALeaseShorter() {
        reserved("r", null, ALIVE);
        journal.renew(ME, LAPSED);
        assertThat(isFree("r")).isFalse();
    }

    @Test
    void aRenewedLeaseCoversWhatIsWrittenAfterIt() {
        journal.renew(ME, ALIVE);
        reserved("later", null, LAPSED);
        assertThat(isFree("later")).isFalse();
        TaskRecord shortened = reserved("shortened", null, ALIVE);
        journal.update(moved(shortened, TaskStatus.SUBMITTING, DeliveryState.OWNED), LAPSED);
        assertThat(isFree("shortened")).isFalse();
        assertThat(journal.claimLapsed(OTHER, Set.of(ACCOUNT), ALIVE, 10)).isEmpty();
    }

    @Test
    void renewingAgainMakesLeasesLongerAgain() {
        for (String id : List.of("1", "2", "3")) {
            reserved(id, null, LAPSED);
            journal.renew(ME, ALIVE);
        }
        assertThat(journal.claimLapsed(OTHER, Set.of(ACCOUNT), ALIVE, 10)).isEmpty();
    }

    @Test
    void aClaimOfItsOwnerDoesNotShortenWhatWasRenewed() {
        reserved("r", null, LAPSED);
        journal.renew(ME, ALIVE);
        journal.claim("r", ME, LAPSED).orElseThrow();
        assertThat(isFree("r")).isFalse();
    }

    @Test
    void aFormerOwnerRenewsNothingOfAnothers() {
        reserved("r", null, LAPSED);
        journal.claim("r", OTHER, LAPSED).orElseThrow();
        journal.renew(ME, ALIVE);
        TaskOwner third = new TaskOwner("3-300", "third");
        assertThat(journal.claim("r", third, ALIVE)).isPresent();
    }

    @Test
    void renewedLeasesAreReleasedToo() {
        reserved("r", null, LAPSED);
        journal.renew(ME, ALIVE);
        journal.release(ME);
        assertThat(ids(journal.claimLapsed(OTHER, Set.of(), ALIVE, 10))).containsExactly("r");
    }

    @Test
    void renewingDoesNotChangeVersions() {
        TaskRecord record = reserved("r", null, LAPSED);
        journal.renew(ME, ALIVE);
        assertThat(journal.find("r")).contains(record);
        journal.update(moved(record, TaskStatus.SUBMITTING, DeliveryState.OWNED), ALIVE);
    }

    @Test
    void renewingGivesNoLeaseToWhatWantsNoOwner() {
        TaskRecord done = stored("r", TaskStatus.SUCCEEDED, DeliveryState.DELIVERED);
        journal.renew(ME, ALIVE);
        assertThat(journal.find("r")).contains(done);
        assertThat(isFree("r")).isFalse();
    }

    @Test
    void releasingEndsAllLeasesOfAnOwner() {
        reserved("1", null, ALIVE);
        stored("2", TaskStatus.RUNNING, DeliveryState.OWNED, ALIVE);
        journal.release(ME);
        assertThat(ids(journal.claimLapsed(OTHER, Set.of(ACCOUNT), ALIVE, 10))).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void releasingLeavesTheLeasesOfOthersAlone() {
        reserved("r", null, ALIVE);
        journal.release(OTHER);
        assertThat(isFree("r")).isFalse();
    }

    @Test
    void oneOfManyClaimsARecord() throws Exception {
        for (int round = 0; round < 10; round++) {
            String id = "r" + round;
            stored(id, TaskStatus.RUNNING, DeliveryState.OWNED, LAPSED);
            List<Optional<TaskRecord>> claims =
                    atOnce((journal, i) -> () -> journal.claim(id, new TaskOwner("p", "e" + i), ALIVE));
            assertThat(claims.stream().flatMap(Optional::stream)).hasSize(1);
            assertThat(claims).contains(journal.find(id));
        }
    }

    // ---------------------------------------------------------------- claiming what lapsed

    @Test
    void lapsedRecordsAreTakenOldestFirst() {
        for (int i : new int[] {3, 1, 4, 2}) {
            journal.reserve(fresh("r" + i, null, ACCOUNT, Operation.TEXT_TO_VIDEO, START.plusSeconds(i)), LAPSED);
        }
        reserved("alive", null, ALIVE);
        assertThat(ids(journal.claimLapsed(OTHER, Set.of(), ALIVE, 3))).containsExactly("r1", "r2", "r3");
        assertThat(ids(journal.claimLapsed(OTHER, Set.of(), ALIVE, 3))).containsExactly("r4");
        assertThat(journal.claimLapsed(OTHER, Set.of(), ALIVE, 3)).isEmpty();
    }

    @Test
    void theAgeOfARecordIsThatOfItsCreation() {
        stored("old", TaskStatus.SUCCEEDED, DeliveryState.AVAILABLE, LAPSED);
        journal.reserve(fresh("new", null, ACCOUNT, Operation.TEXT_TO_VIDEO, START.plusSeconds(1)), LAPSED);
        journal.claimFinished(wanted(), OTHER, LAPSED, 1);
        assertThat(ids(journal.claimLapsed(ME, Set.of(), ALIVE, 10))).containsExactly("old", "new");
    }

    @Test
    void nothingIsTakenByWhoWantsNothing() {
        reserved("r", null, LAPSED);
        assertThat(journal.claimLapsed(OTHER, Set.of(ACCOUNT), ALIVE, 0)).isEmpty();
    }

    @Test
    void aLapsedRecordIsGivenAsItIsNow() {
        TaskRecord mine = stored("r", TaskStatus.RUNNING, DeliveryState.OWNED, LAPSED);
        List<TaskRecord> claimed = journal.claimLapsed(OTHER, Set.of(ACCOUNT), ALIVE, 10);
        assertThat(claimed).containsExactly(mine.toBuilder().owner(OTHER.id()).build());
        assertThat(journal.find("r")).contains(claimed.get(0));
        assertThat(journal.claim("r", ME, ALIVE)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TaskStatus.class)
    void whatHasToBeWatchedIsTakenOnlyForAccountsAtHand(TaskStatus status) {
        TaskRecord record = stored("r", status, DeliveryState.OWNED, LAPSED);
        assertThat(journal.claimLapsed(OTHER, Set.of(), ALIVE, 10).isEmpty()).isEqualTo(status.isWatched());
        if (status.isWatched()) {
            assertThat(journal.claimLapsed(OTHER, Set.of("scripted/second"), ALIVE, 10))
                    .isEmpty();
            assertThat(ids(journal.claimLapsed(OTHER, Set.of("scripted/second", ACCOUNT), ALIVE, 10)))
                    .containsExactly(record.recordId());
        }
    }

    @Test
    void lapsedRecordsAreNotTakenTwice() throws Exception {
        for (int i = 0; i < 40; i++) {
            stored("r" + i, TaskStatus.RUNNING, DeliveryState.OWNED, LAPSED);
        }
        assertThat(takenByMany(40, (journal, owner) -> journal.claimLapsed(owner, Set.of(ACCOUNT), ALIVE, 5)))
                .hasSize(40)
                .doesNotHaveDuplicates();
    }

    private interface Taking {
        List<TaskRecord> from(TaskRepository journal, TaskOwner owner);
    }

    /** Who comes late may get less than there is, so that each tries until all are taken. */
    private List<String> takenByMany(int all, Taking taking) throws Exception {
        AtomicInteger taken = new AtomicInteger();
        return atOnce((journal, i) -> () -> {
                    TaskOwner owner = new TaskOwner("p" + i, "e" + i);
                    List<String> mine = new ArrayList<>();
                    while (taken.get() < all && !Thread.currentThread().isInterrupted()) {
                        List<String> some = ids(taking.from(journal, owner));
                        taken.addAndGet(some.size());
                        mine.addAll(some);
                    }
                    return mine;
                })
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    // ---------------------------------------------------------------- claiming outcomes

    @Test
    void anOutcomeIsTakenToDeliverIt() {
        TaskRecord kept = available("r", START);
        List<TaskRecord> taken = journal.claimFinished(wanted(), OTHER, ALIVE, 10);
        assertThat(taken)
                .containsExactly(kept.toBuilder()
                        .delivery(DeliveryState.OWNED)
                        .deliveries(1)
                        .owner(OTHER.id())
                        .build());
        assertThat(journal.find("r")).contains(taken.get(0));
        assertThat(journal.claimFinished(wanted(), ME, ALIVE, 10)).isEmpty();
        assertThat(journal.claim("r", ME, ALIVE)).isEmpty();
    }

    @Test
    void deliveriesAreCounted() {
        TaskRecord kept = available("r", START);
        TaskRecord taken = journal.claimFinished(wanted(), ME, ALIVE, 10).get(0);
        written(taken.toBuilder().delivery(DeliveryState.AVAILABLE).build(), ALIVE);
        assertThat(journal.claimFinished(wanted(), ME, ALIVE, 10).get(0).deliveries())
                .isEqualTo(kept.deliveries() + 2);
    }

    @Test
    void anOutcomeWhoseTakerIsGoneHasLapsed() {
        available("r", START);
        journal.claimFinished(wanted(), OTHER, LAPSED, 10);
        assertThat(ids(journal.claimLapsed(ME, Set.of(), ALIVE, 10))).containsExactly("r");
    }

    @Test
    void outcomesThatEndedFirstAreTakenFirst() {
        for (int i : new int[] {3, 1, 4, 2}) {
            available("r" + i, START.plusSeconds(i));
        }
        assertThat(ids(journal.claimFinished(wanted(), OTHER, ALIVE, 3))).containsExactly("r1", "r2", "r3");
        assertThat(ids(journal.claimFinished(wanted(), OTHER, ALIVE, 3))).containsExactly("r4");
        assertThat(journal.claimFinished(wanted(), OTHER, ALIVE, 3)).isEmpty();
    }

    @Test
    void noOutcomeIsTakenByWhoWantsNone() {
        available("r", START);
        assertThat(journal.claimFinished(wanted(), OTHER, ALIVE, 0)).isEmpty();
        assertThat(journal.claimFinished(new FinishedTasks(PROVIDER, null, Set.of(), START), OTHER, ALIVE, 10))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(DeliveryState.class)
    void onlyAvailableOutcomesAreTaken(DeliveryState delivery) {
        ended(fresh("r", "k"), TaskStatus.SUCCEEDED, delivery, START);
        assertThat(journal.claimFinished(wanted(), OTHER, ALIVE, 10))
                .hasSize(delivery == DeliveryState.AVAILABLE ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource(TaskStatus.class)
    void onlyOutcomesInAWantedStatusAreTaken(TaskStatus status) {
        stored("r", status, DeliveryState.AVAILABLE);
        Set<TaskStatus> others = EnumSet.complementOf(EnumSet.of(status));
        assertThat(journal.claimFinished(new FinishedTasks(PROVIDER, null, others, START), OTHER, ALIVE, 10))
                .isEmpty();
        FinishedTasks wanted = new FinishedTasks(PROVIDER, null, EnumSet.allOf(TaskStatus.class), START);
        assertThat(journal.claimFinished(wanted, OTHER, ALIVE, 10)).hasSize(ENDED.contains(status) ? 1 : 0);
    }

    @Test
    void outcomesAreTakenOfOneProviderOrAccount() {
        for (String account : List.of("scripted/default", "scripted/second", "second/default")) {
            TaskRecord fresh = fresh(account, null, account, Operation.TEXT_TO_VIDEO, START);
            ended(fresh, TaskStatus.SUCCEEDED, DeliveryState.AVAILABLE, START);
        }
        FinishedTasks ofAccount = new FinishedTasks(PROVIDER, "scripted/second", ENDED, START);
        assertThat(ids(journal.claimFinished(ofAccount, OTHER, ALIVE, 10))).containsExactly("scripted/second");
        assertThat(ids(journal.claimFinished(wanted(), OTHER, ALIVE, 10))).containsExactly("scripted/default");
        FinishedTasks ofSecond = new FinishedTasks("second", null, ENDED, START);
        assertThat(ids(journal.claimFinished(ofSecond, OTHER, ALIVE, 10))).containsExactly("second/default");
    }

    @Test
    void anOutcomeIsNotTakenBeforeItsTime() {
        TaskRecord later = available("r", START);
        written(later.toBuilder().availableAt(START.plusSeconds(5)).build(), ALIVE);
        FinishedTasks before = new FinishedTasks(PROVIDER, null, ENDED, START.plusMillis(4_999));
        assertThat(journal.claimFinished(before, OTHER, ALIVE, 10)).isEmpty();
        FinishedTasks then = new FinishedTasks(PROVIDER, null, ENDED, START.plusSeconds(5));
        assertThat(journal.claimFinished(then, OTHER, ALIVE, 10)).hasSize(1);
    }

    /** Nobody postpones an outcome for so long: the clock was set back since. */
    @Test
    void anOutcomeWhoseTimeIsTooFarAwayIsTakenAtOnce() {
        TaskRecord later = available("r", START);
        written(
                later.toBuilder()
                        .availableAt(START.plus(FinishedTasks.LONGEST_DELAY))
                        .build(),
                ALIVE);
        assertThat(journal.claimFinished(new FinishedTasks(PROVIDER, null, ENDED, START), OTHER, ALIVE, 10))
                .isEmpty();
        FinishedTasks setBack = new FinishedTasks(PROVIDER, null, ENDED, START.minusSeconds(1));
        assertThat(journal.claimFinished(setBack, OTHER, ALIVE, 10)).hasSize(1);
    }

    @Test
    void outcomesAreNotTakenTwice() throws Exception {
        for (int i = 0; i < 40; i++) {
            available("r" + i, START.plusSeconds(i));
        }
        assertThat(takenByMany(40, (journal, owner) -> journal.claimFinished(wanted(), owner, ALIVE, 5)))
                .hasSize(40)
                .doesNotHaveDuplicates();
        assertThat(journal.findAll(IntStream.range(0, 40).mapToObj(i -> "r" + i).toList()))
                .hasSize(40)
                .allMatch(r -> r.deliveries() == 1);
    }

    // ---------------------------------------------------------------- counting

    @Test
    void whatIsNotOverIsCounted() {
        assertThat(journal.tally()).isEmpty();
        stored("1", TaskStatus.SUCCEEDED, DeliveryState.AVAILABLE);
        stored("2", TaskStatus.SUCCEEDED, DeliveryState.AVAILABLE);
        stored("3", TaskStatus.SUCCEEDED, DeliveryState.DELIVERED);
        journal.reserve(fresh("4", null, "scripted/second", Operation.TEXT_TO_VIDEO, START), ALIVE);
        assertThat(journal.tally())
                .containsExactlyInAnyOrder(
                        new TaskCount(ACCOUNT, TaskStatus.SUCCEEDED, DeliveryState.AVAILABLE, 2),
                        new TaskCount("scripted/second", TaskStatus.RESERVED, DeliveryState.OWNED, 1));
    }

    // ---------------------------------------------------------------- forgetting

    private static final Instant RESULTS = START.plusSeconds(100);
    private static final Instant KEYS = START.plusSeconds(50);

    private TaskRecord delivered(String id, String key, Instant at) {
        return ended(fresh(id, key), TaskStatus.SUCCEEDED, DeliveryState.DELIVERED, at);
    }

    @Test
    void whatHasNoKeyIsForgottenWithItsResult() {
        delivered("old", null, RESULTS.minusMillis(1));
        TaskRecord young = delivered("young", null, RESULTS);
        assertThat(journal.purge(RESULTS, KEYS, 10)).isEqualTo(1);
        assertThat(journal.find("old")).isEmpty();
        assertThat(journal.find("young")).contains(young);
        assertThat(journal.findByTaskId(ACCOUNT, taskOf("old"))).isEmpty();
    }

    @Test
    void whatHasAKeyLosesItsResultFirst() {
        TaskRecord record = delivered("r", "k", KEYS);
        assertThat(journal.purge(RESULTS, KEYS, 10)).isEqualTo(1);
        TaskRecord kept = journal.find("r").orElseThrow();
        assertThat(kept).isEqualTo(record.withoutResult());
        assertThat(kept.media()).isEmpty();
        assertThat(kept.raw()).isNull();
        assertThat(kept.reference()).isNull();
        assertThat(reserved("next", "k", ALIVE)).isEqualTo(kept);
        assertThat(journal.purge(RESULTS, KEYS, 10)).isZero();
    }

    @Test
    void whatHasAKeyKeepsItsResultUntilThen() {
        TaskRecord record = delivered("r", "k", RESULTS);
        assertThat(journal.purge(RESULTS, KEYS, 10)).isZero();
        assertThat(journal.find("r")).contains(record);
    }

    @Test
    void whatHasAKeyIsForgottenWithItsKey() {
        delivered("r", "k", KEYS.minusMillis(1));
        assertThat(journal.purge(RESULTS, KEYS, 10)).isEqualTo(1);
        assertThat(journal.find("r")).isEmpty();
        assertThat(reserved("next", "k", ALIVE).recordId()).isEqualTo("next");
    }

    @Test
    void whatHasLostItsResultIsForgottenWithItsKey() {
        delivered("r", "k", KEYS);
        journal.purge(RESULTS, KEYS, 10);
        assertThat(journal.purge(RESULTS, KEYS.plusMillis(1), 10)).isEqualTo(1);
        assertThat(journal.find("r")).isEmpty();
    }

    @Test
    void keysThatAreKeptForLessTimeThanResultsTakeThemAlong() {
        delivered("r", "k", START);
        assertThat(journal.purge(START, START.plusSeconds(1), 10)).isEqualTo(1);
        assertThat(journal.find("r")).isEmpty();
    }

    @Test
    void anAttemptThatHasPassedItsKeyOnHasNone() {
        TaskRecord first = ended(fresh("first", "k"), TaskStatus.FAILED, DeliveryState.DELIVERED, KEYS);
        journal.replace(first, fresh("second", "k"), ALIVE);
        assertThat(journal.purge(RESULTS, KEYS, 10)).isEqualTo(1);
        assertThat(journal.find("first")).isEmpty();
        assertThat(reserved("third", "k", ALIVE).recordId()).isEqualTo("second");
    }

    @ParameterizedTest
    @EnumSource(TaskStatus.class)
    void whatIsOpenUncertainOrNotDeliveredIsNeverForgotten(TaskStatus status) {
        for (DeliveryState delivery : DeliveryState.values()) {
            for (String key : Arrays.asList("k " + delivery, null)) {
                TaskRecord record = ended(fresh("r " + delivery + key, key), status, delivery, START);
                Instant longAfter = START.plus(Duration.ofDays(1_000));
                boolean over = status.isTerminal() && delivery == DeliveryState.DELIVERED;
                assertThat(journal.purge(longAfter, longAfter, 100)).isEqualTo(over ? 1 : 0);
                assertThat(journal.find(record.recordId())).isEqualTo(over ? Optional.empty() : Optional.of(record));
            }
        }
    }

    @Test
    void forgettingTakesNotTooLong() {
        for (int i = 0; i < 3; i++) {
            delivered("unkeyed " + i, null, START);
            delivered("keyed " + i, "k" + i, KEYS);
        }
        assertThat(journal.purge(RESULTS, KEYS, 0)).isZero();
        assertThat(journal.purge(RESULTS, KEYS, 4)).isEqualTo(4);
        assertThat(journal.purge(RESULTS, KEYS, 4)).isEqualTo(2);
        assertThat(journal.purge(RESULTS, KEYS, 4)).isZero();
        assertThat(journal.findAll(List.of("unkeyed 0", "unkeyed 1", "unkeyed 2", "keyed 0", "keyed 1", "keyed 2")))
                .hasSize(3)
                .allMatch(record -> record.media().isEmpty());
    }

    @Test
    void aWriteAfterForgettingIsStale() {
        TaskRecord record = delivered("r", "k", KEYS);
        journal.purge(RESULTS, KEYS, 10);
        TaskRecord late = record.toBuilder().deliveries(9).build();
        assertThatThrownBy(() -> journal.update(late, ALIVE)).isInstanceOf(StaleRecordException.class);
    }
}
