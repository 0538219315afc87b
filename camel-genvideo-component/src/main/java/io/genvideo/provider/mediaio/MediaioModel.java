/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import java.util.List;
import java.util.Optional;

/**
 * One generation of the vendor's definition (docs/contracts/mediaio.md section 7): the path selects it, no field does.
 *
 * @param id the last part of its path
 * @param exactName the definition's own name
 * @param taskType the definition's category
 * @param endpoint its path at the service
 * @param conditions combinations that the service excludes
 */
record MediaioModel(
        String id,
        String exactName,
        Operation taskType,
        String endpoint,
        String description,
        List<FieldDefinition> fields,
        List<Condition> conditions) {

    static final String PROMPT = "prompt";
    static final String TEXT_TO_VIDEO_SUFFIX = " (Text To Video)";

    MediaioModel {
        fields = List.copyOf(fields);
        conditions = List.copyOf(conditions);
    }

    /** A value of a field that is taken only with a certain value of another one. */
    record Condition(String field, String value, String other, String needed) {}

    /** The name without what tells text to video apart from image to video: one name for both, as the vendor's pages have it. */
    String name() {
        return exactName.endsWith(TEXT_TO_VIDEO_SUFFIX)
                ? exactName.substring(0, exactName.length() - TEXT_TO_VIDEO_SUFFIX.length())
                : exactName;
    }

    MediaKind kind() {
        return taskType.produces() == MediaKind.IMAGE ? MediaKind.IMAGE : MediaKind.VIDEO;
    }

    Optional<FieldDefinition> field(String name) {
        return fields.stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst();
    }

    boolean takes(String name) {
        return field(name).isPresent();
    }

    List<FieldDefinition> mediaFields() {
        return fields.stream().filter(FieldDefinition::isMedium).toList();
    }

    /** For messages: everything that can be set. */
    String takes() {
        return name() + " takes: "
                + String.join(", ", fields.stream().map(FieldDefinition::name).toList());
    }
}
