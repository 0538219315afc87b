/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support.schema;

import io.genvideo.model.MediaRole;
import io.genvideo.model.Operation;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The task types of a model, derived from what it makes and which media its schema takes. Nothing else is guessed.
 */
public final class SchemaTaskTypes {
    private static final Map<Operation, List<MediaRole>> ROLES = roles();

    private final SchemaRules rules;
    private final Function<SchemaModel, Set<Operation>> undescribed;

    /** @param undescribed the task types of a model without a schema */
    public SchemaTaskTypes(SchemaRules rules, Function<SchemaModel, Set<Operation>> undescribed) {
        this.rules = rules;
        this.undescribed = undescribed;
    }

    /** All task types that the provider has, in the order of its documentation. */
    public static Collection<Operation> all() {
        return ROLES.keySet();
    }

    /** The task types that are known to work; none if nothing is known. {@code generate} always works. */
    public Set<Operation> of(SchemaModel model) {
        EnumSet<Operation> can = EnumSet.noneOf(Operation.class);
        if (model.isDescribed()) {
            ROLES.forEach((operation, roles) -> {
                if (operation.produces() == model.kind() && takes(model, operation, roles)) {
                    can.add(operation);
                }
            });
        } else {
            can.addAll(undescribed.apply(model));
        }
        return can;
    }

    /** Fails unless the model is known to do this. */
    public void check(SchemaModel model, Operation operation) {
        if (operation == Operation.GENERATE) {
            return;
        }
        Set<Operation> can = of(model);
        if (can.contains(operation)) {
            return;
        }
        if (!model.isDescribed()) {
            throw rules.errors()
                    .invalid(operation.path() + " cannot be built for " + model.id() + ": what it takes is not known. "
                            + rules.withoutSchema());
        }
        throw rules.errors()
                .invalid(model.id() + " cannot do " + operation.path() + "; it can do: "
                        + Stream.concat(can.stream(), Stream.of(Operation.GENERATE))
                                .map(Operation::path)
                                .collect(Collectors.joining(", ")));
    }

    /** The model has a field for each medium of the task type, and needs no other. */
    private boolean takes(SchemaModel model, Operation operation, List<MediaRole> roles) {
        List<Optional<SchemaField>> fields =
                roles.stream().map(role -> rules.media().forRole(role, model)).toList();
        boolean complete = fields.stream().allMatch(Optional::isPresent)
                && (!operation.isFromText() || model.takes(SchemaModel.PROMPT));
        return complete
                && model.fields().stream()
                        .filter(f -> f.required() && rules.media().isMedia(f))
                        .allMatch(f -> fields.contains(Optional.of(f)));
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
}
