/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import io.genvideo.spi.PollOutcome.Trouble.Kind;
import java.util.function.Function;

/**
 * An error with which the service itself answers a poll. It is no statement about the task.
 *
 * @param name for the report: the service's code
 * @param response the service's response, with a message that quotes what the kit gives
 * @param kind what it means
 */
public record PollError(String name, Function<String, ServiceResponse> response, Kind kind) {}
