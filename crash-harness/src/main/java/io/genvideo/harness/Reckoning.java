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
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The service's books held against what arrived and what the journal says. Everything that was charged must be exactly one of
 * delivered, failed, open and uncertain (docs/design.md section 4), and no picture may have been charged twice.
 */
final class Reckoning {

    /** What became of a picture. */
    enum Fate {
        /** Its video is in the outbox, whole, beside the task that was charged. */
        DELIVERED,
        /** Its task failed, and the folder for that says why. */
        FAILED,
        /** Its task is at the service, or its outcome is kept for an exchange. */
        OPEN,
        /** The answer to create was lost, and the journal says so. */
        UNCERTAIN,
        /** It was taken, and nothing tells what became of it. */
        LOST
    }

    private final Map<String, List<Ledger.Charge>> charges;
    private final Map<String, List<JournalEntry>> journal;
    private final Arrivals arrivals;
    private final Function<Picture, Boolean> isWhole;
    private final Map<Fate, List<Picture>> charged = new EnumMap<>(Fate.class);
    private final Map<Fate, List<Picture>> uncharged = new EnumMap<>(Fate.class);
    private final List<Picture> twice = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final int chargedInAll;

    /**
     * @param journal empty if the route has none that can be read
     * @param isWhole whether the video in the outbox is the one that the service made for this picture
     */
    Reckoning(
            Collection<Picture> pictures,
            List<Ledger.Charge> allCharges,
            List<JournalEntry> journal,
            Arrivals arrivals,
            Function<Picture, Boolean> isWhole) {
        this.charges = allCharges.stream().collect(Collectors.groupingBy(Ledger.Charge::sourceHash));
        this.journal = journal.stream()
                .filter(e -> e.reference() != null)
                .collect(Collectors.groupingBy(e -> String.valueOf(e.reference())));
        this.arrivals = arrivals;
        this.isWhole = isWhole;
        this.chargedInAll = allCharges.size();
        pictures.forEach(this::settle);
        strangers(pictures, allCharges, journal);
    }

    private void settle(Picture picture) {
        List<Ledger.Charge> paid = charges.getOrDefault(picture.sourceHash(), List.of());
        if (paid.size() > 1) {
            twice.add(picture);
            complaints.add(picture + " was charged " + paid.size() + " times: "
                    + paid.stream()
                            .map(c -> c.taskId() + " at " + c.time()
                                    + (c.promptHash().equals(Ledger.hash(picture.prompt()))
                                            ? ""
                                            : " with another prompt"))
                            .collect(Collectors.joining(", "))
                    + "; its records: " + records(picture));
        }
        if (paid.isEmpty()) {
            add(uncharged, unpaid(picture), picture);
        } else {
            paid.forEach(c -> add(charged, paid(picture, c), picture));
        }
    }

    private Fate paid(Picture picture, Ledger.Charge charge) {
        List<JournalEntry> records = records(picture);
        Optional<JournalEntry> own =
                records.stream().filter(e -> charge.taskId().equals(e.taskId())).findFirst();
        if (arrivals.hasVideo(picture)
                && arrivals.taskId(picture).filter(charge.taskId()::equals).isPresent()) {
            if (!isWhole.apply(picture)) {
                complaints.add("the video of " + picture + " is not the one that the service made");
                return Fate.LOST;
            }
            return Fate.DELIVERED;
        }
        if (own.isPresent()) {
            TaskStatus status = own.get().status();
            if (own.get().isOpen()) {
                return Fate.OPEN;
            }
            return status == TaskStatus.SUCCEEDED || !arrivals.hasReason(picture)
                    ? lost(picture, "its record says " + own.get())
                    : Fate.FAILED;
        }
        return records.stream().anyMatch(JournalEntry::isUncertain)
                ? Fate.UNCERTAIN
                : lost(picture, "task " + charge.taskId() + " was charged, and its records are " + records);
    }

    private Fate unpaid(Picture picture) {
        if (arrivals.hasVideo(picture)) {
            return lost(picture, "it has a video that nobody has paid");
        }
        List<JournalEntry> records = records(picture);
        if (records.stream().anyMatch(JournalEntry::isUncertain)) {
            return Fate.UNCERTAIN;
        }
        if (arrivals.waits(picture)) {
            return Fate.OPEN;
        }
        return arrivals.hasReason(picture) ? Fate.FAILED : lost(picture, "it is nowhere; its records are " + records);
    }

    private Fate lost(Picture picture, String what) {
        complaints.add(picture + " is lost: " + what);
        return Fate.LOST;
    }

    private void strangers(Collection<Picture> pictures, List<Ledger.Charge> all, List<JournalEntry> entries) {
        List<String> known = pictures.stream().map(Picture::sourceHash).toList();
        all.stream()
                .filter(c -> !known.contains(c.sourceHash()))
                .forEach(c -> complaints.add("task " + c.taskId() + " was charged for no picture of this run"));
        arrivals.strangers(pictures).forEach(n -> complaints.add("the outbox holds " + n + ", which nobody dropped"));
        entries.stream()
                .filter(e -> e.reference() == null)
                .forEach(e -> complaints.add("a record has lost its reference: " + e));
        journal.forEach((name, records) -> {
            if (records.stream().filter(JournalEntry::isUncertain).count() > 1) {
                complaints.add(name + " is uncertain more than once: " + records);
            }
        });
    }

    private List<JournalEntry> records(Picture picture) {
        return journal.getOrDefault(picture.fileName(), List.of());
    }

    private static void add(Map<Fate, List<Picture>> to, Fate fate, Picture picture) {
        to.computeIfAbsent(fate, f -> new ArrayList<>()).add(picture);
    }

    int charged() {
        return chargedInAll;
    }

    int charged(Fate fate) {
        return charged.getOrDefault(fate, List.of()).size();
    }

    int uncharged(Fate fate) {
        return uncharged.getOrDefault(fate, List.of()).size();
    }

    int chargedTwice() {
        return twice.size();
    }

    /** What is wrong, in words; empty if nothing is. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Whether everything that was paid is accounted for, once. */
    boolean holds() {
        return complaints.isEmpty() && chargedTwice() == 0 && chargedInAll == accounted();
    }

    private int accounted() {
        return charged(Fate.DELIVERED) + charged(Fate.FAILED) + charged(Fate.OPEN) + charged(Fate.UNCERTAIN);
    }

    /** The table and the identity. */
    String report() {
        StringBuilder out = new StringBuilder();
        out.append(String.format(Locale.ROOT, "%-12s %8s %12s%n", "", "charged", "not charged"));
        for (Fate fate : Fate.values()) {
            out.append(String.format(
                    Locale.ROOT,
                    "%-12s %8d %12d%n",
                    fate.name().toLowerCase(Locale.ROOT),
                    charged(fate),
                    uncharged(fate)));
        }
        out.append(String.format(
                Locale.ROOT,
                "charged = delivered + failed + open + uncertain: %d %s %d + %d + %d + %d%n",
                chargedInAll,
                chargedInAll == accounted() ? "=" : "!=",
                charged(Fate.DELIVERED),
                charged(Fate.FAILED),
                charged(Fate.OPEN),
                charged(Fate.UNCERTAIN)));
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
        complaints.forEach(c -> out.append("WRONG: ").append(c).append('\n'));
        return out.toString();
    }
}
