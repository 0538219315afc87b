/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.util.ArrayList;
import java.util.List;

/** The exchanges that wait for one task, in the order in which they came. */
final class TaskWaiters {
    private final List<TaskWaiter> waiters = new ArrayList<>(1);

    void add(TaskWaiter waiter) {
        waiters.add(waiter);
    }

    /** @return whether it was waiting */
    boolean remove(TaskWaiter waiter) {
        return waiters.remove(waiter);
    }

    boolean isEmpty() {
        return waiters.isEmpty();
    }

    /** Whether some wait, and all of them want the task to be cancelled when the component stops. */
    boolean areCancelledOnStop() {
        return !waiters.isEmpty() && waiters.stream().allMatch(w -> w.abandon().onStop());
    }

    /** Whether some wait, and none of them for the result. */
    boolean areForAcceptance() {
        return !waiters.isEmpty() && waiters.stream().allMatch(TaskWaiter::isForAcceptance);
    }

    /** Those that wait for the acceptance only; they wait no more. */
    List<TaskWaiter> takeForAcceptance() {
        List<TaskWaiter> taken =
                waiters.stream().filter(TaskWaiter::isForAcceptance).toList();
        waiters.removeAll(taken);
        return taken;
    }

    /** All of them; none waits any more. */
    List<TaskWaiter> takeAll() {
        List<TaskWaiter> taken = List.copyOf(waiters);
        waiters.clear();
        return taken;
    }

    /** @param recordId of the task, for the log */
    void progress(TaskProgress made, String recordId, TaskObserver observer) {
        for (TaskWaiter waiter : List.copyOf(waiters)) {
            try {
                waiter.progress(made);
            } catch (RuntimeException | Error e) {
                observer.warning("a progress listener failed; the task goes on [record " + recordId + "]: " + e);
            }
        }
    }
}
