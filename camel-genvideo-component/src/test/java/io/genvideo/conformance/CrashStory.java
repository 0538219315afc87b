/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.genvideo.engine.Outcome;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** One kind of task, and processes that die while they work on it. */
final class CrashStory {
    private static final int PAIRS = 40;

    private final ConformanceKit kit;
    private final Function<TestBed, GenerationRequest> request;
    private final boolean streams;

    /** @param streams whether the create call may open a stream */
    CrashStory(ConformanceKit kit, Function<TestBed, GenerationRequest> request, boolean streams) {
        this.kit = kit;
        this.request = request;
        this.streams = streams;
    }

    /** One test for each step at which the process can die. */
    Stream<DynamicTest> crashes() {
        List<String> steps = stepsOfAWholeTask();
        return IntStream.range(0, steps.size())
                .mapToObj(step -> dynamicTest(step + ": " + steps.get(step), () -> crash(step)));
    }

    /** The process dies, and so does the one that starts after it. */
    Stream<DynamicTest> pairsOfCrashes() {
        int steps = stepsOfAWholeTask().size();
        Random random = new Random(1);
        return Stream.generate(() -> List.of(random.nextInt(steps), random.nextInt(steps)))
                .distinct()
                .limit(Math.min(PAIRS, steps))
                .map(pair -> dynamicTest(pair.toString(), () -> crash(pair.get(0), pair.get(1))));
    }

    private List<String> stepsOfAWholeTask() {
        try (TestBed bed = new TestBed(kit.protocol())) {
            CompletableFuture<Outcome> exchange = submit(bed);
            bed.advance(Duration.ofHours(1));
            assertThat(exchange.join().task().status()).isEqualTo(TaskStatus.SUCCEEDED);
            return List.copyOf(bed.process().steps().names());
        }
    }

    private void crash(int first, int... others) {
        try (TestBed bed = new TestBed(kit.protocol(), first)) {
            submit(bed);
            bed.advance(Duration.ofHours(1));
            boolean inTheCreateCall = bed.records(TaskStatus.SUBMITTING) == 1;
            for (int step : others) {
                bed.startProcess(step);
                submit(bed);
                bed.advance(Duration.ofHours(1));
                inTheCreateCall |= bed.records(TaskStatus.SUBMITTING) + bed.records(TaskStatus.UNCERTAIN) == 1;
            }

            bed.startProcess(Steps.IMMORTAL);
            CompletableFuture<Outcome> again = submit(bed);
            bed.advance(Duration.ofHours(2));
            CompletableFuture<Outcome> onceMore = submit(bed);
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

    private CompletableFuture<Outcome> submit(TestBed bed) {
        return bed.process().submit(request.apply(bed), "key", CallOptions.DEFAULT, streams);
    }
}
