/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.TaskPush;
import io.genvideo.spi.TaskSubscription;
import org.jspecify.annotations.Nullable;

/**
 * What a service pushes about one task, brought onto the loop. Counts in the account's {@link StreamLimiter} until the stream
 * ends, also when the task has ended before.
 */
final class PushSubscription implements TaskPush {
    private final EngineContext engine;
    private final StreamLimiter streams;
    private @Nullable TaskPoller poller;
    private @Nullable TaskSubscription subscription;
    private boolean ended;
    private boolean closed;

    /** @param streams has counted it */
    PushSubscription(EngineContext engine, StreamLimiter streams) {
        this.engine = engine;
        this.streams = streams;
    }

    /** Whether the stream is still open. */
    boolean isOpen() {
        return !ended;
    }

    /** From now on the poller gets what is pushed. */
    void passTo(TaskPoller receiver) {
        poller = receiver;
    }

    /** The service has accepted the subscription. */
    void opened(TaskSubscription opened) {
        subscription = opened;
        if (closed) {
            close();
        }
    }

    /** The task is over. A stream that its create call has opened is ended by the service. */
    void close() {
        closed = true;
        TaskSubscription open = subscription;
        if (open == null) {
            return;
        }
        subscription = null;
        try {
            open.close();
        } catch (RuntimeException e) {
            engine.observer.warning("a subscription could not be closed: " + e);
        }
    }

    @Override
    public void saw(PollOutcome outcome) {
        engine.loop.execute(() -> {
            if (poller != null) {
                poller.pushed(outcome);
            }
        });
    }

    @Override
    public void hint() {
        engine.loop.execute(() -> {
            if (poller != null) {
                poller.pollNow();
            }
        });
    }

    @Override
    public void ended() {
        engine.loop.execute(() -> {
            if (!ended) {
                ended = true;
                streams.leave();
                if (poller != null) {
                    poller.pushEnded(this);
                }
            }
        });
    }
}
