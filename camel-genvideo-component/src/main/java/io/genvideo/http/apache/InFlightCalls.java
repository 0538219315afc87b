/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Everything that is under way, so that closing can end it, and nothing starts afterwards. */
final class InFlightCalls {

    /** Something that a closing gateway has to end. */
    interface Item {
        /** Ends with an error that says that the gateway is closed; does nothing if it has ended. */
        void abort();
    }

    private final Set<Item> items = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Adds it, or aborts it if the gateway is closed. */
    boolean add(Item item) {
        items.add(item);
        // Looked at after adding: a close that ran in between has either seen the item or is seen here
        if (closed) {
            items.remove(item);
            item.abort();
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

    void abortAll() {
        for (Item item : items) {
            item.abort();
        }
        items.clear();
    }
}
