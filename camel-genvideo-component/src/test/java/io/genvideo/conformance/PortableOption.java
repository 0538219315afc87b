/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import org.jspecify.annotations.Nullable;

/**
 * What a provider makes of one portable option: it is sent, or refused by its name.
 *
 * @param name as in the URI: {@code duration}, {@code resolution}, {@code aspectRatio}, {@code negativePrompt}, {@code seed},
 *     {@code count} or {@code audio}
 * @param value of the type of {@link io.genvideo.model.GenerationOptions}; different from the default of the service
 * @param sentAs a part of the body of the create call that exists because of the option; {@code null} for an option that is
 *     refused
 */
public record PortableOption(
        String name, Object value, @Nullable String sentAs) {

    /** @param sentAs a part of the body of the create call, for example {@code "\"ratio\":\"9:16\""} */
    public static PortableOption sent(String name, Object value, String sentAs) {
        return new PortableOption(name, value, sentAs);
    }

    public static PortableOption refused(String name, Object value) {
        return new PortableOption(name, value, null);
    }

    /** The same with another value that some model of some service has. */
    PortableOption withAnotherValue() {
        Object another = switch (name) {
            case "duration" -> other(5.0, 10.0);
            case "resolution" -> other("1080p", "720p");
            case "aspectRatio" -> other("1:1", "9:16");
            case "negativePrompt" -> value + " at all";
            case "seed" -> (Long) value + 1;
            case "count" -> (Integer) value + 1;
            case "audio" -> !(Boolean) value;
            default -> throw new IllegalArgumentException("there is no portable option " + name);
        };
        return new PortableOption(name, another, sentAs);
    }

    private Object other(Object first, Object second) {
        return value.equals(first) ? second : first;
    }
}
