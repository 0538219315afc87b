/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.TaskStatus;
import io.genvideo.spi.ExpectedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Progress is what the service reports; nothing is estimated. */
class ProgressTest {
    private final EngineFixture f = new EngineFixture();
    private final List<TaskProgress> reported = new ArrayList<>();
    private final TaskScript script = f.service.on("cat").takes(ofMinutes(5)).expected(ofMinutes(2), ofMinutes(8));

    @Test
    void reportsAtAcceptanceAndSoonAfterWithTheUsualTime() {
        f.submit("cat").progress(reported::add).send();
        f.advance(ofSeconds(3));
        assertThat(reported).extracting(TaskProgress::elapsed).containsExactly(ofSeconds(0), ofSeconds(2));
        assertThat(reported).allSatisfy(p -> {
            assertThat(p.fraction()).as("the service has not reported any").isNull();
            assertThat(p.usual()).isEqualTo(new ExpectedTime(ofMinutes(2), ofMinutes(8)));
            assertThat(p.task().handle()).isEqualTo("task-1");
        });
    }

    @Test
    void reportsFractionOfTheServiceWhenItChanges() {
        script.progress(0.25);
        f.submit("cat").pollInterval(ofSeconds(1)).progress(reported::add).send();
        f.advance(ofSeconds(20));
        script.progress(0.5);
        f.advance(ofSeconds(5));
        assertThat(reported.stream()
                        .map(TaskProgress::fraction)
                        .filter(Objects::nonNull)
                        .distinct())
                .containsExactly(0.25, 0.5);
        assertThat(reported).hasSizeLessThan(6);
    }

    @Test
    void ignoresFractionThatIsNoneBetween0And1() {
        script.progress(Double.NaN);
        f.submit("cat").pollInterval(ofSeconds(1)).progress(reported::add).send();
        f.advance(ofSeconds(5));
        script.progress(17.0);
        f.advance(ofSeconds(5));
        assertThat(reported).allMatch(p -> p.fraction() == null);
    }

    @Test
    void completesTaskWhoseListenerFails() {
        Exchange cat = f.submit("cat")
                .progress(p -> {
                    throw new LinkageError("no such class");
                })
                .send();
        f.advance(ofMinutes(10));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void reportsNothingAfterTheEnd() {
        f.submit("cat").progress(reported::add).send();
        f.advance(ofMinutes(6));
        int count = reported.size();
        f.advance(ofMinutes(60));
        assertThat(reported).hasSize(count);
    }

    @Test
    void pollsSoonAfterWorkIsDoneWithoutResult() {
        script.takes(ofSeconds(4)).progress(1.0).expected(ofMinutes(2), ofMinutes(4));
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(7));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }
}
