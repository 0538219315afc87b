/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints which property stops the start, instead of the stack trace of the route or component that met it. */
final class GenvideoPropertyFailureAnalyzer extends AbstractFailureAnalyzer<GenvideoPropertyException> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, GenvideoPropertyException cause) {
        return new FailureAnalysis(cause.description(), cause.action(), failure);
    }
}
