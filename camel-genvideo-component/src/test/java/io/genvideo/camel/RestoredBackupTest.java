/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.model.GenerationFailedException;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import io.genvideo.model.UncertainSubmissionException;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.sandbox.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that is restored from a backup does not know what was paid since: {@code restoredFrom} prevents paying again. */
class RestoredBackupTest {
    private static final String ENDPOINT = "genvideo:ima/text_to_video?" + ImaContext.QUICK;

    private final String account = "ima_" + UUID.randomUUID();

    @TempDir
    Path folder;

    private ImaContext node = new ImaContext();

    @AfterEach
    void stop() {
        node.close();
    }

    private void start(String restoredFrom) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:file:" + folder.resolve("journal") + ";DB_CLOSE_ON_EXIT=FALSE");
        source.setUser("sa");
        JdbcTaskRepository journal = new JdbcTaskRepository(source);
        if (!restoredFrom.isEmpty()) {
            journal.setRestoredFrom(restoredFrom);
        }
        node = new ImaContext();
        node.component().getAccounts().put("ima", ImaContext.account(account));
        node.component().setTaskRepository(journal);
        node.start();
    }

    private void copy(String from, String to) throws IOException {
        node.close();
        Files.copy(folder.resolve(from + ".mv.db"), folder.resolve(to + ".mv.db"), StandardCopyOption.REPLACE_EXISTING);
    }

    private Exchange send(String key, Map<String, Object> more) {
        Map<String, Object> headers = new HashMap<>(more);
        headers.put(GenvideoConstants.IDEMPOTENCY_KEY, key);
        return node.send(ENDPOINT, "a lake", headers);
    }

    private Exchange send(String key) {
        return send(key, Map.of());
    }

    private Exchange resolve(String recordId, Map<String, Object> how) {
        Map<String, Object> headers = new HashMap<>(how);
        headers.put(GenvideoConstants.RECORD_ID, recordId);
        return node.send("genvideo:ima/resolve", e -> e.getMessage().setHeaders(headers));
    }

    private List<Ledger.Charge> charges() {
        return ImaContext.sandbox().ledger().charges().stream()
                .filter(c -> c.account().equals(Ledger.account(account)))
                .toList();
    }

    /** One request before the backup, one after it. */
    private String restore() throws IOException {
        start("");
        assertThat(send("before").getException()).isNull();
        copy("journal", "backup");
        String time = Instant.now().toString();
        start("");
        assertThat(send("after").getException()).isNull();
        copy("backup", "journal");
        return time;
    }

    private String held(Exchange exchange) {
        assertThat(exchange.getException())
                .isInstanceOfSatisfying(
                        UncertainSubmissionException.class,
                        e -> assertThat(e.getPaid()).isEqualTo(Paid.UNKNOWN))
                .hasMessageContaining("restored from a backup");
        return ((GenvideoException) exchange.getException()).getRecordId();
    }

    @Test
    void paysAgainForWhatWasCreatedSinceTheBackupIfNothingIsSaid() throws IOException {
        restore();
        start("");
        assertThat(send("before").getException()).isNull();
        assertThat(send("after").getException()).isNull();
        assertThat(charges()).hasSize(3);
    }

    @Test
    void holdsARequestThatItDoesNotKnow() throws IOException {
        start(restore());
        assertThat(send("before").getMessage().getHeader(GenvideoConstants.REPLAYED))
                .isEqualTo(true);
        String record = held(send("after"));
        assertThat(held(send("after"))).as("the same record, each time").isEqualTo(record);
        assertThat(node.component().getUncertainTasks()).isEqualTo(1);
        assertThat(charges()).hasSize(2);
    }

    @Test
    void deliversTheTaskThatAPersonFindsAtTheService() throws IOException {
        start(restore());
        String record = held(send("after"));
        String taskId = charges().get(1).taskId();

        assertThat(resolve(record, Map.of(GenvideoConstants.RESOLUTION, "adopt", GenvideoConstants.TASK_ID, taskId))
                        .getException())
                .isNull();

        Exchange again = send("after");
        assertThat(again.getException()).isNull();
        assertThat(again.getMessage().getHeader(GenvideoConstants.TASK_ID)).isEqualTo(taskId);
        assertThat(charges()).hasSize(2);
    }

    @Test
    void sendsARequestThatAPersonHasReleased() throws IOException {
        start(restore());
        String record = held(send("new"));
        assertThat(resolve(record, Map.of(GenvideoConstants.RESOLUTION, "release"))
                        .getException())
                .isNull();
        assertThat(send("new").getException()).isNull();
        assertThat(charges()).hasSize(3);
    }

    /** The backup knows an attempt that failed; there may have been another one since. */
    @Test
    void holdsANewAttemptAfterAFailureOfTheBackup() throws IOException {
        start("");
        assertThat(tryOnce().getException()).isInstanceOf(GenerationFailedException.class);
        copy("journal", "backup");
        String time = Instant.now().toString();
        start("");
        assertThat(tryOnce().getException()).isInstanceOf(GenerationFailedException.class);
        copy("backup", "journal");
        assertThat(charges()).hasSize(2);

        start(time);
        held(tryOnce());
        assertThat(charges()).hasSize(2);
    }

    private Exchange tryOnce() {
        return node.send(
                ENDPOINT + "&retryFailed=1",
                "a lake [[fail: the model lost its way]]",
                Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "tried"));
    }

    @Test
    void sendsNewRequestsAgainWithoutTheOption() throws IOException {
        start(restore());
        held(send("after"));
        node.close();
        start("");
        assertThat(send("after").getException())
                .as("what was held stays held")
                .isInstanceOf(UncertainSubmissionException.class);
        assertThat(send("later").getException()).isNull();
        assertThat(charges()).hasSize(3);
    }

    @Test
    void refusesATimeThatIsInvalid() {
        JdbcTaskRepository journal = new JdbcTaskRepository(new JdbcDataSource());
        assertThatThrownBy(() -> journal.setRestoredFrom("yesterday"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("restoredFrom 'yesterday', must be the time of the backup");
        String tomorrow = Instant.now().plus(Duration.ofDays(1)).toString();
        assertThatThrownBy(() -> start(tomorrow)).rootCause().hasMessageContaining("must not be in the future");
    }
}
