/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/** A Quarkus application that makes videos: {@link io.genvideo.examples.quarkus.VideoResource} is its whole interface. */
@NullMarked
package io.genvideo.examples.quarkus;

import org.jspecify.annotations.NullMarked;
