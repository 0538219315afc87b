/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.model.MediaKind;
import io.genvideo.model.MediaRole;
import io.genvideo.model.MimeTypes;
import io.genvideo.model.Operation;
import java.net.URI;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How many media of which kind a task type takes, in which order they are sent, and whether the service can fetch them
 * (contract 2 {@code files}, 6, 9). The service's own clients check less; what they would send in vain, or in the wrong
 * order, is refused here before it costs anything.
 */
final class InputRules {
    /** The list gives no limit for these; contract section 9 does. */
    private static final Set<String> SEEDANCE_2 = Set.of("ima-pro", "ima-pro-fast");

    private InputRules() {}

    /** The media in the order of the wire. Fails with an {@code INVALID_REQUEST} error that says what is allowed. */
    static List<Medium> ordered(List<Medium> media, Operation taskType, ImaLeaf leaf, ImaRequests wire) {
        checkCount(media.size(), taskType, leaf);
        media.forEach(m -> {
            checkRole(m, taskType);
            checkKind(m, leaf);
            checkUrl(m, wire);
        });
        return taskType == Operation.FIRST_LAST_FRAME_TO_VIDEO ? framesInOrder(media) : media;
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
        Integer limit =
                leaf.maxFiles() == null && SEEDANCE_2.contains(leaf.modelId()) ? Integer.valueOf(9) : leaf.maxFiles();
        return switch (taskType) {
            case TEXT_TO_VIDEO -> 0;
            case FIRST_LAST_FRAME_TO_VIDEO -> 2;
            default -> limit == null ? Integer.MAX_VALUE : Math.max(1, limit);
        };
    }

    /** Fails unless this is an address that the service can fetch. */
    static void checkUrl(Medium medium, ImaRequests wire) {
        URI url = medium.url();
        if (url == null) {
            return;
        }
        if (Origin.of(url) == null) {
            throw Refusal.of("input " + Refusal.shown(url.getScheme() + ":")
                    + " is not an http or https address; give a" + " file as a file, it will be uploaded");
        }
        if (!wire.canFetch(url)) {
            throw Refusal.of("input " + Refusal.shown(medium.displayName()) + " is on a private network (host "
                    + url.getHost() + "), where IMA Studio cannot fetch it; give a public address or the file itself");
        }
    }

    private static void checkCount(int count, Operation taskType, ImaLeaf leaf) {
        int least = least(taskType, leaf);
        int most = most(taskType, leaf);
        if (count >= least && count <= most) {
            return;
        }
        String allowed = most == 0
                ? "none"
                : least == most
                        ? "exactly " + least
                        : most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
        throw Refusal.of("inputs: " + count + " given, but " + taskType.path() + " with " + leaf.name() + " takes "
                + allowed
                + (taskType == Operation.FIRST_LAST_FRAME_TO_VIDEO ? " (first frame, then last frame)" : ""));
    }

    private static void checkRole(Medium medium, Operation taskType) {
        MediaRole role = medium.role();
        Set<MediaRole> allowed = switch (taskType) {
            case IMAGE_TO_VIDEO -> EnumSet.of(MediaRole.IMAGE, MediaRole.FIRST_FRAME);
            case FIRST_LAST_FRAME_TO_VIDEO -> EnumSet.of(MediaRole.FIRST_FRAME, MediaRole.LAST_FRAME, MediaRole.IMAGE);
            default -> EnumSet.of(MediaRole.REFERENCE, MediaRole.IMAGE);
        };
        if (role != null && !allowed.contains(role)) {
            throw Refusal.of("input " + Refusal.shown(medium.displayName()) + " has the role " + role.path() + ", but "
                    + taskType.path() + " takes "
                    + allowed.stream().map(MediaRole::path).collect(Collectors.joining(", ")));
        }
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
            throw Refusal.of("input " + Refusal.shown(medium.displayName()) + " is " + type + "; "
                    + (later
                            ? leaf.name() + " would take it at IMA Studio, but this component sends it pictures only"
                            : leaf.name() + " takes pictures only"));
        }
        Set<String> types = pictureTypes(leaf);
        if (!types.isEmpty() && !types.contains(type)) {
            throw Refusal.of("input " + Refusal.shown(medium.displayName()) + " is " + type + "; " + leaf.name()
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

    private static List<Medium> framesInOrder(List<Medium> media) {
        Medium a = media.get(0);
        Medium b = media.get(1);
        boolean swapped = a.role() == MediaRole.LAST_FRAME || b.role() == MediaRole.FIRST_FRAME;
        if (a.role() == b.role() && (a.role() == MediaRole.FIRST_FRAME || a.role() == MediaRole.LAST_FRAME)) {
            throw Refusal.of("inputs: both have the role " + a.role().path()
                    + "; one first_frame and one last_frame are needed");
        }
        return swapped ? List.of(b, a) : media;
    }
}
