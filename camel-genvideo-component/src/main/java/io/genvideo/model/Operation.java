/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The second part of a {@code genvideo:} URI: the operation of the provider. */
public enum Operation {
    TEXT_TO_VIDEO(Kind.GENERATION, MediaKind.VIDEO),
    IMAGE_TO_VIDEO(Kind.GENERATION, MediaKind.VIDEO),
    FIRST_LAST_FRAME_TO_VIDEO(Kind.GENERATION, MediaKind.VIDEO),
    REFERENCE_IMAGE_TO_VIDEO(Kind.GENERATION, MediaKind.VIDEO),
    VIDEO_TO_VIDEO(Kind.GENERATION, MediaKind.VIDEO),
    TEXT_TO_IMAGE(Kind.GENERATION, MediaKind.IMAGE),
    IMAGE_TO_IMAGE(Kind.GENERATION, MediaKind.IMAGE),
    GENERATE(Kind.GENERATION, null),
    UPLOAD(Kind.SERVICE, null),
    TASK(Kind.SERVICE, null),
    RESULT(Kind.SERVICE, null),
    CANCEL(Kind.SERVICE, null),
    CREDITS(Kind.SERVICE, null),
    MODELS(Kind.SERVICE, null),
    DESCRIBE(Kind.SERVICE, null),
    RESOLVE(Kind.SERVICE, null),
    TASKS(Kind.CONSUMER, null);

    /** What an operation is for. */
    public enum Kind {
        /** Starts a paid task. */
        GENERATION,
        /** Reads something; costs nothing. */
        SERVICE,
        /** A consumer: returns what no exchange has received yet. */
        CONSUMER
    }

    private final Kind kind;
    private final @Nullable MediaKind produces;
    private final String path;

    Operation(Kind kind, @Nullable MediaKind produces) {
        this.kind = kind;
        this.produces = produces;
        this.path = name().toLowerCase(Locale.ROOT);
    }

    /** The name used in URIs, journals and JSON, for example {@code image_to_video}. */
    @JsonValue
    public String path() {
        return path;
    }

    public boolean isGeneration() {
        return kind == Kind.GENERATION;
    }

    /** Whether it is answered by the journal, so that every provider has it without saying so. */
    public boolean isOfJournal() {
        return this == RESOLVE || this == TASKS;
    }

    /** What the operation makes, or {@code null} where that depends on the model. */
    public @Nullable MediaKind produces() {
        return produces;
    }

    /** Whether the prompt alone is the input, so that a text body is the prompt. */
    public boolean isFromText() {
        return this == TEXT_TO_VIDEO || this == TEXT_TO_IMAGE;
    }

    /** Whether its inputs are pictures, so that a finished video stands for its cover. */
    public boolean takesPictures() {
        return this == IMAGE_TO_VIDEO
                || this == FIRST_LAST_FRAME_TO_VIDEO
                || this == REFERENCE_IMAGE_TO_VIDEO
                || this == IMAGE_TO_IMAGE;
    }

    /** Finds an operation by its URI spelling; dashes are accepted for underscores, case does not matter. */
    public static Optional<Operation> fromPath(String path) {
        String wanted = path.trim().toLowerCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(values()).filter(o -> o.path().equals(wanted)).findFirst();
    }

    /** The operations that start a paid task, in the order of the documentation. */
    public static List<Operation> generations() {
        return Arrays.stream(values()).filter(Operation::isGeneration).toList();
    }

    @JsonCreator
    static Operation fromJson(String path) {
        return fromPath(path)
                .orElseThrow(() -> new IllegalArgumentException("there is no operation "
                        + (path.length() <= 40 ? "'" + path + "'" : "of " + path.length() + " characters")
                        + "; generations are "
                        + generations().stream().map(Operation::path).collect(Collectors.joining(", "))));
    }
}
