/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/** The journal in memory, the default: nothing to set up, and nothing left after the process. */
@NullMarked
package io.genvideo.repository.memory;

import org.jspecify.annotations.NullMarked;
