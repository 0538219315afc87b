/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.TaskStatus;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import io.genvideo.spi.TaskWrite;
import io.genvideo.spi.WriteResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A repository that reports what is written to it, can fail, and can be slow. Slow: while {@linkplain #hold held}, its calls
 * wait in a queue, as on the thread of a database that does not answer.
 */
public final class JournalSpy extends ForwardingRepository implements Executor {
    private final boolean blocking;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private final List<Fault> faults = new ArrayList<>();
    private Consumer<String> listener = entry -> {};
    private final Set<String> ids = new LinkedHashSet<>();
    private Executor thread = Runnable::run;
    private int largestGroup;
    private boolean held;
    private int failingReads;
    private boolean away;

    /** @param committed whether the write takes effect before its failure is reported: the answer of the commit is lost */
    private record Fault(Predicate<TaskRecord> write, boolean committed, int[] times) {}

    /** @param clock for leases */
    public JournalSpy(InstantSource clock) {
        this(new MemoryTaskRepository(clock), true);
    }

    /** @param blocking whether the engine has to call it on a thread of its own */
    public JournalSpy(TaskRepository real, boolean blocking) {
        super(real);
        this.blocking = blocking;
    }

    public void listener(Consumer<String> value) {
        listener = value;
    }

    /** Calls wait from now on. */
    public void hold() {
        held = true;
    }

    /** What waited runs, and nothing waits any more. */
    public void release() {
        held = false;
        while (!waiting.isEmpty()) {
            waiting.poll().run();
        }
    }

    /** Runs the oldest call that waits. */
    public void releaseOne() {
        waiting.remove().run();
    }

    /** The next writes to this status fail. */
    public void failWrites(TaskStatus status, int times) {
        failWrites(r -> r.status() == status, times);
    }

    public void failWrites(Predicate<TaskRecord> write, int times) {
        faults.add(new Fault(write, false, new int[] {times}));
    }

    /** The next write to this status takes effect, but its answer is lost. */
    public void loseAnswerOfWrite(TaskStatus status) {
        faults.add(new Fault(r -> r.status() == status, true, new int[] {1}));
    }

    /** The next reads of a single record fail. */
    public void failReads(int times) {
        failingReads = times;
    }

    /** Whether writes, renewals and removals fail from now on. */
    public void away(boolean value) {
        away = value;
    }

    private void checkThere() {
        if (away) {
            throw new IllegalArgumentException("the database is away");
        }
    }

    @Override
    public void renew(TaskOwner owner, Duration lease) {
        checkThere();
        super.renew(owner, lease);
    }

    @Override
    public Optional<TaskRecord> find(String recordId) {
        if (failingReads > 0) {
            failingReads--;
            throw new IllegalArgumentException("the disk does not answer");
        }
        return super.find(recordId);
    }

    /** Every write works again. */
    public void heal() {
        faults.clear();
    }

    /** The only record. */
    public TaskRecord only() {
        List<TaskRecord> all = all();
        if (all.size() != 1) {
            throw new AssertionError("expected one record, there are " + all);
        }
        return all.get(0);
    }

    public List<TaskRecord> all() {
        return findAll(ids);
    }

    /** Calls run as steps of a loop, so that those of one instant wait for one another. */
    public void runOn(Executor loop) {
        thread = loop;
    }

    @Override
    public void execute(Runnable call) {
        if (held) {
            waiting.add(call);
        } else {
            thread.execute(call);
        }
    }

    /** Together, as the real repository does it, unless one of them has to fail. */
    @Override
    public List<WriteResult> writeAll(List<TaskWrite> writes) {
        checkThere();
        if (!faults.isEmpty()) {
            return super.writeAll(writes);
        }
        writes.forEach(write -> ids.add(write.record().recordId()));
        List<WriteResult> results = real().writeAll(writes);
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i).failure() == null) {
                listener.accept((writes.get(i).kind() == TaskWrite.Kind.RESERVE ? "reserve " : "journal ")
                        + results.get(i).orThrow().status());
            }
        }
        largestGroup = Math.max(largestGroup, writes.size());
        return results;
    }

    /** How many writes were given to the repository at once, at most. */
    public int largestGroup() {
        return largestGroup;
    }

    @Override
    public boolean isBlocking() {
        return blocking;
    }

    @Override
    public TaskRecord reserve(TaskRecord fresh, Duration lease) {
        return write("reserve", fresh, () -> super.reserve(fresh, lease));
    }

    @Override
    public TaskRecord replace(TaskRecord finished, TaskRecord fresh, Duration lease) {
        return write("replace", fresh, () -> super.replace(finished, fresh, lease));
    }

    @Override
    public void update(TaskRecord next, Duration lease) {
        write("journal", next, () -> {
            super.update(next, lease);
            return next;
        });
    }

    private TaskRecord write(String what, TaskRecord record, Supplier<TaskRecord> write) {
        ids.add(record.recordId());
        for (Fault fault : faults) {
            if (fault.times()[0] > 0 && fault.write().test(record)) {
                fault.times()[0]--;
                if (fault.committed()) {
                    write.get();
                }
                throw new IllegalArgumentException("the disk is full");
            }
        }
        TaskRecord stored = write.get();
        listener.accept(what + " " + record.status());
        return stored;
    }

    @Override
    public void discard(TaskRecord unsent) {
        checkThere();
        super.discard(unsent);
        listener.accept("discard");
    }
}
