/** Media.io's wire protocol: the 24 operations of its definition, their checks, tasks and credits. */
@NullMarked
package io.genvideo.sandbox.mediaio;

import org.jspecify.annotations.NullMarked;
