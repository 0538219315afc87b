/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.PortableOptions;
import io.genvideo.provider.support.Values;
import io.genvideo.spi.ExpectedTime;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one model: an agent that selects the generators itself. Its parameters are sentences of the message, except the session.
 */
final class NemoCatalogue {
    static final String MODEL = NemoRequests.AGENT;

    /** In the order of the documentation. The service makes videos only. */
    static final List<Operation> OPERATIONS = List.of(
            Operation.TEXT_TO_VIDEO,
            Operation.IMAGE_TO_VIDEO,
            Operation.FIRST_LAST_FRAME_TO_VIDEO,
            Operation.REFERENCE_IMAGE_TO_VIDEO,
            Operation.VIDEO_TO_VIDEO,
            Operation.GENERATE);

    static final List<Object> RESOLUTIONS = List.of("480p", "720p", "1080p");
    static final List<Object> ASPECT_RATIOS = List.of("16:9", "9:16", "1:1", "4:3", "3:4");
    static final int LONGEST_SECONDS = 600;

    /** An edit takes 10 to 30 s, a clip up to 5 minutes, its export up to 90 s (docs/contracts/nemo.md sections 6 and 8). */
    static final ExpectedTime EXPECTED_TIME = new ExpectedTime(Duration.ofSeconds(40), Duration.ofMinutes(7));

    private static final String IN_WORDS = "sent as a sentence of the message";

    private NemoCatalogue() {}

    /** Fails unless the request names no model, or the only one. */
    static void checkModel(@Nullable String model) {
        if (model != null && !model.trim().equalsIgnoreCase(MODEL)) {
            throw NemoErrors.ERRORS.invalid("model=" + Values.shown(model)
                    + " is not known: NemoVideo selects its models itself; leave the option out, or set " + MODEL);
        }
    }

    static List<ModelInfo> models() {
        return OPERATIONS.stream().map(NemoCatalogue::describe).toList();
    }

    private static ModelInfo describe(Operation operation) {
        return new ModelInfo(
                NemoErrors.NAME,
                operation,
                MODEL,
                null,
                "NemoVideo",
                "An editor that is talked to; it generates clips, edits them, and adds music and titles on its own.",
                true,
                List.of(
                        sentence("duration", "number", List.of(), IN_WORDS + "; up to " + LONGEST_SECONDS + " seconds"),
                        sentence("resolution", "string", RESOLUTIONS, IN_WORDS),
                        sentence("aspectRatio", "string", ASPECT_RATIOS, IN_WORDS),
                        sentence(PortableOptions.NEGATIVE_PROMPT, "string", List.of(), IN_WORDS),
                        sentence("audio", "boolean", List.of(true, false), IN_WORDS),
                        new ModelInfo.Parameter(
                                SessionIds.PARAMETER,
                                null,
                                "string",
                                null,
                                List.of(),
                                "goes on in this session instead of a new one")),
                List.of(),
                List.of((int) EXPECTED_TIME.least().toSeconds(), (int)
                        EXPECTED_TIME.most().toSeconds()),
                InputRules.least(operation, false),
                InputRules.most(operation));
    }

    private static ModelInfo.Parameter sentence(String option, String type, List<Object> allowed, String note) {
        return new ModelInfo.Parameter(option, option, type, null, allowed, note);
    }
}
