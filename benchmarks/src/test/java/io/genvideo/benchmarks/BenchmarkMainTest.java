/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmarks run, and what they run is right; how fast it is depends on the machine and is not asserted. */
class BenchmarkMainTest {

    @TempDir
    Path folder;

    @Test
    void theSmokeSizeMeasuresWithoutAFailedRow() throws Exception {
        Table table = BenchmarkMain.run(Size.SMOKE, folder, "schedule,day,warm,instant,download,micro");

        assertThat(table.lines()).hasSize(20).noneMatch(line -> line.component().equals("failed"));
        assertThat(table.lines())
                .filteredOn(line -> line.what().startsWith("step: "))
                .extracting(Table.Line::what)
                .containsExactlyInAnyOrder(
                        "step: requestOfPoll",
                        "step: responseOfRunningTask",
                        "step: responseOfFinishedTask",
                        "step: uploadSignature",
                        "step: schedule");
        JsonNode json = new ObjectMapper().readTree(folder.resolve("table.json").toFile());
        assertThat(json).hasSameSizeAs(table.lines());
        assertThat(Files.readString(folder.resolve("table.md"))).contains("size SMOKE");
    }

    @Test
    void anUnknownRowIsRefusedAndTheKnownOnesAreNamed() {
        assertThatThrownBy(() -> BenchmarkMain.run(Size.SMOKE, folder, "warm,speed"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rows=speed")
                .hasMessageContaining("instant");
    }

    @Test
    void anUnknownSizeIsRefused() {
        assertThatThrownBy(() -> Size.of("huge"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("size=huge is not allowed; allowed: [smoke, small, full]");
    }
}
