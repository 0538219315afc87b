/** IMA Studio's wire protocol: its catalogue, its checks, its tasks and its upload hosts. */
@NullMarked
package io.genvideo.sandbox.ima;

import org.jspecify.annotations.NullMarked;
