/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support.schema;

import io.genvideo.model.MediaKind;
import io.genvideo.model.MediaRole;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.InputChecks;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceAddress;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which parameter of a described model carries which medium, and what is refused before anything is sent. */
public final class SchemaInputs {
    private final SchemaRules rules;
    private final InputChecks checks;

    public SchemaInputs(SchemaRules rules) {
        this.rules = rules;
        this.checks = rules.checks();
    }

    /** The media by field. Fails with an {@code INVALID_REQUEST} error that names what is allowed. */
    Map<SchemaField, List<Medium>> assigned(
            List<Medium> media, Operation operation, SchemaModel model, ServiceAddress service) {
        checks.count(media.size(), least(operation), most(operation, model), operation, model.id());
        List<MediaRole> roles = operation == Operation.FIRST_LAST_FRAME_TO_VIDEO
                ? frames(media)
                : media.stream().map(m -> roleOf(m, operation)).toList();
        Map<SchemaField, List<Medium>> assigned = new LinkedHashMap<>();
        for (int i = 0; i < media.size(); i++) {
            Medium medium = media.get(i);
            checkKind(medium, roles.get(i));
            checks.url(medium, service);
            SchemaField field = field(medium, roles.get(i), model);
            assigned.computeIfAbsent(field, f -> new ArrayList<>()).add(medium);
        }
        if (operation == Operation.VIDEO_TO_VIDEO && !roles.contains(MediaRole.VIDEO)) {
            throw rules.errors()
                    .invalid("inputs: " + operation.path() + " with " + model.id() + " needs a video among them");
        }
        assigned.forEach((field, list) -> checkCount(field, list.size(), model));
        return assigned;
    }

    /** How few media an operation takes. */
    public static int least(Operation operation) {
        return switch (operation) {
            case TEXT_TO_VIDEO, TEXT_TO_IMAGE, GENERATE -> 0;
            case FIRST_LAST_FRAME_TO_VIDEO -> 2;
            default -> 1;
        };
    }

    /** How many media an operation takes; {@link Integer#MAX_VALUE} if nothing gives a limit. */
    public int most(Operation operation, SchemaModel model) {
        return switch (operation) {
            case TEXT_TO_VIDEO, TEXT_TO_IMAGE -> 0;
            case IMAGE_TO_VIDEO -> 1;
            case FIRST_LAST_FRAME_TO_VIDEO -> 2;
            case IMAGE_TO_IMAGE -> most(MediaRole.IMAGE, model);
            case REFERENCE_IMAGE_TO_VIDEO -> most(MediaRole.REFERENCE, model);
            default -> Integer.MAX_VALUE;
        };
    }

    private int most(MediaRole role, SchemaModel model) {
        SchemaField field = rules.media().forRole(role, model).orElse(null);
        if (field == null || !field.isArray()) {
            return 1;
        }
        return field.most() == null ? Integer.MAX_VALUE : field.most().intValue();
    }

    private void checkCount(SchemaField field, int count, SchemaModel model) {
        BigDecimal least = field.isArray() ? field.least() : null;
        BigDecimal most = field.isArray() ? field.most() : BigDecimal.ONE;
        BigDecimal given = BigDecimal.valueOf(count);
        if (least != null && given.compareTo(least) < 0 || most != null && given.compareTo(most) > 0) {
            throw rules.errors()
                    .invalid("inputs: " + count + " given for " + field.name() + ", but " + model.id() + " takes "
                            + (least == null ? "at most " : least.toPlainString() + " to ")
                            + (most == null ? "any number" : most.toPlainString()) + " there");
        }
    }

    private SchemaField field(Medium medium, MediaRole role, SchemaModel model) {
        return rules.media()
                .forRole(role, model)
                .orElseThrow(() -> rules.errors()
                        .invalid("input " + medium.displayName() + " has the role " + role.path() + ", for which "
                                + model.id() + " has no field; " + model.takes()));
    }

    /** The role that is given, or the one that the operation or the kind of the medium implies. */
    private MediaRole roleOf(Medium medium, Operation operation) {
        MediaRole given = medium.role();
        return switch (operation) {
            case IMAGE_TO_VIDEO ->
                among(medium, operation, EnumSet.of(MediaRole.IMAGE, MediaRole.FIRST_FRAME), MediaRole.IMAGE);
            case IMAGE_TO_IMAGE -> among(medium, operation, EnumSet.of(MediaRole.IMAGE), MediaRole.IMAGE);
            case REFERENCE_IMAGE_TO_VIDEO -> {
                among(medium, operation, EnumSet.of(MediaRole.REFERENCE, MediaRole.IMAGE), MediaRole.REFERENCE);
                yield MediaRole.REFERENCE;
            }
            default -> given != null ? given : byKind(medium, operation);
        };
    }

    private MediaRole among(Medium medium, Operation operation, Set<MediaRole> allowed, MediaRole implied) {
        checks.role(medium, allowed, operation);
        MediaRole role = medium.role();
        return role == null ? implied : role;
    }

    private MediaRole byKind(Medium medium, Operation operation) {
        boolean video = operation == Operation.VIDEO_TO_VIDEO;
        return switch (medium.kind()) {
            case VIDEO -> MediaRole.VIDEO;
            case AUDIO -> MediaRole.AUDIO;
            case IMAGE -> video ? MediaRole.REFERENCE : MediaRole.IMAGE;
            case OTHER -> {
                if (video) {
                    yield MediaRole.VIDEO;
                }
                throw rules.errors()
                        .invalid("input " + medium.displayName() + " does not tell what it is; give its role (image, "
                                + "first_frame, last_frame, reference, video, audio)");
            }
        };
    }

    private List<MediaRole> frames(List<Medium> media) {
        media.forEach(m -> checks.role(
                m,
                EnumSet.of(MediaRole.FIRST_FRAME, MediaRole.LAST_FRAME, MediaRole.IMAGE),
                Operation.FIRST_LAST_FRAME_TO_VIDEO));
        Medium first = checks.framesInOrder(media.get(0), media.get(1)).get(0);
        return first == media.get(0)
                ? List.of(MediaRole.FIRST_FRAME, MediaRole.LAST_FRAME)
                : List.of(MediaRole.LAST_FRAME, MediaRole.FIRST_FRAME);
    }

    private void checkKind(Medium medium, MediaRole role) {
        MediaKind wanted = switch (role) {
            case VIDEO -> MediaKind.VIDEO;
            case AUDIO -> MediaKind.AUDIO;
            default -> MediaKind.IMAGE;
        };
        @Nullable String type = medium.mimeType();
        // A URL without a telling name may be anything; the service will see.
        if (type != null && medium.kind() != wanted) {
            throw rules.errors()
                    .invalid("input " + medium.displayName() + " is " + type + ", but as "
                            + role.path()
                            + (wanted == MediaKind.IMAGE
                                    ? " a picture"
                                    : wanted == MediaKind.VIDEO ? " a video" : " a sound")
                            + " is needed");
        }
    }
}
