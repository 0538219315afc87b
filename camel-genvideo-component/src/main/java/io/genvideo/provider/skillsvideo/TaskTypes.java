/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.schema.SchemaModel;
import io.genvideo.provider.support.schema.SchemaTaskTypes;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the name of a model tells where nobody has described it. What it does not tell is not guessed. */
final class TaskTypes {
    private TaskTypes() {}

    /** {@code vidu/q2/text-to-image} says what it does and needs nothing but a prompt; of the others the inputs are not known. */
    static Set<Operation> byName(SchemaModel model) {
        String last = model.id().substring(model.id().lastIndexOf('/') + 1);
        return SchemaTaskTypes.all().stream()
                .filter(Operation::isFromText)
                .filter(o -> last.equals(o.path().replace('_', '-')))
                .limit(1)
                .collect(Collectors.toSet());
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
