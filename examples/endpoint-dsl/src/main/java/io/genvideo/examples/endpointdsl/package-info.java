/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/** Routes in Java with the Endpoint DSL: the compiler and the editor know every option. */
@org.jspecify.annotations.NullMarked
package io.genvideo.examples.endpointdsl;
