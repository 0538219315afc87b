/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.genvideo.engine.Outcome;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The process dies between any two steps: before and after each write to the journal, each call and each response. The process
 * that starts after it pays at most once and loses nothing that was paid.
 */
public interface CrashKit extends ConformanceKit {

    @TestFactory
    @DisplayName("crash: at any step of a task that is polled")
    default Stream<DynamicTest> crashAtAnyStep() {
        return crashes(false);
    }

    @TestFactory
    @DisplayName("crash: at any step of a task with a streamed create call")
    default Stream<DynamicTest> crashAtAnyStepOfAStream() {
        return protocol().factory().descriptor().streamsCreate() ? crashes(true) : Stream.of();
    }

    private Stream<DynamicTest> crashes(boolean streams) {
        List<String> steps = stepsOfAWholeTask(streams);
        return IntStream.range(0, steps.size())
                .mapToObj(step -> dynamicTest(step + ": " + steps.get(step), () -> crash(step, streams)));
    }

    private List<String> stepsOfAWholeTask(boolean streams) {
        try (TestBed bed = new TestBed(protocol())) {
            CompletableFuture<Outcome> exchange = submit(bed, streams);
            bed.advance(Duration.ofHours(1));
            assertThat(exchange.join().task().status()).isEqualTo(TaskStatus.SUCCEEDED);
            return List.copyOf(bed.process().steps().names());
        }
    }

    private void crash(int step, boolean streams) {
        try (TestBed bed = new TestBed(protocol(), step)) {
            submit(bed, streams);
            bed.advance(Duration.ofHours(1));
            boolean inTheCreateCall = bed.records(TaskStatus.SUBMITTING) == 1;

            bed.startProcess(Steps.IMMORTAL);
            CompletableFuture<Outcome> again = submit(bed, streams);
            bed.advance(Duration.ofHours(2));
            CompletableFuture<Outcome> onceMore = submit(bed, streams);
            bed.advance(Duration.ofHours(2));

            for (CompletableFuture<Outcome> exchange : List.of(again, onceMore)) {
                if (inTheCreateCall && exchange.isCompletedExceptionally()) {
                    assertThat(TestBed.failure(exchange).getCategory()).isEqualTo(ErrorCategory.UNCERTAIN_SUBMISSION);
                    assertThat(bed.records(TaskStatus.UNCERTAIN)).isEqualTo(1);
                    assertThat(bed.service().charged()).isLessThanOrEqualTo(1);
                } else {
                    assertThat(exchange.join().task().status()).isEqualTo(TaskStatus.SUCCEEDED);
                    assertThat(bed.service().charged()).isEqualTo(1);
                }
            }
        }
    }

    private static CompletableFuture<Outcome> submit(TestBed bed, boolean streams) {
        return bed.process().submit(bed.request(), "key", CallOptions.DEFAULT, streams);
    }
}
