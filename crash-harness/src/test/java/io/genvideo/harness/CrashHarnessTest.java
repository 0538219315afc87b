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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short run of what {@code ./mvnw -Pcrash} does at length. */
class CrashHarnessTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void killedFourTimesItPaysForEachPictureOnce() throws Exception {
        CrashSettings settings = new CrashSettings(12, 4, 0, 5, folder, Duration.ofSeconds(6), Duration.ofSeconds(60));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        boolean holds;
        try (CrashRun run = new CrashRun(settings, new PrintStream(said, true, StandardCharsets.UTF_8))) {
            holds = run.run();
        }

        String report = said.toString(StandardCharsets.UTF_8);
        System.out.println(report);
        assertThat(holds).as(report).isTrue();
        assertThat(report).contains("charged twice: 0", "4 kills");
    }
}
