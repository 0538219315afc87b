/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.conformance.VirtualLoop;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OpenTasksTest {
    private static final TaskOwner ME = new TaskOwner("process", "engine");

    private final VirtualLoop loop = new VirtualLoop();
    private final EngineContext engine = new EngineContext(
            loop,
            new Journal(new MemoryTaskRepository(InstantSource.system()), JournalExecutors.single(Runnable::run)),
            ME,
            EngineSettings.DEFAULT,
            TaskObserver.NONE,
            new Random(1),
            Runnable::run);
    private final EngineAccount account = new ScriptedProvider(loop).account("default");

    private OpenTask open(String recordId, @Nullable String taskId) {
        TaskRecord.Builder record = TaskRecord.reservation(recordId)
                .provider(ScriptedProvider.NAME)
                .account(account.name())
                .operation(Operation.TEXT_TO_VIDEO)
                .fingerprint("fingerprint")
                .owner(ME)
                .createdAt(Instant.EPOCH)
                .build()
                .toBuilder();
        if (taskId != null) {
            record.status(TaskStatus.SUBMITTING).status(TaskStatus.QUEUED).taskId(taskId);
        }
        return new OpenTask(engine, account, record.build(), false);
    }

    @Test
    void aTaskIsFoundByTheServicesIdUntilItIsRemoved() {
        OpenTask cat = open("r1", "task-1");
        OpenTask dog = open("r2", null);
        assertThat(engine.open.withTaskId("task-1")).containsExactly(cat);
        assertThat(engine.open.all()).containsExactly(cat, dog);
        engine.open.remove(cat);
        assertThat(engine.open.withTaskId("task-1")).isEmpty();
        assertThat(engine.open.all()).containsExactly(dog);
    }

    @Test
    void twoRecordsOfOneTaskAreBothFound() {
        OpenTask one = open("r1", "task-1");
        OpenTask other = open("r2", "task-1");
        engine.open.named(one);
        assertThat(engine.open.withTaskId("task-1")).containsExactly(one, other);
        engine.open.remove(one);
        assertThat(engine.open.withTaskId("task-1")).containsExactly(other);
    }

    @Test
    void aTaskThatWasRemovedIsNotNamedAgain() {
        OpenTask cat = open("r1", "task-1");
        engine.open.remove(cat);
        engine.open.named(cat);
        assertThat(engine.open.withTaskId("task-1")).isEmpty();
    }

    @Test
    void whatHasTakenItsPlaceStays() {
        OpenTask before = open("r1", null);
        OpenTask after = open("r1", "task-1");
        engine.open.remove(before);
        assertThat(engine.open.get("r1")).isSameAs(after);
        assertThat(engine.open.withTaskId("task-1")).containsExactly(after);
    }
}
