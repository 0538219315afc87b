/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import java.util.List;

/**
 * One property under {@code camel.component.genvideo}.
 *
 * @param name the whole name, as it was written
 * @param path the parts of the name below the prefix, as they were written
 * @param isVariable whether it is an environment variable, whose name tells neither case nor dashes
 * @param text the value, with placeholders
 * @param origin where it stands: a file with its line, or the name of Spring's property source
 */
record ComponentProperty(String name, List<String> path, boolean isVariable, String text, String origin) {}
