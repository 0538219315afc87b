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
 * One run: the sandbox in this process, the route in another one. Pictures are dropped all the time; at moments drawn by lot
 * the route's process is killed and started again. In the end the service behaves, the process is left alone until every
 * picture is accounted for, and the books are held against the folders and the journal.
 */
final class CrashRun implements AutoCloseable {
    private static final String PROPERTIES = "route.properties";
    private static final Duration STEP = Duration.ofMillis(100);

    private final CrashSettings settings;
    private final PrintStream out;
    private final Random lots;
    private final Path folder;
    private final Arrivals arrivals;
    private final JournalCopy journal;
    private final List<Picture> pictures;
    private final Sandbox sandbox;
    private final RouteProcess route;
    private final Deaths deaths;
    private final Set<Picture> removed = new LinkedHashSet<>();
    private final AtomicInteger dropped = new AtomicInteger();

    CrashRun(CrashSettings settings, PrintStream out) throws IOException {
        this.settings = settings;
        this.out = out;
        this.lots = new Random(settings.seed());
        this.folder = settings.folder().resolve("drop");
        this.arrivals = new Arrivals(folder);
        this.journal = new JournalCopy(folder);
        this.pictures = IntStream.range(0, settings.pictures())
                .mapToObj(i -> Picture.of(i, directive()))
                .toList();
        clean(settings.folder());
        Files.createDirectories(folder);
        // The smallest videos, but one for each picture: what lies in the outbox can be held against what was made
        sandbox = Sandbox.start(SandboxConfig.builder()
                .seed(settings.seed())
                .maxDimension(64)
                .frameRate(1)
                .useFfmpeg(SandboxConfig.Ffmpeg.NEVER)
                .build());
        route = new RouteProcess(properties(), settings.folder().resolve("route.log"));
        deaths = new Deaths(route, sandbox.ledger(), arrivals, lots, settings.longestLife());
    }

    /** Tasks take between one and eight seconds; one in twenty fails at the service, one in forty is refused. */
    private String directive() {
        int lot = lots.nextInt(40);
        String time = " [[take: " + (1000 + lots.nextInt(7000)) + "ms]]";
        return lot == 0 ? " [[reject]]" : lot < 3 ? time + "[[fail: the model lost its way]]" : time;
    }

    private Path properties() throws IOException {
        List<String> properties = new ArrayList<>(List.of(
                "camel.main.name = crash",
                "genvideo.folder = " + folder,
                "camel.component.genvideo.pollInterval = 500ms"));
        properties.addAll(settings.service().properties(sandbox));
        return Files.write(settings.folder().resolve(PROPERTIES), properties);
    }

    /** Runs it all and says whether the accounts are right. */
    boolean run() {
        out.println("crash harness: " + settings);
        settings.service().faults().forEach(sandbox.faults()::add);
        Thread dropper = new Thread(this::dropAll, "dropper");
        dropper.setDaemon(true);
        dropper.start();
        for (int i = 0; i < settings.kills(); i++) {
            route.start();
            deaths.awaitMoment();
            out.printf(
                    "%2d. %s: %d pictures dropped, %d charged, %d videos there%n",
                    i + 1, deaths.strike(), dropped.get(), sandbox.ledger().creates(), arrivals.videos());
            remove(i);
        }
        route.start();
        out.println("left alone until everything is accounted for; what was removed comes five minutes after its end");
        // The service misbehaves until the last order has reached it
        boolean inTime = Patience.until(this::isOrdered, STEP, settings.patience());
        sandbox.faults().clear();
        inTime = inTime && Patience.until(this::isAccountedFor, STEP, settings.patience());
        route.terminate();
        return conclude(inTime);
    }

    /** Spread over the time that the kills take. */
    private void dropAll() {
        long each = settings.longestLife().toMillis() * settings.kills() / 2 / settings.pictures();
        Random pace = new Random(settings.seed() + 1);
        for (Picture picture : pictures) {
            picture.dropInto(arrivals.inbox());
            dropped.incrementAndGet();
            Patience.pass(Duration.ofMillis(pace.nextLong(2 * each + 1)));
        }
    }

    /** Takes pictures away, while nobody looks, whose tasks are paid and run: their videos have to come by the late route. */
    private void remove(int kill) {
        int due = settings.removals() * (kill + 1) / Math.max(1, settings.kills());
        if (removed.size() >= due) {
            return;
        }
        Map<String, JournalEntry> running = journal.read().stream()
                .filter(e -> e.status().isWatched() && e.reference() != null)
                .collect(Collectors.toMap(e -> String.valueOf(e.reference()), e -> e, (a, b) -> a));
        for (Picture picture : pictures) {
            if (removed.size() < due && arrivals.waits(picture) && running.containsKey(picture.fileName())) {
                try {
                    Files.delete(arrivals.inbox().resolve(picture.fileName()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                removed.add(picture);
            }
        }
    }

    /** Each picture was paid, or is not in the inbox any more. */
    private boolean isOrdered() {
        route.requireAlive();
        Set<String> paid = sandbox.ledger().charges().stream()
                .map(Ledger.Charge::sourceHash)
                .collect(Collectors.toSet());
        return dropped.get() == pictures.size()
                && pictures.stream().allMatch(p -> !arrivals.waits(p) || paid.contains(p.sourceHash()));
    }

    private boolean isAccountedFor() {
        route.requireAlive();
        return dropped.get() == pictures.size()
                && pictures.stream()
                        .allMatch(p -> !arrivals.waits(p) && (arrivals.hasVideo(p) || arrivals.hasReason(p)));
    }

    private boolean conclude(boolean inTime) {
        MadeVideos made = new MadeVideos(sandbox);
        Reckoning reckoning = new Reckoning(
                pictures, sandbox.ledger().charges(), journal.read(), arrivals, p -> made.has(arrivals, p));
        out.printf(
                "%d pictures, %s, %d pictures removed while their tasks ran, %d of them delivered%n",
                pictures.size(),
                deaths,
                removed.size(),
                removed.stream().filter(arrivals::hasVideo).count());
        out.println("requests: " + sandbox.ledger().requests());
        out.println("faults injected: " + faults());
        out.print(reckoning.report());
        boolean clean = sandbox.ledger().violationCount() == 0;
        if (!clean) {
            out.println("WRONG: requests outside of the service's contract: "
                    + sandbox.ledger().violations());
        }
        if (!inTime) {
            out.println("WRONG: not everything was accounted for in time" + route.tail());
        }
        boolean holds = reckoning.holds() && clean && inTime;
        out.println((holds ? "the accounts are right" : "THE ACCOUNTS ARE NOT RIGHT") + "; seed " + settings.seed()
                + ", all of it lies in " + settings.folder());
        return holds;
    }

    private Map<String, Long> faults() {
        return sandbox.ledger().injected().stream()
                .collect(Collectors.groupingBy(f -> f.route() + " " + f.kind(), TreeMap::new, Collectors.counting()));
    }

    /** What an earlier run has left; nothing else. */
    private static void clean(Path old) throws IOException {
        if (!Files.exists(old)) {
            return;
        }
        List<Path> all = new ArrayList<>();
        try (var files = Files.list(old)) {
            if (files.findAny().isPresent() && !Files.exists(old.resolve(PROPERTIES))) {
                throw new IllegalArgumentException(old + " holds other things: give an empty folder as crash.folder");
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
