/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short run of {@code ./mvnw -Pharness -Dharness.nodes=2}. Without a kill: its tasks wait for the lease, which takes longer than
 * all the rest.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "processes are frozen with POSIX signals")
class ClusterRunTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void paysForEachPictureOnceWhileTwoNodesAndTheirDatabaseAreDisturbed() throws Exception {
        ClusterSettings settings = new ClusterSettings(
                TestedProvider.IMA,
                2,
                12,
                4,
                List.of(ClusterEvent.STOP, ClusterEvent.FREEZE, ClusterEvent.CUT, ClusterEvent.DATABASE_CRASH),
                Duration.ofSeconds(2),
                5,
                folder,
                Duration.ofSeconds(120),
                RouteBuild.own());
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        boolean holds;
        try (ClusterRun run = new ClusterRun(settings, new PrintStream(output, true, StandardCharsets.UTF_8))) {
            holds = run.run();
        }

        String report = output.toString(StandardCharsets.UTF_8);
        System.out.println(report);
        assertThat(holds).as(report).isTrue();
        assertThat(report)
                .contains("charged twice: 0", "2 nodes, 4 events")
                .doesNotContain("charged = delivered + failed + open + uncertain: 0 =");
    }
}
