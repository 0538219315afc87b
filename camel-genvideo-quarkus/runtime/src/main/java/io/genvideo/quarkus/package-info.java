/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * The runtime part of the Quarkus extension. It has no code of its own: the component runs unchanged, and what Quarkus needs
 * happens at build time in {@code camel-genvideo-quarkus-deployment}.
 */
@NullMarked
package io.genvideo.quarkus;

import org.jspecify.annotations.NullMarked;
