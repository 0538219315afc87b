/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The calls in progress, so that closing the gateway ends them and none starts afterwards. */
final class InFlightCalls {

    /** A call, or a wait, that a closing gateway has to end. */
    interface Item {
        /** Ends with an error that names the reason; does nothing if it has ended. */
        void abort(String reason);

        /**
         * Ends if its time is over.
         *
         * @param now as {@link Deadlines} measures it
         * @return when its time will be over; {@link Deadlines#NEVER} if it has ended or may take any time
         */
        default long expire(long now) {
            return Deadlines.NEVER;
        }
    }

    private final Set<Item> items = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Adds an item, or aborts it if the gateway is closed. */
    boolean add(Item item) {
        items.add(item);
        // Read after adding: a close that ran in between has either aborted the item or is visible here
        if (closed) {
            items.remove(item);
            item.abort(Failures.CLOSED);
            return false;
        }
        return true;
    }

    void remove(Item item) {
        items.remove(item);
    }

    boolean isClosed() {
        return closed;
    }

    /** @return whether this was the first call */
    synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    /** @return when the next item expires */
    long expire(long now) {
        long earliest = Deadlines.NEVER;
        for (Item item : items) {
            earliest = Math.min(earliest, item.expire(now));
        }
        return earliest;
    }

    void abort(Predicate<Item> which, String reason) {
        for (Item item : items) {
            if (which.test(item)) {
                item.abort(reason);
            }
        }
    }
}
