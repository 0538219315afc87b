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

/** A short run of {@code ./mvnw -Pharness}. */
class CrashRunTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            value = TestedProvider.class,
            // that a message was not accepted is known after five and a half minutes
            mode = EnumSource.Mode.EXCLUDE,
            names = "NEMO")
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void paysForEachPictureOnceDespiteTwoKills(TestedProvider provider) throws Exception {
        CrashSettings settings =
                new CrashSettings(provider, 12, 2, 0, 5, folder, Duration.ofSeconds(5), Duration.ofSeconds(120));
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        boolean holds;
        try (CrashRun run = new CrashRun(settings, new PrintStream(output, true, StandardCharsets.UTF_8))) {
            holds = run.run();
        }

        String report = output.toString(StandardCharsets.UTF_8);
        System.out.println(report);
        assertThat(holds).as(report).isTrue();
        assertThat(report)
                .contains("charged twice: 0", "2 kills")
                // a run without a charge would prove nothing
                .doesNotContain("charged = delivered + failed + open + uncertain: 0 =");
    }
}
