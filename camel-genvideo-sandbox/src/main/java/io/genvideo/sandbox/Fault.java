/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.time.Duration;
import java.util.Locale;

/**
 * One way in which a service misbehaves. "Processed" means that the request takes its full effect first: a create is
 * charged and its task runs, although the client learns nothing of it.
 */
public sealed interface Fault {

    /** Processed, then the connection is closed without an answer. */
    record LoseAnswer() implements Fault {}

    /** The connection is reset before the request is looked at. */
    record ResetBefore() implements Fault {}

    /**
     * A bare HTML page, not the service's envelope, as a gateway sends it.
     *
     * @param status HTTP status, 400 to 599
     * @param processed whether the request was processed behind the gateway
     */
    record Status(int status, boolean processed) implements Fault {}

    /** The service's own error; not processed. */
    record Envelope(int code, String message, int httpStatus) implements Fault {}

    /**
     * HTTP 429; not processed.
     *
     * @param retryAfter sent as {@code Retry-After}, in whole seconds
     * @param envelope whether the body is the service's envelope or plain HTML
     */
    record RateLimit(Duration retryAfter, boolean envelope) implements Fault {}

    /** Processed, then HTTP 200 with a body that is not what the service speaks. */
    record Garbage() implements Fault {}

    /** Processed, then half of the answer's body and the end of the connection. */
    record Truncate() implements Fault {}

    /** Processed at once, answered after the given time. */
    record Stall(Duration delay) implements Fault {}

    /** Processed, then the body trickles over the given time. */
    record SlowBody(Duration over) implements Fault {}

    /**
     * A redirect; not processed.
     *
     * @param status 301 to 308
     * @param location where to; empty: the same URL
     */
    record Redirect(int status, String location) implements Fault {}

    /**
     * Every connection is closed, with a reset, at its first request. It is still accepted: one that is refused needs a
     * closed sandbox.
     */
    record Down() implements Fault {}

    /** The service's own answer to a wrong key; not processed. */
    record Unauthorized() implements Fault {}

    /** Processed, then an answer of success whose {@code data} is empty. */
    record EmptyData() implements Fault {}

    static Fault loseAnswer() {
        return new LoseAnswer();
    }

    static Fault resetBefore() {
        return new ResetBefore();
    }

    /** A bare page that stands for an unprocessed request. */
    static Fault status(int status) {
        return new Status(status, false);
    }

    /** A bare page although the request was processed. */
    static Fault statusAfterProcessing(int status) {
        return new Status(status, true);
    }

    static Fault envelope(int code, String message) {
        return new Envelope(code, message, 200);
    }

    static Fault envelope(int code, String message, int httpStatus) {
        return new Envelope(code, message, httpStatus);
    }

    static Fault rateLimit(Duration retryAfter) {
        return new RateLimit(retryAfter, true);
    }

    static Fault garbage() {
        return new Garbage();
    }

    static Fault truncate() {
        return new Truncate();
    }

    static Fault stall(Duration delay) {
        return new Stall(delay);
    }

    static Fault slowBody(Duration over) {
        return new SlowBody(over);
    }

    /** A redirect to the same URL. */
    static Fault redirect(int status) {
        return new Redirect(status, "");
    }

    static Fault down() {
        return new Down();
    }

    static Fault unauthorized() {
        return new Unauthorized();
    }

    static Fault emptyData() {
        return new EmptyData();
    }

    /** The kind as the HTTP interface and the ledger write it, e.g. {@code LOSE_ANSWER}. */
    default String kind() {
        return getClass().getSimpleName().replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    }

    /** Whether the request takes effect although the client gets no proper answer. */
    default boolean processed() {
        return this instanceof LoseAnswer
                || this instanceof Garbage
                || this instanceof Truncate
                || this instanceof Stall
                || this instanceof SlowBody
                || this instanceof EmptyData
                || (this instanceof Status status && status.processed());
    }
}
