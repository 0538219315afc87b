/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.harness.LedgerAudit.Outcome;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.sandbox.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shows that the audit detects each violation: an audit that can't fail proves nothing. */
class LedgerAuditTest {
    @TempDir
    Path folder;

    private final Picture picture = Picture.of(7, "");
    private final List<Ledger.Charge> charges = new ArrayList<>();
    private final List<JournalEntry> journal = new ArrayList<>();

    private LedgerAudit audit() {
        return new LedgerAudit(List.of(picture), charges, journal, new DropFolders(folder), p -> true);
    }

    private void charge(String taskId) {
        charge(taskId, picture.sourceHash());
    }

    private void charge(String taskId, String sourceHash) {
        charges.add(new Ledger.Charge(
                Instant.EPOCH, "ima", "acct", taskId, "m", 40, Ledger.hash(picture.prompt()), sourceHash));
    }

    private void record(TaskStatus status, DeliveryState delivery, String taskId) {
        journal.add(new JournalEntry("record-" + journal.size(), status, delivery, taskId, picture.fileName()));
    }

    private void video(String taskId) throws IOException {
        write("outbox/" + picture.name() + ".mp4", "video");
        write("outbox/" + picture.name() + ".json", "{\"handle\":\"" + taskId + "\"}");
    }

    private void reason() throws IOException {
        write("failed/" + picture.name() + ".reason.txt", "because");
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void countsVideoWithItsTaskAsDelivered() throws Exception {
        charge("t1");
        record(TaskStatus.SUCCEEDED, DeliveryState.DELIVERED, "t1");
        video("t1");

        assertThat(audit().holds()).isTrue();
        assertThat(audit().charged(Outcome.DELIVERED)).isEqualTo(1);
    }

    @Test
    void detectsSecondChargeAlthoughItsVideoWasDelivered() throws Exception {
        charge("t1");
        charge("t2");
        record(TaskStatus.SUCCEEDED, DeliveryState.DELIVERED, "t1");
        record(TaskStatus.SUCCEEDED, DeliveryState.DELIVERED, "t2");
        video("t2");

        assertThat(audit().holds()).isFalse();
        assertThat(audit().chargedTwice()).isEqualTo(1);
        assertThat(audit().report()).contains("charged twice: 1");
    }

    @Test
    void detectsSecondChargeAlthoughBothAreUncertain() {
        charge("t1");
        charge("t2");
        record(TaskStatus.UNCERTAIN, DeliveryState.DELIVERED, null);

        assertThat(audit().holds()).isFalse();
    }

    @Test
    void countsDeliveredRecordWithoutVideoAsLost() {
        charge("t1");
        record(TaskStatus.SUCCEEDED, DeliveryState.DELIVERED, "t1");

        assertThat(audit().holds()).isFalse();
        assertThat(audit().charged(Outcome.LOST)).isEqualTo(1);
    }

    @Test
    void countsChargeWithoutRecordAsLost() {
        charge("t1");

        assertThat(audit().holds()).isFalse();
    }

    @Test
    void countsChargeWithVideoOfAnotherTaskAsLost() throws Exception {
        charge("t1");
        record(TaskStatus.SUCCEEDED, DeliveryState.DELIVERED, "t1");
        video("t2");

        assertThat(audit().holds()).isFalse();
    }

    @Test
    void countsFailureWithoutReasonAsLost() throws Exception {
        charge("t1");
        record(TaskStatus.FAILED, DeliveryState.DELIVERED, "t1");
        assertThat(audit().holds()).isFalse();

        reason();
        assertThat(audit().holds()).isTrue();
        assertThat(audit().charged(Outcome.FAILED)).isEqualTo(1);
    }

    @Test
    void countsUndeliveredResultAsOpen() {
        charge("t1");
        record(TaskStatus.SUCCEEDED, DeliveryState.AVAILABLE, "t1");

        assertThat(audit().holds()).isTrue();
        assertThat(audit().charged(Outcome.OPEN)).isEqualTo(1);
    }

    @Test
    void countsChargeWithUncertainRecordAsUncertain() {
        charge("t1");
        record(TaskStatus.UNCERTAIN, DeliveryState.DELIVERED, null);

        assertThat(audit().holds()).isTrue();
        assertThat(audit().charged(Outcome.UNCERTAIN)).isEqualTo(1);
        assertThat(audit().report()).contains("uncertain: picture-007.jpg [record record-0]");
    }

    @Test
    void countsUncertainRecordWithoutChargeSeparately() {
        record(TaskStatus.UNCERTAIN, DeliveryState.DELIVERED, null);

        assertThat(audit().holds()).isTrue();
        assertThat(audit().uncharged(Outcome.UNCERTAIN)).isEqualTo(1);
        assertThat(audit().charged()).isZero();
    }

    @Test
    void countsVanishedPictureAsLostAlthoughNothingWasPaid() {
        assertThat(audit().holds()).isFalse();
        assertThat(audit().uncharged(Outcome.LOST)).isEqualTo(1);
    }

    @Test
    void detectsChargeOfUnknownPicture() throws Exception {
        charge("t1");
        record(TaskStatus.SUCCEEDED, DeliveryState.DELIVERED, "t1");
        video("t1");
        charge("t2", "somethingelse");

        assertThat(audit().holds()).isFalse();
    }
}
