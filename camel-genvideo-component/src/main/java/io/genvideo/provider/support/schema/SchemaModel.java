/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support.schema;

import io.genvideo.model.MediaKind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model whose parameters the service describes one by one. */
public interface SchemaModel {
    /** The name of the parameter that carries the prompt. */
    String PROMPT = "prompt";

    /** As the service names it. */
    String id();

    /** What it makes: {@link MediaKind#VIDEO} or {@link MediaKind#IMAGE}; {@code null} if not known. */
    @Nullable
    MediaKind kind();

    /** What it takes, in the order of its description; {@code null} if nobody has described it. */
    @Nullable
    List<SchemaField> schema();

    default boolean isDescribed() {
        return schema() != null;
    }

    /** What it takes; none if that is not known. */
    default List<SchemaField> fields() {
        List<SchemaField> known = schema();
        return known == null ? List.of() : known;
    }

    /** One parameter by its name; case does not matter. */
    default Optional<SchemaField> field(String name) {
        return fields().stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst();
    }

    default boolean takes(String name) {
        return field(name).isPresent();
    }

    /** For messages: everything that can be set. */
    default String takes() {
        return id() + " takes: "
                + String.join(", ", fields().stream().map(SchemaField::name).toList());
    }
}
