/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.sandbox.Fault;
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
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Several nodes with one journal in PostgreSQL. Pictures are dropped into the inboxes of all of them, while nodes are killed,
 * stopped, frozen and cut off, and the database is restarted, crashes and hangs. Then everything is put right, and the ledger is
 * compared with the folders and the journal, as after a {@link CrashRun}; polls and takeovers are counted, too.
 */
final class ClusterRun implements AutoCloseable {
    static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    /** The lease, and 10 s. */
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(40);

    /** One look at the journal more than the time that was waited. */
    private static final Duration PRECISION = Duration.ofSeconds(1);

    private static final Duration STEP = Duration.ofMillis(200);
    private static final Duration CREATE_STALLS = Duration.ofSeconds(2);
    private static final long BETWEEN_EVENTS = 16_000;
    private static final String LATE_ANSWER = "late answer of its create call";
    /** Index of the node that runs another build if one is set. */
    private static final int OTHER_NODE = 1;

    private final ClusterSettings settings;
    private final PrintStream out;
    private final Random random;
    private final Path folder;
    private final DropFolders folders;
    private final List<Picture> pictures;
    private final Sandbox sandbox;
    private final ClusterDatabase database;
    private final List<ClusterNode> nodes = new ArrayList<>();
    private final TakeoverMonitor monitor;
    private final Queue<Ledger.Poll> polls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger dropped = new AtomicInteger();

    ClusterRun(ClusterSettings settings, PrintStream out) throws IOException {
        this.settings = settings;
        this.out = out;
        this.random = new Random(settings.seed());
        this.folder = settings.folder().resolve("run-" + settings.seed() + "-" + System.nanoTime());
        Files.createDirectories(folder);
        List<String> names = IntStream.rangeClosed(1, settings.nodes())
                .mapToObj(i -> "node-" + i)
                .toList();
        this.folders = new DropFolders(
                folder,
                names.stream()
                        .map(name -> folder.resolve(name).resolve("inbox"))
                        .toList());
        this.pictures = IntStream.range(0, settings.pictures())
                .mapToObj(i -> Picture.of(i, " [[take: " + (1000 + random.nextInt(9000)) + "ms]]"))
                .toList();
        sandbox = Sandbox.start(SandboxConfig.builder()
                .seed(settings.seed())
                .maxDimension(64)
                .frameRate(1)
                .useFfmpeg(SandboxConfig.Ffmpeg.NEVER)
                .build());
        sandbox.ledger().onPoll(polls::add);
        database = new ClusterDatabase(folder.resolve("postgres"));
        for (String name : names) {
            RouteBuild build = nodes.size() == OTHER_NODE ? settings.otherBuild() : RouteBuild.own();
            nodes.add(new ClusterNode(name, build, folder, settings.provider(), sandbox, database.port()));
        }
        monitor = new TakeoverMonitor(database, TAKEN_OVER_WITHIN.plus(PRECISION));
    }

    /** Returns whether every charge is accounted for, once, and each task was polled by one node at a time. */
    boolean run() {
        out.println("cluster harness: " + settings);
        settings.provider().faults().forEach(sandbox.faults()::add);
        settings.provider().onCreate(Fault.stall(CREATE_STALLS), 0.2).forEach(sandbox.faults()::add);
        Thread dropper = new Thread(this::dropAll, "dropper");
        dropper.setDaemon(true);
        dropper.start();
        startNodes();
        ClusterDisturbance disturbance = new ClusterDisturbance(settings, nodes, database, monitor, random);
        requireInTime(() -> sandbox.ledger().creates() > settings.nodes(), "no task was created");
        OwnerChanges changes = new OwnerChanges(database);
        for (int i = 0; i < settings.events(); i++) {
            disturbance.pause(Duration.ofMillis(random.nextLong(pauses())));
            out.printf(
                    "%2d. %s: %d pictures dropped, %d charged, %d videos delivered%n",
                    i + 1, disturbance.next(), dropped.get(), sandbox.ledger().creates(), folders.videos());
        }
        disturbance.awaitEnds();
        out.println("no more events; waiting until every picture is accounted for");
        boolean inTime = Waits.until(this::isSubmitted, STEP, settings.timeout());
        sandbox.faults().clear();
        inTime = inTime && Waits.until(this::isAccountedFor, STEP, settings.timeout());
        nodes.forEach(node -> node.route().terminate());
        return conclude(inTime, disturbance, changes);
    }

    /** The other build has the database for itself at first, so that the tables are those of its version. */
    private void startNodes() {
        if (!settings.otherBuild().isOwn()) {
            nodes.get(OTHER_NODE).route().start();
            requireInTime(() -> sandbox.ledger().creates() > 0, "the other build has created no task");
        }
        nodes.stream()
                .filter(node -> !node.route().isAlive())
                .forEach(node -> node.route().start());
    }

    private void requireInTime(BooleanSupplier condition, String otherwise) {
        if (!Waits.until(condition, STEP, settings.timeout())) {
            requireAlive();
            throw new IllegalStateException(
                    otherwise + " within " + settings.timeout().toSeconds() + " s");
        }
    }

    private long pauses() {
        return Math.min(BETWEEN_EVENTS, settings.longest().toMillis());
    }

    /** Spreads the pictures over all nodes, and over the time of the events. */
    private void dropAll() {
        long each = pauses() * settings.events() / settings.pictures();
        Random pace = new Random(settings.seed() + 1);
        for (int i = 0; i < pictures.size(); i++) {
            String node = nodes.get(i % nodes.size()).name();
            pictures.get(i).dropInto(folder.resolve(node).resolve("inbox"));
            dropped.incrementAndGet();
            Waits.pause(Duration.ofMillis(pace.nextLong(2 * each + 1)));
        }
    }

    private boolean isSubmitted() {
        requireAlive();
        List<String> paid = sandbox.ledger().charges().stream()
                .map(Ledger.Charge::sourceHash)
                .toList();
        return dropped.get() == pictures.size()
                && pictures.stream().allMatch(p -> !folders.isInInbox(p) || paid.contains(p.sourceHash()));
    }

    private boolean isAccountedFor() {
        requireAlive();
        return pictures.stream().allMatch(p -> !folders.isInInbox(p) && (folders.hasVideo(p) || folders.hasReason(p)));
    }

    private void requireAlive() {
        nodes.forEach(node -> node.route().requireAlive());
    }

    private boolean conclude(boolean inTime, ClusterDisturbance disturbance, OwnerChanges changes) {
        LedgerAudit audit = new LedgerAudit(
                pictures,
                sandbox.ledger().charges(),
                database.journal(),
                folders,
                new VideoComparison(sandbox, folders)::matches);
        PollAudit pollAudit = new PollAudit(
                List.copyOf(polls),
                sandbox.ledger().injected(),
                sandbox.ledger().tasks(),
                disturbance.freezes(),
                changes.takeovers(),
                POLL_INTERVAL);
        List<Duration> late = monitor.waits().stream()
                .filter(wait -> wait.compareTo(TAKEN_OVER_WITHIN.plus(PRECISION)) > 0)
                .toList();
        out.println(pictures.size() + " pictures, " + settings.nodes() + " nodes, " + settings.events() + " events: "
                + disturbance);
        out.println("requests: " + sandbox.ledger().requests());
        out.print(audit.report());
        out.print(settings.provider().pushes() ? "" : pollAudit.report());
        out.println("tasks of nodes that were gone were taken over after: " + monitor.waits());
        out.println("late answers of create calls: " + lateAnswers());
        boolean clean = sandbox.ledger().violationCount() == 0;
        if (!clean) {
            out.println("WRONG: requests that violate the contract: "
                    + sandbox.ledger().violations());
        }
        if (!late.isEmpty()) {
            out.println("WRONG: taken over later than the lease and 10 s: " + late);
        }
        if (!inTime) {
            out.println("WRONG: not every picture was accounted for in time");
            nodes.forEach(node -> out.println(node.route().tail()));
        }
        boolean polledOnce = settings.provider().pushes() || pollAudit.holds();
        boolean holds = audit.holds() && polledOnce && late.isEmpty() && clean && inTime;
        out.println((holds ? "PASSED" : "FAILED") + "; seed " + settings.seed() + ", files in " + folder);
        return holds;
    }

    private Map<String, Long> lateAnswers() {
        Map<String, Long> found = new TreeMap<>();
        for (ClusterNode node : nodes) {
            try (var lines = Files.lines(folder.resolve(node.name() + ".log"))) {
                found.put(
                        node.name(),
                        lines.filter(line -> line.contains(LATE_ANSWER)).count());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        monitor.close();
        for (ClusterNode node : nodes) {
            node.close();
        }
        database.close();
        sandbox.close();
    }
}
