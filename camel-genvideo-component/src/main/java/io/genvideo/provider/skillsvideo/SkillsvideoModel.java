/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.model.MediaKind;
import io.genvideo.provider.support.schema.SchemaField;
import io.genvideo.provider.support.schema.SchemaModel;
import java.util.Arrays;
import java.util.List;
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
        String source)
        implements SchemaModel {

    /** What a user can do about a model that nobody has described. */
    static final String WITHOUT_SCHEMA =
            "Use the operation generate with the service's own parameters (param.<name>), or give the service's OpenAPI "
                    + "document by the option openApi";

    private static final int MAX_ID = 200;

    SkillsvideoModel {
        schema = schema == null ? null : List.copyOf(schema);
    }

    /**
     * Whether a text can be an id: two segments or more of letters, digits, {@code _}, {@code .} and {@code -}, none of dots
     * and dashes alone. Nothing in it needs to be escaped in an address, or leads to another one.
     */
    static boolean isId(String text) {
        String[] segments = text.length() > MAX_ID ? new String[0] : text.split("/", -1);
        return segments.length > 1 && Arrays.stream(segments).allMatch(SkillsvideoModel::isSegment);
    }

    private static boolean isSegment(String segment) {
        return segment.chars().allMatch(c -> isWordCharacter(c) || c == '.' || c == '-')
                && segment.chars().anyMatch(SkillsvideoModel::isWordCharacter);
    }

    private static boolean isWordCharacter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}
