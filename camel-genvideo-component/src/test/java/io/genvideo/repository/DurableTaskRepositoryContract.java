/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository;

import static io.genvideo.repository.Records.ACCOUNT;
import static io.genvideo.repository.Records.ME;
import static io.genvideo.repository.Records.OTHER;
import static io.genvideo.repository.Records.bare;
import static io.genvideo.repository.Records.fresh;
import static io.genvideo.repository.Records.full;
import static io.genvideo.repository.Records.taskOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a {@link TaskRepository} must do besides if it {@linkplain TaskRepository#isDurable outlives} its process. */
public abstract class DurableTaskRepositoryContract extends TaskRepositoryContract {

    /** The same records after a restart: {@link #journal} has been closed, and this one is not yet opened. */
    protected abstract TaskRepository reopen() throws Exception;

    private void restart() throws Exception {
        journal.close();
        journal = reopen();
        used(journal);
        journal.open(ME);
    }

    @Test
    void itSaysThatItIsDurable() {
        assertThat(journal.isDurable()).isTrue();
    }

    @Test
    void everyRecordIsThereAfterARestart() throws Exception {
        journal.reserve(full(), ALIVE);
        journal.reserve(bare(), ALIVE);
        TaskRecord watched = stored("r", TaskStatus.RUNNING, DeliveryState.OWNED, ALIVE);
        restart();
        assertThat(journal.findAll(List.of("r", "bare", full().recordId())))
                .containsExactlyInAnyOrder(watched, full(), bare());
        assertThat(journal.findByTaskId(ACCOUNT, taskOf("r"))).contains(watched);
    }

    @Test
    void keysAreTakenAfterARestart() throws Exception {
        TaskRecord first = journal.reserve(fresh("first", "k"), ALIVE);
        restart();
        assertThat(journal.reserve(fresh("second", "k"), ALIVE)).isEqualTo(first);
    }

    @Test
    void theLeasesOfThisOwnerGoOnAfterARestart() throws Exception {
        stored("alive", TaskStatus.RUNNING, DeliveryState.OWNED, ALIVE);
        stored("lapsed", TaskStatus.RUNNING, DeliveryState.OWNED, LAPSED);
        restart();
        assertThat(journal.claim("alive", OTHER, ALIVE)).isEmpty();
        assertThat(journal.claim("lapsed", OTHER, ALIVE)).isPresent();
    }

    @Test
    void whatWasForgottenStaysForgotten() throws Exception {
        TaskRecord unsent = journal.reserve(fresh("r", "k"), ALIVE);
        journal.discard(unsent);
        restart();
        assertThat(journal.find("r")).isEmpty();
    }
}
