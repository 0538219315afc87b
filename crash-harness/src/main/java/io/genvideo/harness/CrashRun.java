/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One crash run: the sandbox in this process, the route in another one. Pictures are dropped all the time; at random moments
 * the route's process is killed and started again. After the last kill the faults end, the process runs until every picture is
 * accounted for, and the ledger is compared with the folders and the journal.
 */
final class CrashRun implements AutoCloseable {
    private static final String PROPERTIES = "route.properties";
    private static final Duration STEP = Duration.ofMillis(100);

    private final CrashSettings settings;
    private final PrintStream out;
    private final Random random;
    private final Path folder;
    private final DropFolders folders;
    private final JournalCopy journal;
    private final List<Picture> pictures;
    private final Sandbox sandbox;
    private final RouteProcess route;
    private final ProcessKiller killer;
    private final Set<Picture> removed = new LinkedHashSet<>();
    private final AtomicInteger dropped = new AtomicInteger();

    CrashRun(CrashSettings settings, PrintStream out) throws IOException {
        this.settings = settings;
        this.out = out;
        this.random = new Random(settings.seed());
        this.folder = settings.folder().resolve("drop");
        this.folders = new DropFolders(folder);
        this.journal = new JournalCopy(folder);
        this.pictures = IntStream.range(0, settings.pictures())
                .mapToObj(i -> Picture.of(i, directive()))
                .toList();
        clean(settings.folder());
        Files.createDirectories(folder);
        // The smallest videos, but a different one for each picture, so that delivered and rendered bytes can be
        // compared
        sandbox = Sandbox.start(SandboxConfig.builder()
                .seed(settings.seed())
                .maxDimension(64)
                .frameRate(1)
                .useFfmpeg(SandboxConfig.Ffmpeg.NEVER)
                .build());
        route = new RouteProcess(
                RouteBuild.own().classPath(), properties(), settings.folder().resolve("route.log"));
        killer = new ProcessKiller(route, sandbox.ledger(), folders, random, settings.longestRun());
    }

    /** Returns whether every charge is accounted for, once. */
    static boolean run(CrashSettings settings, PrintStream out) throws IOException {
        try (CrashRun run = new CrashRun(settings, out)) {
            return run.run();
        }
    }

    /** Tasks take between one and eight seconds; one in twenty fails at the service, one in forty is rejected. */
    private String directive() {
        int draw = random.nextInt(40);
        String time = " [[take: " + (1000 + random.nextInt(7000)) + "ms]]";
        return draw == 0 ? " [[reject]]" : draw < 3 ? time + settings.provider().failure() : time;
    }

    private Path properties() throws IOException {
        List<String> properties = new ArrayList<>(List.of(
                "camel.main.name = crash",
                "genvideo.folder = " + folder,
                "camel.component.genvideo.pollInterval = 500ms"));
        properties.addAll(settings.provider().properties(sandbox));
        return Files.write(settings.folder().resolve(PROPERTIES), properties);
    }

    /** Returns whether every charge is accounted for, once. */
    boolean run() {
        out.println("crash harness: " + settings);
        settings.provider().faults().forEach(sandbox.faults()::add);
        Thread dropper = new Thread(this::dropAll, "dropper");
        dropper.setDaemon(true);
        dropper.start();
        for (int i = 0; i < settings.kills(); i++) {
            route.start();
            killer.awaitMoment();
            out.printf(
                    "%2d. %s: %d pictures dropped, %d charged, %d videos delivered%n",
                    i + 1, killer.kill(), dropped.get(), sandbox.ledger().creates(), folders.videos());
            remove(i);
        }
        route.start();
        out.println(
                "no more kills; waiting until every picture is accounted for (removed ones: five minutes after the end of their task)");
        // Faults go on until the last create
        boolean inTime = Waits.until(this::isSubmitted, STEP, settings.timeout());
        sandbox.faults().clear();
        inTime = inTime && Waits.until(this::isAccountedFor, STEP, settings.timeout());
        route.terminate();
        return conclude(inTime);
    }

    /** Spreads the pictures over the time that the kills take. */
    private void dropAll() {
        long each = settings.longestRun().toMillis() * settings.kills() / 2 / settings.pictures();
        Random pace = new Random(settings.seed() + 1);
        for (Picture picture : pictures) {
            picture.dropInto(folders.inbox());
            dropped.incrementAndGet();
            Waits.pause(Duration.ofMillis(pace.nextLong(2 * each + 1)));
        }
    }

    /** Deletes pictures whose tasks are paid and run: the route for late results has to deliver their videos. */
    private void remove(int kill) {
        int due = settings.removals() * (kill + 1) / Math.max(1, settings.kills());
        if (removed.size() >= due) {
            return;
        }
        Map<String, JournalEntry> running = journal.read().stream()
                .filter(e -> e.status().isWatched() && e.reference() != null)
                .collect(Collectors.toMap(e -> String.valueOf(e.reference()), e -> e, (a, b) -> a));
        for (Picture picture : pictures) {
            if (removed.size() < due && folders.isInInbox(picture) && running.containsKey(picture.fileName())) {
                try {
                    Files.delete(folders.inbox().resolve(picture.fileName()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                removed.add(picture);
            }
        }
    }

    /** Whether each picture was paid, or has left the inbox. */
    private boolean isSubmitted() {
        route.requireAlive();
        Set<String> paid = sandbox.ledger().charges().stream()
                .map(Ledger.Charge::sourceHash)
                .collect(Collectors.toSet());
        return dropped.get() == pictures.size()
                && pictures.stream().allMatch(p -> !folders.isInInbox(p) || paid.contains(p.sourceHash()));
    }

    private boolean isAccountedFor() {
        route.requireAlive();
        return dropped.get() == pictures.size()
                && pictures.stream()
                        .allMatch(p -> !folders.isInInbox(p) && (folders.hasVideo(p) || folders.hasReason(p)));
    }

    private boolean conclude(boolean inTime) {
        VideoComparison videos = new VideoComparison(sandbox, folders);
        LedgerAudit audit =
                new LedgerAudit(pictures, sandbox.ledger().charges(), journal.read(), folders, videos::matches);
        out.printf(
                "%d pictures, %s, %d pictures removed while their tasks ran, %d of them delivered%n",
                pictures.size(),
                killer,
                removed.size(),
                removed.stream().filter(folders::hasVideo).count());
        out.println("requests: " + sandbox.ledger().requests());
        out.println("faults injected: " + faults());
        out.print(audit.report());
        boolean clean = sandbox.ledger().violationCount() == 0;
        if (!clean) {
            out.println("WRONG: requests that violate the contract: "
                    + sandbox.ledger().violations());
        }
        if (!inTime) {
            out.println("WRONG: not every picture was accounted for in time" + route.tail());
        }
        boolean holds = audit.holds() && clean && inTime;
        out.println((holds ? "PASSED" : "FAILED") + "; seed " + settings.seed() + ", files in " + settings.folder());
        return holds;
    }

    private Map<String, Long> faults() {
        return sandbox.ledger().injected().stream()
                .collect(Collectors.groupingBy(f -> f.route() + " " + f.kind(), TreeMap::new, Collectors.counting()));
    }

    /** Deletes the files of an earlier run, and refuses to delete anything else. */
    private static void clean(Path old) throws IOException {
        if (!Files.exists(old)) {
            return;
        }
        List<Path> all = new ArrayList<>();
        try (var files = Files.list(old)) {
            if (files.findAny().isPresent() && !Files.exists(old.resolve(PROPERTIES))) {
                throw new IllegalArgumentException("crash.folder=" + old
                        + " holds files of something else; allowed: an empty folder, or that of an earlier run");
            }
        }
        try (var files = Files.walk(old)) {
            files.forEach(all::add);
        }
        for (int i = all.size() - 1; i >= 0; i--) {
            Files.delete(all.get(i));
        }
    }

    @Override
    public void close() {
        route.close();
        sandbox.close();
    }
}
