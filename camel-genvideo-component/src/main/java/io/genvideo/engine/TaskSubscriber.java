/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.TaskSubscription;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one task subscribed to what its service pushes, where the service has that and the account has room: again with
 * back-off after a subscription has ended. Whatever becomes of it, the task is polled too.
 */
final class TaskSubscriber {
    private final EngineContext engine;
    private final OpenTask task;
    private final TaskPoller poller;
    private final int maxStreams;
    private @Nullable PushSubscription push;
    private boolean open;
    private boolean closed;
    private Backoff pauses = Backoff.between(Duration.ofSeconds(1), Duration.ofMinutes(1));
    private EventLoop.@Nullable Timer again;

    TaskSubscriber(EngineContext engine, OpenTask task, TaskPoller poller, int maxStreams) {
        this.engine = engine;
        this.task = task;
        this.poller = poller;
        this.maxStreams = maxStreams;
    }

    /** Whether what happens to the task is pushed, so that it is polled rarely, in case that the service forgets to. */
    boolean isPushing() {
        return open;
    }

    /**
     * Listens to the stream that the create call has opened.
     *
     * @return whether it is still open
     */
    boolean use(PushSubscription stream) {
        if (!stream.isOpen()) {
            return false;
        }
        push = stream;
        open = true;
        stream.passTo(poller);
        return true;
    }

    /** Subscribes, unless that was done, can't be done, or has to wait. */
    void subscribe() {
        StreamLimiter streams = task.accountState().streams();
        if (closed
                || push != null
                || again != null
                || !task.account().descriptor().subscribes()
                || !streams.enter(maxStreams)) {
            return;
        }
        PushSubscription wanted = new PushSubscription(engine, streams);
        push = wanted;
        wanted.passTo(poller);
        engine.callWithin(
                engine.patience(task.callOptions()),
                () -> task.account()
                        .provider()
                        .subscribe(task.record().submitted(), wanted, task.callOptions())
                        .whenComplete((subscription, failure) -> {
                            if (subscription != null) {
                                // also one that comes too late, because it has to be closed
                                engine.loop.execute(() -> wanted.opened(subscription));
                            }
                        }),
                subscription -> opened(wanted, subscription),
                failure -> {
                    wanted.close();
                    wanted.ended();
                });
    }

    private void opened(PushSubscription wanted, @Nullable TaskSubscription subscription) {
        if (subscription == null) {
            wanted.ended();
            return;
        }
        if (closed) {
            return;
        }
        open = push == wanted && wanted.isOpen();
        // also for one that has ended meanwhile: a service closes the push of a task that is over
        poller.pushOpened();
    }

    /** Something was pushed: the service is well. */
    void received() {
        pauses = pauses.reset();
    }

    /**
     * A subscription or stream has ended.
     *
     * @return whether it was the one that was listened to, so that the task has to be polled
     */
    boolean ended(PushSubscription ended) {
        if (push != ended) {
            return false;
        }
        boolean wasOpen = open;
        push = null;
        open = false;
        if (!closed && task.account().descriptor().subscribes()) {
            again = engine.loop.schedule(pauses.delay(), () -> {
                again = null;
                subscribe();
            });
            pauses = pauses.next();
        }
        return wasOpen;
    }

    /** The task is over. */
    void close() {
        closed = true;
        open = false;
        if (again != null) {
            again.cancel();
            again = null;
        }
        if (push != null) {
            push.close();
        }
    }
}
