/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * The example for Spring Boot: videos by REST. The routes are in {@code src/main/resources/camel}; {@code VideoController}
 * serves the files that they write, because Spring answers range requests, which players send.
 */
@NullMarked
package io.genvideo.examples.springboot;

import org.jspecify.annotations.NullMarked;
