/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.spi.ExpectedTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One exact version of a model in the list of one task type: a node of type 3 (docs/contracts/ima.md section 2).
 *
 * @param id the version, sent as {@code model_version}
 * @param name for people, sent as {@code model_name}
 * @param modelId sent as {@code model_id} as it is; several leaves may share it
 * @param form in the list's order, which is the order in which it is sent
 * @param rules every priced combination
 * @param accepts the kinds of files taken, for example {@code image/jpg,png}; empty if the list does not tell
 * @param minFiles how many, or {@code null} if the list does not tell
 * @param maxFiles how many, or {@code null} if the list does not tell
 */
record ImaLeaf(
        String id,
        String name,
        String modelId,
        @Nullable String description,
        List<FormField> form,
        List<CreditRule> rules,
        List<String> accepts,
        @Nullable Integer minFiles,
        @Nullable Integer maxFiles,
        ExpectedTime expectedTime) {

    ImaLeaf {
        form = List.copyOf(form);
        rules = List.copyOf(rules);
        accepts = List.copyOf(accepts);
    }

    /** The field that is sent under this name. */
    Optional<FormField> field(String fieldName) {
        return form.stream().filter(f -> f.name().equalsIgnoreCase(fieldName)).findFirst();
    }

    /** The field that people set under this name and that is sent as another field or in another spelling. */
    Optional<FormField> uiField(String fieldName) {
        return form.stream()
                .flatMap(f -> f.ui().stream())
                .filter(u -> u.name().equalsIgnoreCase(fieldName))
                .findFirst();
    }

    boolean takes(String fieldName) {
        return field(fieldName).isPresent() || uiField(fieldName).isPresent();
    }

    /** The names that a user may set, as the list orders them. */
    List<String> settable() {
        return form.stream()
                .flatMap(f -> f.isVirtual() ? f.ui().stream() : Stream.of(f))
                .map(FormField::name)
                .distinct()
                .toList();
    }
}
