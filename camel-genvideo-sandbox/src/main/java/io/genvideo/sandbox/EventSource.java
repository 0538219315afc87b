/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

/** What an event stream shows. */
@FunctionalInterface
public interface EventSource {

    /**
     * Begins: all frames, from the first one on, go to the sink in their order, from any thread.
     *
     * @return called once when the stream is over, whoever ended it
     */
    Runnable open(Sink sink);

    /** Takes the frames; it never blocks. */
    interface Sink {
        /**
         * One event.
         *
         * @param data a line
         * @param terminal whether it is the last one; the stream ends behind it
         */
        void frame(byte[] data, boolean terminal);

        /** A line that clients skip. */
        void comment(byte[] text);

        /** The stream ends without a terminal frame. */
        void end();

        /** The connection is closed in the middle of the stream. */
        void cut();
    }
}
