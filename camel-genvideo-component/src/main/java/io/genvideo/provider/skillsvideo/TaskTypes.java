/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.model.MediaKind;
import io.genvideo.model.MediaRole;
import io.genvideo.model.Operation;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a model can do: told by what it makes and which media its schema takes, or by its name. What neither tells is not
 * guessed.
 */
final class TaskTypes {
    private static final Map<Operation, List<MediaRole>> ROLES = roles();

    private TaskTypes() {}

    /** All task types that the provider has, in the order of its documentation. */
    static Collection<Operation> all() {
        return ROLES.keySet();
    }

    /** The task types that are known to work; none if nothing is known. {@code generate} always works. */
    static Set<Operation> of(SkillsvideoModel model) {
        EnumSet<Operation> can = EnumSet.noneOf(Operation.class);
        if (model.isDescribed()) {
            ROLES.forEach((operation, roles) -> {
                if (operation.produces() == model.kind() && takes(model, operation, roles)) {
                    can.add(operation);
                }
            });
        } else {
            byName(model).ifPresent(can::add);
        }
        return can;
    }

    /** Fails unless the model is known to do this. */
    static void check(SkillsvideoModel model, Operation operation) {
        if (operation == Operation.GENERATE) {
            return;
        }
        Set<Operation> can = of(model);
        if (can.contains(operation)) {
            return;
        }
        if (!model.isDescribed()) {
            throw SkillsvideoErrors.ERRORS.invalid(operation.path() + " cannot be built for " + model.id()
                    + ": what it takes is not known. " + SkillsvideoModel.WITHOUT_SCHEMA);
        }
        throw SkillsvideoErrors.ERRORS.invalid(model.id() + " cannot do " + operation.path() + "; it can do: "
                + Stream.concat(can.stream(), Stream.of(Operation.GENERATE))
                        .map(Operation::path)
                        .collect(Collectors.joining(", ")));
    }

    /** The model has a field for each medium of the task type, and needs no other. */
    private static boolean takes(SkillsvideoModel model, Operation operation, List<MediaRole> roles) {
        List<Optional<SchemaField>> fields =
                roles.stream().map(role -> MediaFields.forRole(role, model)).toList();
        boolean complete = fields.stream().allMatch(Optional::isPresent)
                && (!operation.isFromText() || model.takes(SkillsvideoModel.PROMPT));
        return complete
                && model.fields().stream()
                        .filter(f -> f.required() && MediaFields.isMedia(f))
                        .allMatch(f -> fields.contains(Optional.of(f)));
    }

    /** {@code vidu/q2/text-to-image} says what it does and needs nothing but a prompt; of the others the inputs are not known. */
    private static Optional<Operation> byName(SkillsvideoModel model) {
        String last = model.id().substring(model.id().lastIndexOf('/') + 1);
        return ROLES.keySet().stream()
                .filter(Operation::isFromText)
                .filter(o -> last.equals(o.path().replace('_', '-')))
                .findFirst();
    }

    private static Map<Operation, List<MediaRole>> roles() {
        Map<Operation, List<MediaRole>> all = new EnumMap<>(Operation.class);
        all.put(Operation.TEXT_TO_VIDEO, List.of());
        all.put(Operation.IMAGE_TO_VIDEO, List.of(MediaRole.IMAGE));
        all.put(Operation.FIRST_LAST_FRAME_TO_VIDEO, List.of(MediaRole.FIRST_FRAME, MediaRole.LAST_FRAME));
        all.put(Operation.REFERENCE_IMAGE_TO_VIDEO, List.of(MediaRole.REFERENCE));
        all.put(Operation.VIDEO_TO_VIDEO, List.of(MediaRole.VIDEO));
        all.put(Operation.TEXT_TO_IMAGE, List.of());
        all.put(Operation.IMAGE_TO_IMAGE, List.of(MediaRole.IMAGE));
        return all;
    }

    /** What a model makes, told by the name of its endpoint; empty if that says neither or both. */
    static Optional<MediaKind> kindByName(String id) {
        String last = id.substring(id.lastIndexOf('/') + 1);
        String made = last.contains("-to-") ? last.substring(last.lastIndexOf("-to-") + 4) : id;
        boolean video = made.contains("video");
        boolean image = made.contains("image");
        return video == image ? Optional.empty() : Optional.of(video ? MediaKind.VIDEO : MediaKind.IMAGE);
    }
}
