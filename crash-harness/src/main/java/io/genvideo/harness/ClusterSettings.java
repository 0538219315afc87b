/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * The options of a run with several nodes.
 *
 * @param nodes how many processes share the journal, 2 or 3
 * @param pictures how many are dropped
 * @param events how often something happens to a node or to the database
 * @param kinds what happens; each kind happens once before one happens again
 * @param longest time for which a node or the database is away
 * @param seed of all random decisions
 * @param folder of all files of the run
 * @param timeout after the last event, until every picture is accounted for
 * @param otherBuild what the second node runs; as a rule what the others run
 */
record ClusterSettings(
        TestedProvider provider,
        int nodes,
        int pictures,
        int events,
        List<ClusterEvent> kinds,
        Duration longest,
        long seed,
        Path folder,
        Duration timeout,
        RouteBuild otherBuild) {

    ClusterSettings {
        if (nodes < 2 || nodes > 3 || pictures < nodes || events < 0 || kinds.isEmpty()) {
            throw new IllegalArgumentException("harness.nodes=" + nodes + ", crash.pictures=" + pictures
                    + ", crash.kills=" + events + ": allowed are 2 or 3 nodes, at least a picture for each, 0 kills");
        }
    }

    /** From the system properties {@code harness.nodes}, {@code crash.pictures} and so on. */
    static ClusterSettings fromProperties(int nodes) {
        String seed = System.getProperty("crash.seed", "");
        return new ClusterSettings(
                TestedProvider.fromProperties(),
                nodes,
                Integer.getInteger("crash.pictures", 300),
                Integer.getInteger("crash.kills", 30),
                List.of(ClusterEvent.values()),
                Duration.ofSeconds(45),
                seed.isBlank() ? new Random().nextInt(1_000_000) : Long.parseLong(seed.trim()),
                Path.of(System.getProperty("crash.folder", "target/cluster"))
                        .toAbsolutePath()
                        .normalize(),
                Duration.ofSeconds(Integer.getInteger("crash.timeout", 900)),
                RouteBuild.fromProperties());
    }
}
