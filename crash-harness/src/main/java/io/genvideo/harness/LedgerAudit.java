/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.model.TaskStatus;
import io.genvideo.sandbox.Ledger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Compares the ledger of the sandbox with the files that were delivered and with the journal. Every charge must be exactly one
 * of delivered, failed, open and uncertain (docs/design.md section 4), and no picture may have been charged twice.
 */
final class LedgerAudit {

    /** The outcome of a picture or of one of its charges. */
    enum Outcome {
        /** Its complete video is in the outbox, beside the JSON of the task that was charged. */
        DELIVERED,
        /** Its task failed, and the folder {@code failed} has the reason. */
        FAILED,
        /** Its task runs at the service, or its outcome is kept for an exchange. */
        OPEN,
        /** The response to create was lost, and the journal has an uncertain record. */
        UNCERTAIN,
        /** None of these. */
        LOST
    }

    private final Map<String, List<Ledger.Charge>> charges;
    private final Map<String, List<JournalEntry>> journal;
    private final DropFolders folders;
    private final Predicate<Picture> videoMatches;
    private final Map<Outcome, List<Picture>> charged = new EnumMap<>(Outcome.class);
    private final Map<Outcome, List<Picture>> uncharged = new EnumMap<>(Outcome.class);
    private final List<Picture> twice = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final int totalCharges;

    /**
     * @param journal all of its records
     * @param videoMatches whether the video in the outbox is the one that the service made for this picture
     */
    LedgerAudit(
            Collection<Picture> pictures,
            List<Ledger.Charge> allCharges,
            List<JournalEntry> journal,
            DropFolders folders,
            Predicate<Picture> videoMatches) {
        this.charges = allCharges.stream().collect(Collectors.groupingBy(Ledger.Charge::sourceHash));
        this.journal = journal.stream()
                .filter(e -> e.reference() != null)
                .collect(Collectors.groupingBy(e -> String.valueOf(e.reference())));
        this.folders = folders;
        this.videoMatches = videoMatches;
        this.totalCharges = allCharges.size();
        pictures.forEach(this::classify);
        checkUnknown(pictures, allCharges, journal);
    }

    private void classify(Picture picture) {
        List<Ledger.Charge> paid = charges.getOrDefault(picture.sourceHash(), List.of());
        if (paid.size() > 1) {
            twice.add(picture);
            errors.add(picture + " was charged " + paid.size() + " times: "
                    + paid.stream()
                            .map(c -> c.taskId() + " at " + c.time()
                                    + (c.promptHash().equals(Ledger.hash(picture.prompt()))
                                            ? ""
                                            : " with another prompt"))
                            .collect(Collectors.joining(", "))
                    + "; its records: " + records(picture));
        }
        if (paid.isEmpty()) {
            add(uncharged, outcomeWithoutCharge(picture), picture);
        } else {
            paid.forEach(c -> add(charged, outcome(picture, c), picture));
        }
    }

    private Outcome outcome(Picture picture, Ledger.Charge charge) {
        List<JournalEntry> records = records(picture);
        Optional<JournalEntry> own =
                records.stream().filter(e -> charge.taskId().equals(e.taskId())).findFirst();
        if (folders.hasVideo(picture)
                && folders.taskId(picture).filter(charge.taskId()::equals).isPresent()) {
            if (!videoMatches.test(picture)) {
                errors.add("the video of " + picture + " is not the one that the service made");
                return Outcome.LOST;
            }
            return Outcome.DELIVERED;
        }
        if (own.isPresent()) {
            TaskStatus status = own.get().status();
            if (own.get().isOpen()) {
                return Outcome.OPEN;
            }
            return status == TaskStatus.SUCCEEDED || !folders.hasReason(picture)
                    ? lost(picture, "its record is " + own.get())
                    : Outcome.FAILED;
        }
        return records.stream().anyMatch(JournalEntry::isUncertain)
                ? Outcome.UNCERTAIN
                : lost(picture, "task " + charge.taskId() + " was charged, and its records are " + records);
    }

    private Outcome outcomeWithoutCharge(Picture picture) {
        if (folders.hasVideo(picture)) {
            return lost(picture, "it has a video without a charge");
        }
        List<JournalEntry> records = records(picture);
        if (records.stream().anyMatch(JournalEntry::isUncertain)) {
            return Outcome.UNCERTAIN;
        }
        if (folders.isInInbox(picture)) {
            return Outcome.OPEN;
        }
        return folders.hasReason(picture)
                ? Outcome.FAILED
                : lost(picture, "it is in no folder, and its records are " + records);
    }

    private Outcome lost(Picture picture, String what) {
        errors.add(picture + " is lost: " + what);
        return Outcome.LOST;
    }

    private void checkUnknown(Collection<Picture> pictures, List<Ledger.Charge> all, List<JournalEntry> entries) {
        List<String> known = pictures.stream().map(Picture::sourceHash).toList();
        all.stream()
                .filter(c -> !known.contains(c.sourceHash()))
                .forEach(c -> errors.add("task " + c.taskId() + " was charged for no picture of this run"));
        folders.unknownVideos(pictures)
                .forEach(n -> errors.add("the outbox holds " + n + ", which belongs to no picture"));
        entries.stream()
                .filter(e -> e.reference() == null)
                .forEach(e -> errors.add("a record without reference: " + e));
        journal.forEach((name, records) -> {
            if (records.stream().filter(JournalEntry::isUncertain).count() > 1) {
                errors.add(name + " is uncertain more than once: " + records);
            }
        });
    }

    private List<JournalEntry> records(Picture picture) {
        return journal.getOrDefault(picture.fileName(), List.of());
    }

    private static void add(Map<Outcome, List<Picture>> to, Outcome outcome, Picture picture) {
        to.computeIfAbsent(outcome, f -> new ArrayList<>()).add(picture);
    }

    int charged() {
        return totalCharges;
    }

    int charged(Outcome outcome) {
        return charged.getOrDefault(outcome, List.of()).size();
    }

    int uncharged(Outcome outcome) {
        return uncharged.getOrDefault(outcome, List.of()).size();
    }

    int chargedTwice() {
        return twice.size();
    }

    /** Descriptions of all violations; empty if there is none. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    /** Whether every charge is accounted for, once. */
    boolean holds() {
        return errors.isEmpty() && chargedTwice() == 0 && totalCharges == accounted();
    }

    private int accounted() {
        return charged(Outcome.DELIVERED)
                + charged(Outcome.FAILED)
                + charged(Outcome.OPEN)
                + charged(Outcome.UNCERTAIN);
    }

    /** The table, the identity, the uncertain records and the violations. */
    String report() {
        StringBuilder out = new StringBuilder();
        out.append(String.format(Locale.ROOT, "%-12s %8s %12s%n", "", "charged", "not charged"));
        for (Outcome outcome : Outcome.values()) {
            out.append(String.format(
                    Locale.ROOT,
                    "%-12s %8d %12d%n",
                    outcome.name().toLowerCase(Locale.ROOT),
                    charged(outcome),
                    uncharged(outcome)));
        }
        out.append(String.format(
                Locale.ROOT,
                "charged = delivered + failed + open + uncertain: %d %s %d + %d + %d + %d%n",
                totalCharges,
                totalCharges == accounted() ? "=" : "!=",
                charged(Outcome.DELIVERED),
                charged(Outcome.FAILED),
                charged(Outcome.OPEN),
                charged(Outcome.UNCERTAIN)));
        out.append("charged twice: ").append(chargedTwice()).append('\n');
        journal.values().stream()
                .flatMap(List::stream)
                .filter(JournalEntry::isUncertain)
                .sorted((a, b) -> String.valueOf(a.reference()).compareTo(String.valueOf(b.reference())))
                .forEach(e -> out.append("uncertain: ")
                        .append(e.reference())
                        .append(" [record ")
                        .append(e.recordId())
                        .append("]\n"));
        errors.forEach(c -> out.append("WRONG: ").append(c).append('\n'));
        return out.toString();
    }
}
