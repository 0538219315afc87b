/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.model.MediaKind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One model, that is one endpoint pair (docs/contracts/skillsvideo.md section 2).
 *
 * @param id the path behind {@code /generation/}; may have any number of segments from two on
 * @param kind what it makes: {@link MediaKind#VIDEO} or {@link MediaKind#IMAGE}; {@code null} if nothing tells
 * @param summary a line for people; {@code null} if there is none
 * @param schema what it takes, in the order of its description; {@code null} if nobody has described it
 * @param source where the schema is from, for people
 */
record SkillsvideoModel(
        String id,
        @Nullable MediaKind kind,
        @Nullable String summary,
        @Nullable List<SchemaField> schema,
        String source) {

    static final String PROMPT = "prompt";

    /** What a user can do about a model that nobody has described. */
    static final String WITHOUT_SCHEMA =
            "Use the operation generate with the service's own parameters (param.<name>), or give the service's OpenAPI "
                    + "document by the option openApi";

    /** What an id looks like: nothing in it needs to be escaped in an address, or leads to another one. */
    static final String ID = "[\\w.-]*\\w[\\w.-]*(?:/[\\w.-]*\\w[\\w.-]*)+";

    SkillsvideoModel {
        schema = schema == null ? null : List.copyOf(schema);
    }

    boolean isDescribed() {
        return schema != null;
    }

    /** What it takes; none if that is not known. */
    List<SchemaField> fields() {
        return schema == null ? List.of() : schema;
    }

    Optional<SchemaField> field(String name) {
        return fields().stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst();
    }

    boolean takes(String name) {
        return field(name).isPresent();
    }

    /** For messages: everything that can be set. */
    String takes() {
        return id + " takes: "
                + String.join(", ", fields().stream().map(SchemaField::name).toList());
    }
}
