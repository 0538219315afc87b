/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs notifications one at a time, in the order in which they were given, on the threads that give them: events come on a
 * client's thread, an end may also come from the timer's or a closing thread, and a listener must not see both at once.
 */
final class SerialNotifier {
    private final Queue<Runnable> notifications = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    /** @param notification must not throw */
    void run(Runnable notification) {
        notifications.add(notification);
        if (pending.getAndIncrement() == 0) {
            do {
                Runnable next = notifications.poll();
                if (next != null) {
                    next.run();
                }
            } while (pending.decrementAndGet() > 0);
        }
    }
}
