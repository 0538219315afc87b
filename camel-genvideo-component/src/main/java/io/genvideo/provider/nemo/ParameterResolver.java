/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.PortableOptions;
import io.genvideo.provider.support.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the message of a request. The service has no parameters, it is told in words; what it has no words for (a seed, several
 * results) is refused by the name of its option.
 */
final class ParameterResolver {
    private ParameterResolver() {}

    /**
     * A request as the service gets it.
     *
     * @param text of the message
     * @param session that it goes on in; {@code null} for a new one
     */
    record Message(String text, @Nullable String session) {
        /** Without the text: that is the user's. */
        @Override
        public String toString() {
            return "Message[session=" + session + "]";
        }
    }

    static Message resolve(GenerationRequest request, Operation operation) {
        NemoCatalogue.checkModel(request.model());
        String prompt = request.prompt();
        InputRules.CHECKS.prompt(prompt, operation.path());
        EditorActions.checkMessage(prompt == null ? "" : prompt);
        List<String> lines = new ArrayList<>();
        lines.add(String.valueOf(prompt));
        if (operation == Operation.FIRST_LAST_FRAME_TO_VIDEO) {
            lines.add("The first of the two uploaded pictures is the first frame, the second one is the last frame.");
        } else if (operation == Operation.REFERENCE_IMAGE_TO_VIDEO) {
            lines.add("The uploaded pictures are references for what is to be seen.");
        }
        request.options().asMap().forEach((option, value) -> {
            String sentence = sentence(option, value);
            if (sentence != null) {
                lines.add(sentence);
            }
        });
        return new Message(String.join("\n", lines), session(request.parameters()));
    }

    private static @Nullable String session(Map<String, Object> parameters) {
        parameters.keySet().stream()
                .filter(name -> !name.equals(SessionIds.PARAMETER))
                .findFirst()
                .ifPresent(name -> {
                    throw invalid("parameter " + Values.shown(name) + " is not known; allowed: " + SessionIds.PARAMETER
                            + ". Everything else is said in the prompt");
                });
        return SessionIds.given(parameters.get(SessionIds.PARAMETER));
    }

    private static @Nullable String sentence(String option, Object value) {
        return switch (option) {
            case "duration" -> "The video is " + seconds(value) + " seconds long.";
            case "resolution" -> "The resolution is " + oneOf(option, value, NemoCatalogue.RESOLUTIONS) + ".";
            case "aspectRatio" -> "The aspect ratio is " + oneOf(option, value, NemoCatalogue.ASPECT_RATIOS) + ".";
            case PortableOptions.NEGATIVE_PROMPT -> "Not to be seen: " + Values.textOf(value);
            case "audio" -> Boolean.TRUE.equals(value) ? "The video has sound." : "The video has no sound.";
            case PortableOptions.COUNT -> {
                if (!Integer.valueOf(1).equals(value)) {
                    throw invalid(option + "=" + Values.shown(value)
                            + " is not allowed; allowed: 1, because a session has one video");
                }
                yield null;
            }
            default ->
                throw invalid(option + "=" + Values.shown(value)
                        + " cannot be set at NemoVideo; it takes duration, resolution, aspectRatio, negativePrompt and"
                        + " audio");
        };
    }

    private static String seconds(Object value) {
        double seconds = value instanceof Number number ? number.doubleValue() : Double.NaN;
        if (!(seconds > 0 && seconds <= NemoCatalogue.LONGEST_SECONDS)) {
            throw invalid("duration=" + Values.shown(value) + " is not allowed; allowed: more than 0, at most "
                    + NemoCatalogue.LONGEST_SECONDS + " seconds");
        }
        return Values.textOf(value);
    }

    private static Object oneOf(String option, Object value, List<Object> allowed) {
        return allowed.stream()
                .filter(a -> a.toString().equalsIgnoreCase(Values.textOf(value).trim()))
                .findFirst()
                .orElseThrow(() -> invalid(option + "=" + Values.shown(value) + " is not allowed; allowed: "
                        + allowed.stream().map(Object::toString).collect(Collectors.joining(", "))));
    }

    private static GenvideoException invalid(String message) {
        return NemoErrors.ERRORS.invalid(message);
    }
}
