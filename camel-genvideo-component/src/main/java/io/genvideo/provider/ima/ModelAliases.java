/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.model.Operation;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What people call the models, and what is used if they name none (docs/contracts/ima.md sections 3.5 and 3.6). */
final class ModelAliases {
    private static final String FAST = "ima-pro-fast";

    /** From {@link #key} to model ids in order of preference: the first that a task type's list has is meant. */
    private static final Map<String, List<String>> MODEL_IDS = Map.ofEntries(
            Map.entry("imasevio1.0", List.of("ima-pro")),
            Map.entry("imasevio1.0-fast", List.of(FAST)),
            Map.entry("imasevio1.0fast", List.of(FAST)),
            Map.entry("seedance2.0", List.of("ima-pro")),
            Map.entry("seedance2.0-fast", List.of(FAST)),
            Map.entry("seedance2.0fast", List.of(FAST)),
            Map.entry("wan", List.of("wan2.6-t2v", "wan2.6-i2v")),
            Map.entry("kling", List.of("kling-video-o1")),
            Map.entry("kling2.6", List.of("kling-v2-6")),
            Map.entry("hailuo", List.of("MiniMax-Hailuo-2.3")),
            Map.entry("hailuo2.0", List.of("MiniMax-Hailuo-02")),
            Map.entry("vidu", List.of("viduq2", "viduq2-pro")),
            Map.entry("veo", List.of("veo-3.1-generate-preview")),
            Map.entry("sora", List.of("sora-2-pro")),
            Map.entry("pixverse", List.of("pixverse")));

    private static final Map<Operation, String> DEFAULTS = Map.of(
            Operation.TEXT_TO_VIDEO, "wan2.6-t2v",
            Operation.IMAGE_TO_VIDEO, "wan2.6-i2v",
            Operation.FIRST_LAST_FRAME_TO_VIDEO, "kling-video-o1",
            Operation.REFERENCE_IMAGE_TO_VIDEO, "kling-video-o1");

    private ModelAliases() {}

    /** The form in which names are compared: case and spacing aside. */
    static String key(String name) {
        StringBuilder key = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != ' ' && (c < '\t' || c > '\r')) {
                key.append(c);
            }
        }
        return key.toString().toLowerCase(Locale.ROOT);
    }

    /** Model ids that a name stands for; empty if it is no alias. */
    static List<String> modelIds(String name) {
        return MODEL_IDS.getOrDefault(key(name), List.of());
    }

    /**
     * The model id to use where the user names none.
     *
     * @throws IllegalArgumentException if IMA has no such task type
     */
    static String defaultFor(Operation taskType) {
        String modelId = DEFAULTS.get(taskType);
        if (modelId == null) {
            throw new IllegalArgumentException("no task type of IMA: " + taskType);
        }
        return modelId;
    }
}
