/** NemoVideo's wire protocol: tokens, sessions with uploads and state, chat messages as event streams, and exports. */
@NullMarked
package io.genvideo.sandbox.nemo;

import org.jspecify.annotations.NullMarked;
