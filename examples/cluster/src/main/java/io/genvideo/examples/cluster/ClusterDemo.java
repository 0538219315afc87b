/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.cluster;

import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts PostgreSQL and two nodes of the Spring Boot example behind one address, sends ten requests, kills one node while its tasks
 * run, and waits until that address serves all videos: {@code ./mvnw -Pcluster}. Ends with status 1 if one is missing or was paid
 * twice.
 *
 * <p>System property {@code cluster.dir}: the folder of the videos, {@code target/cluster}.
 */
public final class ClusterDemo {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterDemo.class);
    private static final int REQUESTS = 10;
    private static final Duration TASK = Duration.ofSeconds(20);
    private static final Duration AT_MOST = Duration.ofMinutes(3);
    private static final Duration STEP = Duration.ofMillis(500);

    private final Sandbox sandbox;
    private final VideoClient client;

    private ClusterDemo(Sandbox sandbox, int port) {
        this.sandbox = sandbox;
        this.client = new VideoClient(port);
    }

    /** @param args none */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(System.getProperty("cluster.dir", "target/cluster"))
                .toAbsolutePath()
                .resolve(Long.toString(ProcessHandle.current().pid())));
        boolean complete;
        try (Sandbox sandbox =
                        Sandbox.start(SandboxConfig.builder().taskDuration(TASK).build());
                EmbeddedPostgres database = EmbeddedPostgres.builder()
                        .setServerConfig("synchronous_commit", "on")
                        .start();
                Node first = new Node("node-1", folder, database.getPort(), sandbox.uri());
                Node second = new Node("node-2", folder, database.getPort(), sandbox.uri());
                OneAddress address = new OneAddress(List.of(first.port(), second.port()))) {
            awaitStart(first);
            awaitStart(second);
            LOG.info("Two nodes with one journal in PostgreSQL, behind http://localhost:{}/videos", address.port());
            complete = new ClusterDemo(sandbox, address.port()).run(first);
            LOG.info("The videos are in {}", folder);
        }
        System.exit(complete ? 0 : 1);
    }

    private static void awaitStart(Node node) throws InterruptedException {
        VideoClient client = new VideoClient(node.port());
        if (!until(() -> !node.isAlive() || client.healthy()) || !node.isAlive()) {
            throw new IllegalStateException(node.name() + " has not started within " + AT_MOST.toSeconds() + " s");
        }
    }

    private boolean run(Node victim) throws InterruptedException {
        Map<String, String> paths = new LinkedHashMap<>();
        for (int i = 1; i <= REQUESTS; i++) {
            String name = "video-" + i;
            paths.put(name, create(name));
        }
        LOG.info(
                "{} is killed; its tasks run on at the service, and the other node takes them over after the lease of 30 s",
                victim.name());
        victim.kill();
        String again = create("video-1");
        LOG.info("video-1 is sent again, and is still {}", again);
        Set<String> missing = new TreeSet<>(paths.values());
        until(() -> {
            for (String path : Set.copyOf(missing)) {
                if (client.isVideo(path)) {
                    missing.remove(path);
                }
            }
            return missing.isEmpty();
        });
        int charges = sandbox.ledger().creates();
        LOG.info(
                "{} of {} videos have arrived; the service has charged {} tasks",
                paths.size() - missing.size(),
                REQUESTS,
                charges);
        return missing.isEmpty() && charges == REQUESTS && again.equals(paths.get("video-1"));
    }

    /** Sends a request until a node accepts it: the path of its video. */
    private String create(String name) throws InterruptedException {
        @Nullable String[] path = new String[1];
        until(() -> {
            path[0] = client.create(name);
            return path[0] != null;
        });
        String accepted = path[0];
        if (accepted == null) {
            throw new IllegalStateException("no node has accepted " + name + " within " + AT_MOST.toSeconds() + " s");
        }
        return accepted;
    }

    private interface Condition {
        boolean holds() throws InterruptedException;
    }

    private static boolean until(Condition condition) throws InterruptedException {
        long end = System.nanoTime() + AT_MOST.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(STEP.toNanos());
        }
        return true;
    }
}
