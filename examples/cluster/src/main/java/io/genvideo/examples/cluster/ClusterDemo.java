/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.cluster;

import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts PostgreSQL and two nodes behind one address, sends ten requests, kills one node while its tasks run, and waits until all
 * videos are there: {@code ./mvnw -Pcluster}. Ends with status 1 if one is missing or was paid twice.
 *
 * <p>System property {@code cluster.dir}: the folder of the videos, {@code target/cluster}.
 */
public final class ClusterDemo {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterDemo.class);
    private static final int REQUESTS = 10;
    private static final int ACCEPTED = 202;
    private static final Duration TASK = Duration.ofSeconds(20);
    private static final Duration AT_MOST = Duration.ofMinutes(3);
    private static final Duration STEP = Duration.ofMillis(200);

    private final Sandbox sandbox;
    private final Path videos;
    private final URI address;

    private ClusterDemo(Sandbox sandbox, Path videos, int port) {
        this.sandbox = sandbox;
        this.videos = videos;
        this.address = URI.create("http://localhost:" + port + "/videos");
    }

    /** @param args none */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(System.getProperty("cluster.dir", "target/cluster"))
                .toAbsolutePath()
                .resolve(Long.toString(ProcessHandle.current().pid()));
        Path videos = Files.createDirectories(folder.resolve("videos"));
        boolean complete;
        try (Sandbox sandbox =
                        Sandbox.start(SandboxConfig.builder().taskDuration(TASK).build());
                EmbeddedPostgres database = EmbeddedPostgres.builder()
                        .setServerConfig("synchronous_commit", "on")
                        .start();
                Node first = new Node("node-1", folder, database.getPort(), sandbox);
                Node second = new Node("node-2", folder, database.getPort(), sandbox);
                OneAddress address = new OneAddress(List.of(first.port(), second.port()))) {
            complete = new ClusterDemo(sandbox, videos, address.port()).run(first);
        }
        System.exit(complete ? 0 : 1);
    }

    private boolean run(Node victim) {
        LOG.info("Two nodes with one journal in PostgreSQL, behind {}", address);
        for (int i = 1; i <= REQUESTS; i++) {
            String name = "video-" + i;
            LOG.info("{} is accepted by {}", name, accepted(name));
        }
        LOG.info(
                "{} is killed; its tasks run on at the service, and the other node takes them over after the lease of 30 s",
                victim.name());
        victim.kill();
        LOG.info("video-1 is sent again: {} answers", accepted("video-1"));
        boolean arrived = until(() -> arrived() == REQUESTS);
        int charges = sandbox.ledger().creates();
        LOG.info("{} of {} videos are in {}; the service has charged {} tasks", arrived(), REQUESTS, videos, charges);
        return arrived && charges == REQUESTS;
    }

    /** Sends a request until a node answers: which one it was. With its name as key it is paid once, however often it is sent. */
    private String accepted(String name) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .version(HttpClient.Version.HTTP_1_1)
                .header("Name", name)
                .timeout(AT_MOST)
                .POST(HttpRequest.BodyPublishers.ofString(name + ": a mountain lake at dawn"))
                .build();
        String[] node = new String[1];
        if (!until(() -> {
            try {
                // a connection of its own, so that the nodes take turns
                HttpResponse<String> response =
                        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
                node[0] = response.body();
                if (response.statusCode() != ACCEPTED) {
                    LOG.warn("{}: HTTP {}, {}", name, response.statusCode(), response.body());
                }
                return response.statusCode() == ACCEPTED;
            } catch (IOException e) {
                // no node is up, or it went away while it answered
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        })) {
            throw new IllegalStateException("no node has accepted " + name + " within " + AT_MOST.toSeconds() + " s");
        }
        return node[0];
    }

    private long arrived() {
        try (Stream<Path> files = Files.list(videos)) {
            return files.filter(f -> f.getFileName().toString().matches("video-\\d+[.]mp4"))
                    .count();
        } catch (IOException e) {
            throw new IllegalStateException(videos + " can't be read", e);
        }
    }

    private static boolean until(BooleanSupplier condition) {
        long end = System.nanoTime() + AT_MOST.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
        return true;
    }
}
