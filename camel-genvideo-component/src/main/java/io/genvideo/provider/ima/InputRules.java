/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.model.MediaKind;
import io.genvideo.model.MediaRole;
import io.genvideo.model.MimeTypes;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.InputChecks;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceAddress;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * How many media of which kind a task type takes, in which order they are sent, and whether the service can fetch them
 * (docs/contracts/ima.md section 2 {@code files}, 6 and 9). The service's own clients check less; what they would send in vain,
 * or in the wrong
 * order, is refused here before it costs anything.
 */
final class InputRules {
    static final InputChecks CHECKS = new InputChecks(ImaErrors.ERRORS, "IMA Studio");

    private InputRules() {}

    /** The media in the order of the wire. Fails with an {@code INVALID_REQUEST} error that says what is allowed. */
    static List<Medium> ordered(List<Medium> media, Operation taskType, ImaLeaf leaf, ServiceAddress service) {
        CHECKS.count(media.size(), least(taskType, leaf), most(taskType, leaf), taskType, leaf.name());
        media.forEach(m -> {
            CHECKS.role(m, roles(taskType), taskType);
            checkKind(m, leaf);
            CHECKS.url(m, service);
        });
        return taskType == Operation.FIRST_LAST_FRAME_TO_VIDEO
                ? CHECKS.framesInOrder(media.get(0), media.get(1))
                : media;
    }

    /** How few media a task type takes. */
    static int least(Operation taskType, ImaLeaf leaf) {
        if (taskType == Operation.TEXT_TO_VIDEO) {
            return 0;
        }
        if (taskType == Operation.FIRST_LAST_FRAME_TO_VIDEO) {
            return 2;
        }
        return Math.max(1, leaf.minFiles() == null ? 1 : leaf.minFiles());
    }

    /** How many media a task type takes; {@link Integer#MAX_VALUE} if the list gives no limit. */
    static int most(Operation taskType, ImaLeaf leaf) {
        // The list gives no limit for the Seedance 2.0 family; docs/contracts/ima.md section 9 does.
        boolean isSeedance = AssetVerifier.MODELS.contains(leaf.modelId());
        Integer limit = leaf.maxFiles() == null && isSeedance ? Integer.valueOf(9) : leaf.maxFiles();
        return switch (taskType) {
            case TEXT_TO_VIDEO -> 0;
            case FIRST_LAST_FRAME_TO_VIDEO -> 2;
            default -> limit == null ? Integer.MAX_VALUE : Math.max(1, limit);
        };
    }

    private static Set<MediaRole> roles(Operation taskType) {
        return switch (taskType) {
            case IMAGE_TO_VIDEO -> EnumSet.of(MediaRole.IMAGE, MediaRole.FIRST_FRAME);
            case FIRST_LAST_FRAME_TO_VIDEO -> EnumSet.of(MediaRole.FIRST_FRAME, MediaRole.LAST_FRAME, MediaRole.IMAGE);
            default -> EnumSet.of(MediaRole.REFERENCE, MediaRole.IMAGE);
        };
    }

    private static void checkKind(Medium medium, ImaLeaf leaf) {
        MediaKind kind = medium.kind();
        String type = medium.mimeType();
        if (type == null) {
            // A URL without a telling name may be anything; the service will see.
            return;
        }
        if (kind != MediaKind.IMAGE) {
            boolean later =
                    leaf.accepts().stream().anyMatch(a -> MediaKind.ofMimeType(a) == kind && kind != MediaKind.OTHER);
            throw ImaErrors.ERRORS.invalid("input " + medium.displayName() + " is " + type + "; "
                    + (later
                            ? leaf.name() + " would take it at IMA Studio, but this component sends it pictures only"
                            : leaf.name() + " takes pictures only"));
        }
        Set<String> types = pictureTypes(leaf);
        if (!types.isEmpty() && !types.contains(type)) {
            throw ImaErrors.ERRORS.invalid("input " + medium.displayName() + " is " + type + "; " + leaf.name()
                    + " takes " + String.join(", ", types));
        }
    }

    /** From {@code image/jpg,jpeg,png}: the content types, sorted; empty if the list does not tell or names unknown ones. */
    private static Set<String> pictureTypes(ImaLeaf leaf) {
        List<String> suffixes = leaf.accepts().stream()
                .filter(a -> MediaKind.ofMimeType(a) == MediaKind.IMAGE)
                .flatMap(a -> Arrays.stream(a.substring(a.indexOf('/') + 1).split(",")))
                .map(s -> s.trim().toLowerCase(Locale.ROOT))
                .toList();
        List<String> types = suffixes.stream()
                .map(s -> MimeTypes.ofName("x." + s))
                .filter(Objects::nonNull)
                .toList();
        return types.size() < suffixes.size() ? Set.of() : new TreeSet<>(types);
    }
}
