/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.SentTasks;
import io.genvideo.spi.SharedState;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What engines of several processes share through a database: a text, hints, and how many tasks are at work. */
class SharedTablesTest {
    private static final TaskOwner ME = new TaskOwner("1-100", "mine");
    private static final TaskOwner OTHER = new TaskOwner("2-200", "other");
    private static final Duration ALIVE = Duration.ofHours(1);
    private static final Duration LAPSED = Duration.ZERO;

    private final List<JdbcTaskRepository> opened = new ArrayList<>();

    private enum Server {
        H2,
        POSTGRESQL;

        DataSource source() {
            if (this == POSTGRESQL) {
                return PostgresServer.shared().newSchema();
            }
            JdbcDataSource source = new JdbcDataSource();
            source.setURL("jdbc:h2:mem:shared-" + System.nanoTime());
            return source;
        }
    }

    private JdbcTaskRepository open(DataSource source) {
        JdbcTaskRepository repository = new JdbcTaskRepository(source);
        repository.open(ME);
        opened.add(repository);
        return repository;
    }

    @AfterEach
    void close() {
        opened.forEach(JdbcTaskRepository::close);
    }

    private static TaskRecord running(JdbcTaskRepository journal, String id, TaskOwner owner, Duration lease) {
        TaskRecord reserved = journal.reserve(
                TaskRecord.reservation(id)
                        .provider("p")
                        .account("p/a")
                        .operation(Operation.GENERATE)
                        .fingerprint("f")
                        .owner(owner)
                        .createdAt(Instant.EPOCH)
                        .build(),
                lease);
        TaskRecord running = reserved.toBuilder()
                .status(TaskStatus.SUBMITTING)
                .status(TaskStatus.RUNNING)
                .delivery(DeliveryState.OWNED)
                .taskId("task of " + id)
                .build();
        journal.update(running, lease);
        return running;
    }

    @ParameterizedTest
    @EnumSource
    void aTextIsReplacedOnlyFromTheVersionThatWasRead(Server server) {
        DataSource source = server.source();
        JdbcTaskRepository here = open(source);
        JdbcTaskRepository there = open(source);
        assertThat(here.isShared()).isTrue();
        SharedState first = here.sharedState();
        assertThat(first.text()).isEmpty();
        assertThat(there.shareState(first.version(), "of there")).isTrue();
        assertThat(here.shareState(first.version(), "of here")).isFalse();
        SharedState second = here.sharedState();
        assertThat(second.text()).isEqualTo("of there");
        assertThat(here.shareState(second.version(), "of there, and here")).isTrue();
        assertThat(there.sharedState().text()).isEqualTo("of there, and here");
    }

    @ParameterizedTest
    @EnumSource
    void livingOwnersAndThoseWhoseRecordsHaveLapsedAreTold(Server server) {
        JdbcTaskRepository journal = open(server.source());
        TaskOwner released = new TaskOwner("3-300", "released");
        TaskOwner idle = new TaskOwner("4-400", "idle");
        journal.renew(ME, ALIVE);
        journal.renew(OTHER, LAPSED);
        journal.renew(released, ALIVE);
        journal.renew(idle, LAPSED);
        running(journal, "other's", OTHER, ALIVE);
        running(journal, "released", released, ALIVE);
        journal.release(released);
        SharedState shared = journal.sharedState();
        assertThat(shared.living()).containsExactly(ME.id());
        assertThat(shared.lapsed()).containsExactlyInAnyOrder(OTHER.id(), released.id());
        assertThat(shared.now()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAtWorkIsCountedByOwnerAndAccount(Server server) {
        JdbcTaskRepository journal = open(server.source());
        running(journal, "a", ME, ALIVE);
        running(journal, "b", OTHER, ALIVE);
        TaskRecord ended = running(journal, "c", OTHER, ALIVE);
        journal.update(
                ended.toBuilder()
                        .status(TaskStatus.SUCCEEDED)
                        .finishedAt(Instant.EPOCH)
                        .build(),
                ALIVE);
        assertThat(journal.countSent())
                .containsExactlyInAnyOrder(new SentTasks(ME.id(), "p/a", 1), new SentTasks(OTHER.id(), "p/a", 1));
    }

    @ParameterizedTest
    @EnumSource
    void aHintReachesTheOwnerOnce(Server server) {
        JdbcTaskRepository journal = open(server.source());
        running(journal, "r", OTHER, ALIVE);
        journal.leaveHint("p", "task of r");
        journal.leaveHint("p", "task of r");
        assertThat(journal.takeHints(ME)).isEmpty();
        assertThat(journal.takeHints(OTHER)).containsExactly("r");
        assertThat(journal.takeHints(OTHER)).isEmpty();
        journal.leaveHint("p", "task of r");
        assertThat(journal.takeHints(OTHER)).containsExactly("r");
    }

    @ParameterizedTest
    @EnumSource
    void aHintGoesToWhoeverOwnsTheTaskWhenItIsTaken(Server server) {
        JdbcTaskRepository journal = open(server.source());
        running(journal, "r", OTHER, LAPSED);
        journal.leaveHint("p", "task of r");
        assertThat(journal.claimLapsed(ME, Set.of("p/a"), ALIVE, 10)).hasSize(1);
        assertThat(journal.takeHints(OTHER)).isEmpty();
        assertThat(journal.takeHints(ME)).containsExactly("r");
    }

    /** Who sends webhooks is outside: ids that are invented must not fill the table. */
    @ParameterizedTest
    @EnumSource
    void hintsForUnknownOrEndedTasksAreNotKept(Server server) {
        JdbcTaskRepository journal = open(server.source());
        TaskRecord running = running(journal, "r", OTHER, ALIVE);
        journal.update(
                running.toBuilder()
                        .status(TaskStatus.FAILED)
                        .finishedAt(Instant.EPOCH)
                        .build(),
                ALIVE);
        journal.leaveHint("p", "task of r");
        journal.leaveHint("p", "task of nobody");
        journal.leaveHint("other provider", "task of r");
        assertThat(journal.takeHints(OTHER)).isEmpty();
    }
}
