/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import io.genvideo.model.Operation;
import io.genvideo.provider.support.Values;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The models of the vendor's definition as it was on 2026-03-10 (docs/contracts/mediaio.md section 7). The service has no list
 * to read at run time.
 */
final class MediaioCatalogue {
    private final List<MediaioModel> models = DefinitionReader.models();

    List<MediaioModel> models() {
        return models;
    }

    /** The model of that id, as the plan of a task names it. */
    Optional<MediaioModel> ofId(@Nullable String id) {
        return models.stream().filter(m -> m.id().equals(id)).findFirst();
    }

    /**
     * The model that a user names: by its id ({@code i2v-wan-v2-6}), by the definition's exact name, or, because the task type
     * tells them apart, by the name that several models share ({@code Wan 2.6}). Case, spaces, dashes and underscores do not
     * matter. Fails with an {@code INVALID_REQUEST} error that names those there are.
     */
    MediaioModel find(@Nullable String name, Operation operation) {
        if (name == null || name.isBlank()) {
            throw MediaioErrors.ERRORS.invalid("model is missing: Media.io has no default. " + available(operation));
        }
        String wanted = key(name);
        List<MediaioModel> named = models.stream()
                .filter(m -> wanted.equals(key(m.id())) || wanted.equals(key(m.exactName())))
                .toList();
        List<MediaioModel> sharing =
                models.stream().filter(m -> wanted.equals(key(m.name()))).toList();
        return named.stream()
                .filter(m -> TaskTypes.canDo(m, operation))
                .findFirst()
                .or(() -> sharing.stream()
                        .filter(m -> TaskTypes.canDo(m, operation))
                        .findFirst())
                .orElseThrow(() -> notFound(name, operation, named.isEmpty() ? sharing : named));
    }

    private RuntimeException notFound(String name, Operation operation, List<MediaioModel> elsewhere) {
        if (elsewhere.isEmpty()) {
            return MediaioErrors.ERRORS.invalid(
                    "model=" + Values.shown(name) + " is not known. " + available(operation));
        }
        return MediaioErrors.ERRORS.invalid("model=" + Values.shown(name) + " cannot do " + operation.path()
                + "; it can do: "
                + elsewhere.stream().map(m -> TaskTypes.of(m, ", ")).collect(Collectors.joining(", ")) + ". "
                + available(operation));
    }

    private String available(Operation operation) {
        return "For " + operation.path() + " there are: "
                + models.stream()
                        .filter(m -> TaskTypes.canDo(m, operation))
                        .map(m -> operation == Operation.GENERATE ? m.exactName() : m.name())
                        .collect(Collectors.joining(", "));
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT).replace(" ", "").replace("-", "").replace("_", "");
    }
}
