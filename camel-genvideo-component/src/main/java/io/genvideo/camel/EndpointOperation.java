/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.Operation;
import io.genvideo.spi.OwnOperation;
import io.genvideo.spi.ProviderDescriptor;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The operation of an endpoint: one of the common vocabulary, or one that only its provider has.
 *
 * @param common {@code null} for an operation of the provider's own
 * @param own {@code null} for an operation of the common vocabulary
 */
record EndpointOperation(
        @Nullable Operation common, @Nullable OwnOperation own) {

    /** @throws IllegalArgumentException if the provider lacks the operation; the message lists those that it has */
    static EndpointOperation of(ProviderDescriptor descriptor, String path) {
        Operation known = Operation.fromPath(path).orElse(null);
        if (known != null && has(descriptor, known)) {
            return new EndpointOperation(known, null);
        }
        OwnOperation own = descriptor.ownOperation(path).orElse(null);
        if (own != null) {
            return new EndpointOperation(null, own);
        }
        String alternative = known == null ? null : descriptor.alternatives().get(known);
        throw new IllegalArgumentException(descriptor.title() + " has no operation '" + path + "'"
                + (alternative == null ? "." : ": " + sentence(alternative)) + " It has: " + all(descriptor));
    }

    /** Whether a provider has an operation of the common vocabulary, and this component a producer or consumer for it. */
    static boolean has(ProviderDescriptor descriptor, Operation operation) {
        boolean built = operation.isGeneration()
                || operation == Operation.TASKS
                || GenvideoServiceProducer.OPERATIONS.contains(operation);
        return built && (operation.isOfJournal() || descriptor.operations().contains(operation));
    }

    private static String all(ProviderDescriptor descriptor) {
        return Stream.concat(
                        Arrays.stream(Operation.values())
                                .filter(o -> has(descriptor, o))
                                .map(Operation::path),
                        descriptor.ownOperations().stream().map(OwnOperation::name))
                .collect(Collectors.joining(", "));
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
