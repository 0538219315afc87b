/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

/** Whether a message that is sent again finds the task it has made. The constants are spelled as the option's values. */
public enum IdempotencyMode {
    /** A key from the header, else from the source where it has an identity. */
    auto,
    /** As {@link #auto}, and a message for which there is no key is refused. */
    required,
    /** Only a key from the header. */
    off
}
