/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/** The demo: runs {@code routes/file-drop.camel.yaml} as it is, against the sandbox or the real service. */
@NullMarked
package io.genvideo.examples.filedrop;

import org.jspecify.annotations.NullMarked;
