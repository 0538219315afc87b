/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Media;
import io.genvideo.model.TextSanitizer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns that hold JSON. What a later version adds to it is passed over, so that an older one can still read. */
final class Json {
    /** Where a route sees an error, empty fields are left out; the journal keeps what is empty apart from what is not there. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    private interface Complete {}

    /** What this version writes is nested less deep ({@link TextSanitizer#MAX_RAW_DEPTH}). */
    private static final int MAX_DEPTH = 4 * TextSanitizer.MAX_RAW_DEPTH;

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addMixIn(GenerationError.class, Complete.class)
            .build();

    private Json() {}

    static @Nullable String write(@Nullable Object value) {
        try {
            return value == null ? null : MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw unusable(e);
        }
    }

    static List<Media> readMedia(@Nullable String json) {
        List<Media> media = read(json, new TypeReference<>() {});
        return media == null ? List.of() : media;
    }

    static @Nullable GenerationError readError(@Nullable String json) {
        return read(json, new TypeReference<>() {});
    }

    static @Nullable Map<String, Object> readMap(@Nullable String json) {
        return read(json, new TypeReference<>() {});
    }

    private static <T> @Nullable T read(@Nullable String json, TypeReference<T> type) {
        try {
            return json == null ? null : MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw unusable(e);
        }
    }

    /** Jackson's own message may quote the content. */
    static IllegalStateException unusable(JsonProcessingException e) {
        e.clearLocation();
        return new IllegalStateException(
                "a record holds something that is no JSON: " + e.getClass().getSimpleName());
    }
}
