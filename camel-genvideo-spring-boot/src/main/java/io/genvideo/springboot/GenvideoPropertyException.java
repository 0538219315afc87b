/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

/** A property that names no option, or whose value the option can't have. The message begins with the property's name. */
final class GenvideoPropertyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String description;
    private final String action;

    /**
     * @param description what is wrong, beginning with the name of the property
     * @param action what to do about it
     */
    GenvideoPropertyException(String description, String action) {
        super(description + " " + action);
        this.description = description;
        this.action = action;
    }

    String description() {
        return description;
    }

    String action() {
        return action;
    }
}
