/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.model.MediaKind;
import io.genvideo.model.MediaRole;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which of a model's fields carries a medium of a role: by the names of the known schemas (docs/contracts/skillsvideo.md section
 * 2), in order of
 * preference, each also without its ending {@code _url}, as a field for raw files may be called.
 */
final class MediaFields {
    private static final List<String> SINGLE_PICTURE = List.of("image_url", "image");
    private static final List<String> FIRST =
            List.of("first_frame_url", "first_frame", "start_image_url", "start_image");
    private static final List<String> PICTURES = List.of("image_urls", "images");

    private static final Map<MediaRole, List<String>> NAMES = names();

    private MediaFields() {}

    /** The field that takes media of this role; empty if the model has none that is known to. */
    static Optional<SchemaField> forRole(MediaRole role, SkillsvideoModel model) {
        Stream<String> names = NAMES.getOrDefault(role, List.of()).stream();
        if (role == MediaRole.IMAGE && model.kind() != MediaKind.VIDEO) {
            // A video model takes several pictures as references; one that makes images takes them as its material
            names = Stream.concat(SINGLE_PICTURE.stream(), Stream.concat(PICTURES.stream(), FIRST.stream()));
        }
        return names.flatMap(name -> model.field(name).stream())
                .filter(SchemaField::takesMedia)
                .filter(f -> !f.isArray() || mayBeSeveral(role, model))
                .findFirst();
    }

    private static boolean mayBeSeveral(MediaRole role, SkillsvideoModel model) {
        return switch (role) {
            case FIRST_FRAME, LAST_FRAME -> false;
            case IMAGE -> model.kind() != MediaKind.VIDEO;
            default -> true;
        };
    }

    /** Whether a field is for media, whatever their role. */
    static boolean isMedia(SchemaField field) {
        String name = field.name();
        return field.takesMedia()
                && (field.file()
                        || name.endsWith("_url")
                        || name.endsWith("_urls")
                        || NAMES.values().stream().anyMatch(names -> names.contains(name)));
    }

    private static Map<MediaRole, List<String>> names() {
        Map<MediaRole, List<String>> all = new EnumMap<>(MediaRole.class);
        all.put(MediaRole.IMAGE, joined(SINGLE_PICTURE, FIRST));
        all.put(MediaRole.FIRST_FRAME, joined(FIRST, SINGLE_PICTURE));
        all.put(MediaRole.LAST_FRAME, List.of("last_frame_url", "last_frame", "end_image_url", "end_image"));
        all.put(
                MediaRole.REFERENCE,
                joined(
                        List.of("reference_image_urls", "reference_images", "reference_image_url", "reference_image"),
                        PICTURES));
        all.put(MediaRole.VIDEO, List.of("video_url", "video", "video_urls", "videos"));
        all.put(MediaRole.AUDIO, List.of("audio_url", "audio", "audio_urls", "audios"));
        return all;
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
