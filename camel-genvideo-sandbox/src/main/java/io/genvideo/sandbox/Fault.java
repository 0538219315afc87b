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
    record Status(int status, boolean processed) implements Fault {
        public Status {
            require(status >= 400 && status <= 599, "status must be 400 to 599, not " + status);
        }
    }

    /**
     * The service's own error; not processed.
     *
     * @param code the code as that service has them: IMA numbers, skills.video words ({@code CONTENT_REJECTED}, with or
     *     without the family before it) or the HTTP status that stands for one
     * @param httpStatus HTTP status of the answer; 0: the one that the service sends with that code
     */
    record Envelope(String code, String message, int httpStatus) implements Fault {
        public Envelope {
            require(
                    httpStatus == 0 || (httpStatus >= 200 && httpStatus <= 599),
                    "status must be 0 or 200 to 599, not " + httpStatus);
        }
    }

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
    record Redirect(int status, String location) implements Fault {
        public Redirect {
            require(status >= 301 && status <= 308, "status of a redirect must be 301 to 308, not " + status);
        }
    }

    /**
     * Every connection is closed, with a reset, at its first request. It is still accepted: one that is refused needs a
     * closed sandbox.
     */
    record Down() implements Fault {}

    /** The service's own answer to a wrong key; not processed. */
    record Unauthorized() implements Fault {}

    /** Processed, then an answer of success without the task's id. */
    record EmptyData() implements Fault {}

    /**
     * What only an event stream can suffer. The create behind it is processed. On a route without streams such a rule
     * is passed over.
     */
    sealed interface Stream extends Fault {}

    /** How a stream ends before its time. */
    enum End {
        /** Like a complete answer: the last chunk is sent. */
        CLEAN,
        /** The connection is closed, the last chunk missing. */
        CUT,
        /** The connection is reset. */
        RESET
    }

    /**
     * The stream ends too early; its task goes on.
     *
     * @param frames how many frames are sent before; {@value #INSTEAD_OF_LAST}: all but the terminal one
     */
    record StreamDrop(int frames, End end) implements Stream {
        /** Stands for the place of the terminal frame. */
        public static final int INSTEAD_OF_LAST = -1;
    }

    /** After so many frames nothing comes any more, and the stream stays open. */
    record StreamSilence(int frames) implements Stream {}

    /**
     * Each frame is sent in several writes.
     *
     * @param pieces how many
     * @param pause between two of them, so that they travel apart
     */
    record StreamSplit(int pieces, Duration pause) implements Stream {}

    /** Lines end in CR LF. */
    record StreamCrlf() implements Stream {}

    /** A comment line before each frame, and one after each such time. */
    record StreamHeartbeat(Duration every) implements Stream {}

    /** After so many frames one comes that is no JSON; then it goes on as it should. */
    record StreamGarbage(int frames) implements Stream {}

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

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
        return new Envelope(Integer.toString(code), message, 0);
    }

    static Fault envelope(int code, String message, int httpStatus) {
        return new Envelope(Integer.toString(code), message, httpStatus);
    }

    static Fault envelope(String code, String message) {
        return new Envelope(code, message, 0);
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

    /** The stream ends after so many frames, 0 for none. */
    static Fault dropStream(int frames, End end) {
        return new StreamDrop(frames, end);
    }

    /** The stream ends where its terminal frame should be. */
    static Fault dropStreamInsteadOfLast(End end) {
        return new StreamDrop(StreamDrop.INSTEAD_OF_LAST, end);
    }

    static Fault silentStream(int frames) {
        return new StreamSilence(frames);
    }

    static Fault splitStream(int pieces, Duration pause) {
        return new StreamSplit(pieces, pause);
    }

    static Fault crlfStream() {
        return new StreamCrlf();
    }

    static Fault heartbeatStream(Duration every) {
        return new StreamHeartbeat(every);
    }

    static Fault garbageInStream(int frames) {
        return new StreamGarbage(frames);
    }

    /** The kind as the HTTP interface and the ledger write it, e.g. {@code LOSE_ANSWER}. */
    default String kind() {
        return getClass().getSimpleName().replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    }

    /** Whether the client cannot learn the id of a task that was created. */
    default boolean losesAnswer() {
        return this instanceof LoseAnswer
                || this instanceof Garbage
                || this instanceof Truncate
                || this instanceof EmptyData
                || (this instanceof StreamDrop drop && drop.frames() == 0)
                || (this instanceof StreamSilence silence && silence.frames() == 0)
                || (this instanceof Status status && status.processed());
    }

    /** Whether the request takes effect although the client gets no proper answer. */
    default boolean processed() {
        return this instanceof LoseAnswer
                || this instanceof Garbage
                || this instanceof Truncate
                || this instanceof Stall
                || this instanceof SlowBody
                || this instanceof EmptyData
                || this instanceof Stream
                || (this instanceof Status status && status.processed());
    }
}
