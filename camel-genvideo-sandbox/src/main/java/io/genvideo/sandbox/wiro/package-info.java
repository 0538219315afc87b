/** Wiro's wire protocol: signatures, models, tasks with their socket and callbacks, and files. */
@NullMarked
package io.genvideo.sandbox.wiro;

import org.jspecify.annotations.NullMarked;
