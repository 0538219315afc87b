/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import io.genvideo.model.Operation;
import java.util.Set;
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
        return new CrashStory(this, TestBed::request, false).crashes();
    }

    @TestFactory
    @DisplayName("crash: at any step of a task with a streamed create call")
    default Stream<DynamicTest> crashAtAnyStepOfAStream() {
        return protocol().factory().descriptor().streamsCreate()
                ? new CrashStory(this, TestBed::request, true).crashes()
                : Stream.of();
    }

    @TestFactory
    @DisplayName("crash: at any step of a task whose inputs are uploaded")
    default Stream<DynamicTest> crashAtAnyStepOfAnUpload() {
        Set<Operation> operations = protocol().factory().descriptor().operations();
        return operations.stream()
                .filter(operation -> operation.takesPictures() && operations.contains(Operation.UPLOAD))
                .sorted()
                .limit(1)
                .flatMap(operation -> new CrashStory(this, bed -> bed.requestWithFiles(operation), false).crashes());
    }

    @TestFactory
    @DisplayName("crash: twice, at any two steps")
    default Stream<DynamicTest> crashTwice() {
        return new CrashStory(this, TestBed::request, false).pairsOfCrashes();
    }
}
