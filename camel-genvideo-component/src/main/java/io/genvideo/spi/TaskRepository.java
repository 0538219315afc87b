/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The journal. Every method is atomic and has taken effect when it returns: a crash right after it must find what was
 * written. Thread-safe. The engine calls it on the thread of its loop; a repository that {@linkplain #isBlocking blocks} is
 * called on two other threads, one of which only renews leases, so that a renewal never waits for another call.
 *
 * <p>Records that are open, uncertain, parked or not delivered are never dropped; a repository that is full refuses
 * {@link #reserve}.
 *
 * <p><b>Leases.</b> A record that {@linkplain TaskRecord#wantsOwner wants an owner} has one, whose lease ends at a time of the
 * repository's own clock, so that engines on several machines need not agree on the time. The owner has a lease too, which
 * {@link #renew} prolongs and which covers all its records. An owner that has crashed stops renewing; when its lease and that
 * of the record have ended, others may claim the record. A claim increments the version, so that every later write of the
 * former owner is stale (the version is the fencing token). Only its owner shortens a lease, by {@link #update} or
 * {@link #release}. A clock that was set back makes a lease end later than it should, by the length of the lease at most.
 */
public interface TaskRepository extends AutoCloseable {

    /** Whether calls may wait for a disk or a network, so that they must not run on the engine's thread. */
    boolean isBlocking();

    /** Whether records outlive this process. */
    boolean isDurable();

    /**
     * Makes ready and checks what the promises rest on. Called by each engine before anything else; a repository that only
     * one process can have open ends the leases of owners in other processes, because those are gone.
     *
     * @throws IllegalStateException if it can't keep what this interface promises; the message names what to change
     */
    default void open(TaskOwner owner) {}

    /**
     * Stores a new record, unless its key is taken.
     *
     * @param fresh usually in {@link TaskStatus#RESERVED}, with its owner; also one with a task, whose record was removed before
     *     the answer to its create call came
     * @return {@code fresh} if it was stored, else the record that has the key; {@code fresh} as {@link TaskStatus#UNCERTAIN} if
     *     the repository does not know whether the request was sent before
     * @throws RepositoryFullException if there is no room and nothing may be dropped
     */
    TaskRecord reserve(TaskRecord fresh, Duration lease);

    /**
     * Gives the key of a record that has ended, or that is still RESERVED, to a new record, and stores that. A record that
     * is still RESERVED is deleted.
     *
     * @param fresh in {@link TaskStatus#RESERVED}, with its owner
     * @return {@code fresh} if {@code finished} had the key at that version and may pass it on, else the record that has
     *     the key now
     */
    TaskRecord replace(TaskRecord finished, TaskRecord fresh, Duration lease);

    /**
     * Writes a record that was read at {@code next.version() - 1}.
     *
     * @param lease how long from now its owner's lease lasts; may be shorter than before, for it is the owner who writes
     * @throws StaleRecordException if somebody else has written it since
     */
    void update(TaskRecord next, Duration lease);

    /**
     * Several writes of different records, each with its own result. A repository that can do so stores them in one
     * transaction, because the wait for the disk is then shared: what one write costs, many cost. A write that fails does
     * not fail the others. If it is not known whether the transaction took effect, all of them have failed.
     *
     * @return the results, in the order of the writes
     */
    default List<WriteResult> writeAll(List<TaskWrite> writes) {
        return writes.stream().map(this::write).toList();
    }

    private WriteResult write(TaskWrite write) {
        try {
            if (write.kind() == TaskWrite.Kind.RESERVE) {
                return WriteResult.stored(reserve(write.record(), write.lease()));
            }
            update(write.record(), write.lease());
            return WriteResult.stored(write.record());
        } catch (RuntimeException e) {
            return WriteResult.failed(e);
        }
    }

    /** Frees the key of a record for which nothing was sent, and forgets the record. Does nothing if it is gone or was sent. */
    void discard(TaskRecord unsent);

    /**
     * Finds one record. Like {@link #findByTaskId}, {@link #reserve}, {@link #replace} and {@link #claim}, which are about
     * one record too, it never treats a record as missing that it can't understand; lists pass such records over.
     *
     * @throws UnreadableRecordException if a newer version has written the record
     */
    Optional<TaskRecord> find(String recordId);

    /** Those of the given records that exist, in any order. */
    List<TaskRecord> findAll(Collection<String> recordIds);

    /** @param account {@code provider/account name} */
    Optional<TaskRecord> findByTaskId(String account, String taskId);

    /**
     * All records of an account whose create call was announced and that have neither ended nor been parked, whoever owns
     * them: what is at work at the service.
     *
     * @param account {@code provider/account name}
     */
    List<TaskRecord> findSent(String account);

    /**
     * Ids of all records that want an owner and have this one: with it an engine finds records that it owns without knowing,
     * because the answer to its claim was lost.
     */
    Set<String> findOwned(TaskOwner owner);

    /** The owner's lease lasts at least that long from now, and with it that of all records which it has or gets. */
    void renew(TaskOwner owner, Duration lease);

    /** Ends the owner's lease, and those of all its records. */
    void release(TaskOwner owner);

    /**
     * Takes a record that wants an owner and has none that lives. One that has this owner already only gets a longer lease:
     * its version stays.
     *
     * @return the record as it is then; empty if it is gone, wants none, or another owner's lease has not ended
     */
    Optional<TaskRecord> claim(String recordId, TaskOwner owner, Duration lease);

    /**
     * Takes records whose leases have ended, those of one owner after those of another, oldest first. Those that the service has and that have to be
     * {@linkplain TaskStatus#isWatched watched} are taken only for the given accounts, whose credentials are known.
     *
     * @param most how many at most
     */
    List<TaskRecord> claimLapsed(TaskOwner owner, Set<String> accounts, Duration lease, int most);

    /**
     * Takes outcomes that are {@link io.genvideo.model.DeliveryState#AVAILABLE}, those that ended first first, to deliver
     * them: each becomes {@link io.genvideo.model.DeliveryState#OWNED} and counts one delivery more.
     *
     * @param most how many at most
     */
    List<TaskRecord> claimFinished(FinishedTasks wanted, TaskOwner owner, Duration lease, int most);

    /**
     * How many records there are, by account, status and delivery, except those that have ended and were delivered: what
     * nobody has to care for any more is not read.
     */
    List<TaskCount> tally();

    /**
     * Forgets what has ended and was delivered: records that ended before {@code keys}, and, if they have no key, before
     * {@code results}; of those with a key that ended before {@code results} the media, raw answer and reference.
     *
     * @param most how many at most, so that no call takes long
     * @return how many records were changed or forgotten
     */
    int purge(Instant results, Instant keys, int most);

    /**
     * Whether engines of other processes may use it at the same time. Then the following methods work, and the engines share
     * the limits of their accounts and pass hints on by them (docs/design.md section 4.11). Called after {@link #open}.
     */
    default boolean isShared() {
        return false;
    }

    /** Reads what the engines share: first the text, then whose leases have ended. */
    default SharedState sharedState() {
        throw new UnsupportedOperationException("the repository is not shared");
    }

    /**
     * Replaces the text that the engines share, if nobody else has replaced it since it was read. Nobody ever waits for an
     * engine that stands still between its read and its write.
     *
     * @param version as it was read
     * @return whether it was replaced
     */
    default boolean shareState(long version, String text) {
        throw new UnsupportedOperationException("the repository is not shared");
    }

    /** What is at work at the services, for each owner and account, at one moment. */
    default List<SentTasks> countSent() {
        throw new UnsupportedOperationException("the repository is not shared");
    }

    /**
     * Keeps a hint for the owner of a task: something has happened to it. Without effect if no record that has to be
     * {@linkplain TaskStatus#isWatched watched} has the task, so that nobody can fill the repository with invented ones.
     */
    default void leaveHint(String provider, String taskId) {
        throw new UnsupportedOperationException("the repository is not shared");
    }

    /**
     * Takes the hints for records of an owner; they are forgotten.
     *
     * @return record ids
     */
    default Set<String> takeHints(TaskOwner owner) {
        throw new UnsupportedOperationException("the repository is not shared");
    }

    /**
     * An engine that used it has stopped: what is held open is given back. Another engine may still use it, or
     * {@link #open} it again.
     */
    @Override
    default void close() {}
}
