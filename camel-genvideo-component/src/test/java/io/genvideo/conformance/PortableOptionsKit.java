/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each portable option is sent, or refused by its name before anything is sent; none is dropped in silence. */
public interface PortableOptionsKit extends ConformanceKit {

    @Test
    @DisplayName("portable options: the table has each of them once")
    default void tableIsComplete() {
        GenerationOptions all = new GenerationOptions(1.0, "", "", "", 1L, 1, true);

        assertThat(protocol().portableOptions())
                .extracting(PortableOption::name)
                .containsExactlyInAnyOrderElementsOf(all.asMap().keySet());
    }

    @TestFactory
    @DisplayName("portable options: sent or refused by name")
    default Stream<DynamicTest> sentOrRefused() {
        return protocol().portableOptions().stream()
                .map(option -> dynamicTest(
                        option.name() + "=" + option.value() + (option.sentAs() == null ? " is refused" : " is sent"),
                        () -> check(option)));
    }

    @TestFactory
    @DisplayName("portable options: dropped by no generation")
    default Stream<DynamicTest> droppedByNoGeneration() {
        return Operation.generations().stream()
                .filter(protocol().factory().descriptor().operations()::contains)
                .flatMap(operation -> protocol().portableOptions().stream()
                        .map(option -> dynamicTest(
                                operation.path() + " with " + option.name(), () -> notDropped(operation, option))));
    }

    /** Of two values one at least changes what is sent, for one may be the default, or is refused by the name of its option. */
    private void notDropped(Operation operation, PortableOption option) {
        try (TestBed bed = new TestBed(protocol())) {
            String without = body(bed, bed.request(operation).build());
            boolean changed = false;
            for (PortableOption each : List.of(option, option.withAnotherValue())) {
                bed.service().creates().clear();
                try {
                    changed |= !body(bed, with(bed, operation, each)).equals(without);
                } catch (GenvideoException refusal) {
                    changed = true;
                    assertThat(refusal.getCategory()).isEqualTo(ErrorCategory.INVALID_REQUEST);
                    assertThat(refusal).hasMessageContaining(option.name());
                    assertThat(bed.service().creates()).isEmpty();
                }
            }
            assertThat(changed).as("the option changes the create call").isTrue();
        }
    }

    private void check(PortableOption option) {
        try (TestBed bed = new TestBed(protocol())) {
            GenerationRequest request = with(bed, bed.operation(), option);
            if (option.sentAs() != null) {
                String without = body(bed, bed.request());
                assertThat(without).doesNotContain(option.sentAs());
                assertThat(body(bed, request)).contains(option.sentAs());
                return;
            }
            GenvideoException refusal =
                    ProviderCalls.failure(() -> bed.provider().plan(request, CallOptions.DEFAULT));
            assertThat(refusal.getCategory()).isEqualTo(ErrorCategory.INVALID_REQUEST);
            assertThat(refusal).hasMessageContaining(option.name());
            assertThat(bed.service().creates()).isEmpty();
        }
    }

    @Test
    @DisplayName("a parameter of the service's own is sent or refused by name")
    default void unknownParameterIsSentOrRefused() {
        try (TestBed bed = new TestBed(protocol())) {
            GenerationRequest request = bed.request(bed.operation())
                    .parameter("kit_unknown_parameter", "kit-unknown-value")
                    .build();
            String result;
            try {
                result = body(bed, request);
            } catch (GenvideoException refusal) {
                assertThat(refusal.getCategory()).isEqualTo(ErrorCategory.INVALID_REQUEST);
                result = refusal.getMessage();
            }
            assertThat(result).contains("kit_unknown_parameter");
        }
    }

    /** The body of the create call that a request leads to. */
    private static String body(TestBed bed, GenerationRequest request) {
        ProviderCalls.await(ProviderCalls.ready(bed.provider(), request, CallOptions.DEFAULT)
                .submit());
        List<ServiceRequest> creates = bed.service().creates();
        return creates.get(creates.size() - 1).text();
    }

    private static GenerationRequest with(TestBed bed, Operation operation, PortableOption option) {
        String name = option.name();
        Object value = option.value();
        GenerationOptions given = new GenerationOptions(
                name.equals("duration") ? (Double) value : null,
                name.equals("resolution") ? (String) value : null,
                name.equals("aspectRatio") ? (String) value : null,
                name.equals("negativePrompt") ? (String) value : null,
                name.equals("seed") ? (Long) value : null,
                name.equals("count") ? (Integer) value : null,
                name.equals("audio") ? (Boolean) value : null);
        GenerationRequest request = bed.request(operation).build();
        return request.toBuilder().options(given.orElse(request.options())).build();
    }
}
