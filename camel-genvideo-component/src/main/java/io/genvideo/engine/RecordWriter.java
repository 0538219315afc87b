/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * One task's record, and the order of its writes: none is tried before the one before it has succeeded, so that a result
 * never overtakes an acceptance that is tried again.
 */
final class RecordWriter {
    private final EngineContext engine;
    private final boolean journalled;
    private final ArrayDeque<Write> unwritten = new ArrayDeque<>(1);
    private TaskRecord record;
    private boolean announcing;
    /** Another engine has the record now: it is not ours to write, although exchanges here still wait for the task. */
    private boolean fenced;

    /**
     * Something that happened, and what comes after it is in the journal.
     *
     * @param isWritten whether it is no change, but only waits for those before it
     */
    private record Write(TaskRecord fact, Runnable then, boolean isWritten) {}

    /** @param journalled whether the record is in the repository; a task that is only polled for somebody is not */
    RecordWriter(EngineContext engine, TaskRecord record, boolean journalled) {
        this.engine = engine;
        this.record = record;
        this.journalled = journalled;
    }

    TaskRecord record() {
        return record;
    }

    boolean isJournalled() {
        return journalled;
    }

    /** Whether another engine has taken the record, so that nothing is written any more. */
    boolean isFenced() {
        return fenced;
    }

    /** Whether the record is in the journal, ours, and as it stands here. */
    boolean isSettled() {
        return journalled && !fenced && !announcing && unwritten.isEmpty();
    }

    /**
     * Writes a change that must be in the journal before something is done; on failure it must not be done. Called only
     * while nothing else is being written.
     *
     * @param lease how long nobody else may take the record for lost
     */
    void announce(Consumer<TaskRecord.Builder> change, Duration lease, Runnable then, Consumer<Throwable> otherwise) {
        if (fenced) {
            // its versions and the other engine's may meet by chance, and then the journal would take the write
            otherwise.accept(new StaleRecordException(record.recordId(), record.version()));
            return;
        }
        TaskRecord next = changed(change);
        announcing = true;
        engine.call(
                () -> engine.journal.announce(next, lease),
                done -> {
                    announcing = false;
                    record = next;
                    then.run();
                },
                failure -> {
                    announcing = false;
                    otherwise.accept(failure);
                });
    }

    /** An announcement that failed may be in the journal all the same: what comes next is written after it. */
    void adopt(TaskRecord stored) {
        record = stored;
    }

    /** Changes the record to what happened at the service. */
    void happened(Consumer<TaskRecord.Builder> change, Runnable then) {
        record = changed(change);
        if (!journalled || fenced) {
            then.run();
            return;
        }
        unwritten.addLast(new Write(record, then, false));
        if (unwritten.size() == 1) {
            writeNext();
        }
    }

    /** Runs when everything that happened is in the journal: at once if it is. */
    void whenWritten(Runnable then) {
        if (unwritten.isEmpty()) {
            then.run();
        } else {
            unwritten.addLast(new Write(record, then, true));
        }
    }

    private void writeNext() {
        Write write = unwritten.peekFirst();
        if (write != null && (fenced || write.isWritten())) {
            unwritten.removeFirst();
            write.then().run();
            writeNext();
        } else if (write != null) {
            engine.record(write.fact(), ours -> {
                ours.ifPresentOrElse(now -> renumber(now.version()), () -> fenced = true);
                try {
                    write.then().run();
                } finally {
                    unwritten.removeFirst();
                    writeNext();
                }
            });
        }
    }

    /** The journal has the oldest write at this version now; those that wait follow it. */
    private void renumber(long written) {
        Write oldest = unwritten.getFirst();
        if (oldest.fact().version() == written) {
            return;
        }
        List<Write> all = List.copyOf(unwritten);
        unwritten.clear();
        long version = written;
        for (Write write : all) {
            unwritten.addLast(new Write(write.fact().atVersion(version), write.then(), write.isWritten()));
            version += write.isWritten() ? 0 : 1;
        }
        record = record.atVersion(version - 1);
    }

    /** Writes nothing any more. */
    void fence() {
        fenced = true;
    }

    /** The record had been taken by another engine, which is gone now. */
    void isOursAgain(TaskRecord claimed) {
        fenced = false;
        record = record.atVersion(claimed.version());
    }

    private TaskRecord changed(Consumer<TaskRecord.Builder> change) {
        TaskRecord.Builder builder = record.toBuilder();
        change.accept(builder);
        return builder.build();
    }
}
