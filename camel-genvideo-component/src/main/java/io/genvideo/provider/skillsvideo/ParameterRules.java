/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.model.MediaRole;
import io.genvideo.provider.support.PortableOptions;
import io.genvideo.provider.support.schema.MediaFields;
import io.genvideo.provider.support.schema.SchemaInputs;
import io.genvideo.provider.support.schema.SchemaRules;
import io.genvideo.provider.support.schema.SchemaTaskTypes;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The names that skills.video's models give to their parameters (docs/contracts/skillsvideo.md section 2). */
final class ParameterRules {
    private static final List<String> SINGLE_PICTURE = List.of("image_url", "image");
    private static final List<String> FIRST =
            List.of("first_frame_url", "first_frame", "start_image_url", "start_image");
    private static final List<String> PICTURES = List.of("image_urls", "images");

    static final SchemaRules RULES = new SchemaRules(
            SkillsvideoErrors.ERRORS,
            "skills.video",
            // quality is none of them: its values are about effort, not about size
            new PortableOptions()
                    .with("duration", "duration", "seconds")
                    .with("resolution", "resolution")
                    .with("aspectRatio", "aspect_ratio")
                    .with(PortableOptions.NEGATIVE_PROMPT, "negative_prompt")
                    .with("seed", "seed")
                    .with(PortableOptions.COUNT, "n")
                    .with("audio", "generate_audio"),
            // A video model takes several pictures as references; one that makes images takes them as its material
            MediaFields.of(names(), f -> f.name().endsWith("_url") || f.name().endsWith("_urls"), false)
                    .andOfImageModels(MediaRole.IMAGE, joined(SINGLE_PICTURE, PICTURES, FIRST)),
            SkillsvideoModel.WITHOUT_SCHEMA);

    static final SchemaInputs INPUTS = new SchemaInputs(RULES);

    static final SchemaTaskTypes TASK_TYPES = new SchemaTaskTypes(RULES, TaskTypes::byName);

    private ParameterRules() {}

    /** Each also without its ending {@code _url}, as a field for raw files may be called. */
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

    @SafeVarargs
    private static List<String> joined(List<String>... parts) {
        return Stream.of(parts).flatMap(List::stream).toList();
    }
}
