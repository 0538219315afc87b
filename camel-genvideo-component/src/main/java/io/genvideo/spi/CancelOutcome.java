/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.GenerationError;

/** The response to a request for cancellation. Whether the task ended so is read by polling. */
public sealed interface CancelOutcome {

    /** The service has taken the request. */
    record Requested() implements CancelOutcome {}

    /** The service cannot cancel the task in its present state; it goes on and may be charged. */
    record Refused(GenerationError error) implements CancelOutcome {}
}
