/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support.schema;

import io.genvideo.model.MediaKind;
import io.genvideo.model.MediaRole;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which of a model's parameters carries a medium of a role: by the names that a service's models use, in order of preference.
 * Immutable.
 */
public final class MediaFields {
    private final Map<MediaRole, List<String>> names;
    private final Map<MediaRole, List<String>> namesOfImageModels;
    private final Predicate<SchemaField> namedLikeMedia;
    private final boolean singleInArray;

    private MediaFields(
            Map<MediaRole, List<String>> names,
            Map<MediaRole, List<String>> namesOfImageModels,
            Predicate<SchemaField> namedLikeMedia,
            boolean singleInArray) {
        this.names = names;
        this.namesOfImageModels = namesOfImageModels;
        this.namedLikeMedia = namedLikeMedia;
        this.singleInArray = singleInArray;
    }

    /**
     * Names for every model.
     *
     * @param namedLikeMedia whether the name of a parameter alone marks it as one for media
     * @param singleInArray whether a parameter for a single medium may be a list; otherwise a list in a video model is for
     *     references
     */
    public static MediaFields of(
            Map<MediaRole, List<String>> names, Predicate<SchemaField> namedLikeMedia, boolean singleInArray) {
        return new MediaFields(Map.copyOf(names), Map.of(), namedLikeMedia, singleInArray);
    }

    /** The same with other names for models that do not make videos. */
    public MediaFields andOfImageModels(MediaRole role, List<String> fields) {
        Map<MediaRole, List<String>> more = new EnumMap<>(MediaRole.class);
        more.putAll(namesOfImageModels);
        more.put(role, List.copyOf(fields));
        return new MediaFields(names, Map.copyOf(more), namedLikeMedia, singleInArray);
    }

    /** The parameter that takes media of this role; empty if the model has none that is known to. */
    public Optional<SchemaField> forRole(MediaRole role, SchemaModel model) {
        List<String> usual = names.getOrDefault(role, List.of());
        List<String> wanted = model.kind() == MediaKind.VIDEO ? usual : namesOfImageModels.getOrDefault(role, usual);
        return wanted.stream()
                .flatMap(name -> model.field(name).stream())
                .filter(SchemaField::takesMedia)
                .filter(f -> singleInArray || !f.isArray() || mayBeSeveral(role, model))
                .findFirst();
    }

    private static boolean mayBeSeveral(MediaRole role, SchemaModel model) {
        return switch (role) {
            case FIRST_FRAME, LAST_FRAME -> false;
            case IMAGE -> model.kind() != MediaKind.VIDEO;
            default -> true;
        };
    }

    /** Whether a parameter is for media, whatever their role. */
    public boolean isMedia(SchemaField field) {
        return field.takesMedia()
                && (field.file()
                        || namedLikeMedia.test(field)
                        || names.values().stream().anyMatch(all -> all.contains(field.name())));
    }
}
