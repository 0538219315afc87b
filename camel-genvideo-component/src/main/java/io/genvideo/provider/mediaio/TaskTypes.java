/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a model can do: the category of its definition, and what the media that it takes imply. */
final class TaskTypes {
    private static final Set<Operation> ALL = Collections.unmodifiableSet(EnumSet.of(
            Operation.TEXT_TO_VIDEO,
            Operation.IMAGE_TO_VIDEO,
            Operation.VIDEO_TO_VIDEO,
            Operation.TEXT_TO_IMAGE,
            Operation.IMAGE_TO_IMAGE));

    private TaskTypes() {}

    /** All task types that the provider has, in the order of its documentation. */
    static Set<Operation> all() {
        return ALL;
    }

    /**
     * The task types of one model. A model of image to video that takes a video, too (Motion Control), also makes a video out
     * of a video.
     */
    static Set<Operation> of(MediaioModel model) {
        EnumSet<Operation> can = EnumSet.of(model.taskType());
        if (model.mediaFields().stream()
                .anyMatch(f -> f.medium() != null && f.medium().kind() == MediaKind.VIDEO)) {
            can.add(Operation.VIDEO_TO_VIDEO);
        }
        return can;
    }

    static boolean canDo(MediaioModel model, Operation operation) {
        return operation == Operation.GENERATE || of(model).contains(operation);
    }

    /** For messages. */
    static String of(MediaioModel model, String separator) {
        return Stream.concat(of(model).stream(), Stream.of(Operation.GENERATE))
                .map(Operation::path)
                .collect(Collectors.joining(separator));
    }
}
