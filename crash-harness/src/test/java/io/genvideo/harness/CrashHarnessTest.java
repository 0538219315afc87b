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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short run of what {@code ./mvnw -Pcrash} does at length. */
class CrashHarnessTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Service.class)
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void killedFourTimesItPaysForEachPictureOnce(Service service) throws Exception {
        CrashSettings settings =
                new CrashSettings(service, 12, 4, 0, 5, folder, Duration.ofSeconds(6), Duration.ofSeconds(60));
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
