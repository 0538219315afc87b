/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.harness.Reckoning.Fate;
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

/** A harness that can't fail proves nothing. */
class ReckoningTest {
    @TempDir
    Path folder;

    private final Picture picture = Picture.of(7, "");
    private final List<Ledger.Charge> charges = new ArrayList<>();
    private final List<JournalEntry> journal = new ArrayList<>();

    private Reckoning reckon() {
        return new Reckoning(List.of(picture), charges, journal, new Arrivals(folder), p -> true);
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
    void aVideoBesideItsTaskIsDelivered() throws Exception {
        charge("t1");
        record(TaskStatus.SUCCEEDED, DeliveryState.DELIVERED, "t1");
        video("t1");

        assertThat(reckon().holds()).isTrue();
        assertThat(reckon().charged(Fate.DELIVERED)).isEqualTo(1);
    }

    @Test
    void aSecondChargeIsSeenThoughItsVideoCame() throws Exception {
        charge("t1");
        charge("t2");
        record(TaskStatus.SUCCEEDED, DeliveryState.DELIVERED, "t1");
        record(TaskStatus.SUCCEEDED, DeliveryState.DELIVERED, "t2");
        video("t2");

        assertThat(reckon().holds()).isFalse();
        assertThat(reckon().chargedTwice()).isEqualTo(1);
        assertThat(reckon().report()).contains("charged twice: 1");
    }

    @Test
    void aSecondChargeIsSeenThoughBothAreUncertain() {
        charge("t1");
        charge("t2");
        record(TaskStatus.UNCERTAIN, DeliveryState.DELIVERED, null);

        assertThat(reckon().holds()).isFalse();
    }

    @Test
    void aResultThatIsSaidToBeDeliveredAndIsNowhereIsLost() {
        charge("t1");
        record(TaskStatus.SUCCEEDED, DeliveryState.DELIVERED, "t1");

        assertThat(reckon().holds()).isFalse();
        assertThat(reckon().charged(Fate.LOST)).isEqualTo(1);
    }

    @Test
    void aChargeThatTheJournalDoesNotKnowIsLost() {
        charge("t1");

        assertThat(reckon().holds()).isFalse();
    }

    @Test
    void theVideoOfAnotherTaskIsNotThisOnes() throws Exception {
        charge("t1");
        record(TaskStatus.SUCCEEDED, DeliveryState.DELIVERED, "t1");
        video("t2");

        assertThat(reckon().holds()).isFalse();
    }

    @Test
    void aFailureThatNobodyWasToldIsLost() throws Exception {
        charge("t1");
        record(TaskStatus.FAILED, DeliveryState.DELIVERED, "t1");
        assertThat(reckon().holds()).isFalse();

        reason();
        assertThat(reckon().holds()).isTrue();
        assertThat(reckon().charged(Fate.FAILED)).isEqualTo(1);
    }

    @Test
    void whatRunsOrIsKeptForAnExchangeIsOpen() {
        charge("t1");
        record(TaskStatus.SUCCEEDED, DeliveryState.AVAILABLE, "t1");

        assertThat(reckon().holds()).isTrue();
        assertThat(reckon().charged(Fate.OPEN)).isEqualTo(1);
    }

    @Test
    void anUncertainRecordSpeaksForItsCharge() {
        charge("t1");
        record(TaskStatus.UNCERTAIN, DeliveryState.DELIVERED, null);

        assertThat(reckon().holds()).isTrue();
        assertThat(reckon().charged(Fate.UNCERTAIN)).isEqualTo(1);
        assertThat(reckon().report()).contains("uncertain: picture-007.jpg [record record-0]");
    }

    @Test
    void anUncertainRecordWithoutAChargeIsCountedApart() {
        record(TaskStatus.UNCERTAIN, DeliveryState.DELIVERED, null);

        assertThat(reckon().holds()).isTrue();
        assertThat(reckon().uncharged(Fate.UNCERTAIN)).isEqualTo(1);
        assertThat(reckon().charged()).isZero();
    }

    @Test
    void aPictureThatHasVanishedIsLostThoughNothingWasPaid() {
        assertThat(reckon().holds()).isFalse();
        assertThat(reckon().uncharged(Fate.LOST)).isEqualTo(1);
    }

    @Test
    void aChargeForNoPictureIsNotOverlooked() throws Exception {
        charge("t1");
        record(TaskStatus.SUCCEEDED, DeliveryState.DELIVERED, "t1");
        video("t1");
        charge("t2", "somethingelse");

        assertThat(reckon().holds()).isFalse();
    }
}
