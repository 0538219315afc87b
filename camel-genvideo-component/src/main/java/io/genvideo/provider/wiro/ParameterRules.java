/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import io.genvideo.model.MediaRole;
import io.genvideo.provider.support.PortableOptions;
import io.genvideo.provider.support.schema.MediaFields;
import io.genvideo.provider.support.schema.SchemaInputs;
import io.genvideo.provider.support.schema.SchemaRules;
import io.genvideo.provider.support.schema.SchemaTaskTypes;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names that Wiro's models give to their parameters (docs/contracts/wiro.md sections 4 and 10). Names drift from model to model
 * and over time; one that is not here is set with {@code param.<name>}.
 */
final class ParameterRules {
    static final SchemaRules RULES = new SchemaRules(
            WiroErrors.ERRORS,
            "Wiro",
            new PortableOptions()
                    .with("duration", "duration", "seconds", "durationSeconds")
                    .with("resolution", "resolution")
                    .with("aspectRatio", "aspectRatio", "ratio")
                    .with(PortableOptions.NEGATIVE_PROMPT, "negativePrompt")
                    .with("seed", "seed")
                    .with(PortableOptions.COUNT, "samples")
                    .with("audio", "generateAudio", "audioEnabled", "sound"),
            MediaFields.of(
                    names(), f -> f.name().startsWith("input") && f.name().endsWith(WiroModel.URL), true),
            "The service describes each model; the operation describe shows what it takes");

    static final SchemaInputs INPUTS = new SchemaInputs(RULES);

    static final SchemaTaskTypes TASK_TYPES = new SchemaTaskTypes(RULES, model -> Set.of());

    private ParameterRules() {}

    private static Map<MediaRole, List<String>> names() {
        Map<MediaRole, List<String>> all = new EnumMap<>(MediaRole.class);
        all.put(MediaRole.IMAGE, List.of("inputImage", "inputImageUrl", "inputImageFirst", "inputImageFirstUrl"));
        all.put(MediaRole.FIRST_FRAME, List.of("inputImageFirst", "inputImageFirstUrl", "inputImage", "inputImageUrl"));
        all.put(MediaRole.LAST_FRAME, List.of("inputImageLast", "inputImageLastUrl"));
        all.put(MediaRole.REFERENCE, List.of("inputImages", "inputImageReference", "inputReferenceImage"));
        all.put(MediaRole.VIDEO, List.of("inputVideo", "inputVideoUrl"));
        all.put(MediaRole.AUDIO, List.of("inputAudio", "inputAudioUrl"));
        return all;
    }
}
