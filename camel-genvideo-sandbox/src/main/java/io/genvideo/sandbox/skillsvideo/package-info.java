/** The wire protocol of skills.video: its models, its checks, its tasks, their event streams and its webhooks. */
@NullMarked
package io.genvideo.sandbox.skillsvideo;

import org.jspecify.annotations.NullMarked;
