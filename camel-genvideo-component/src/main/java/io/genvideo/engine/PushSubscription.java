/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.TaskPush;
import org.jspecify.annotations.Nullable;

/**
 * What a service pushes about one task, brought onto the loop. Takes one of the account's {@link StreamLimiter} until the stream
 * ends, also when the task has ended before.
 */
final class PushSubscription implements TaskPush {
    private final EngineContext engine;
    private final StreamLimiter streams;
    private @Nullable TaskPoller watch;
    private boolean ended;

    PushSubscription(EngineContext engine, StreamLimiter streams) {
        this.engine = engine;
        this.streams = streams;
    }

    /** Whether the stream is still open. */
    boolean isOpen() {
        return !ended;
    }

    /** From now on the watch hears what is pushed. */
    void tell(TaskPoller listener) {
        watch = listener;
    }

    @Override
    public void saw(PollOutcome outcome) {
        engine.loop.execute(() -> {
            if (watch != null) {
                watch.heard(outcome);
            }
        });
    }

    @Override
    public void hint() {
        engine.loop.execute(() -> {
            if (watch != null) {
                watch.lookNow();
            }
        });
    }

    @Override
    public void ended() {
        engine.loop.execute(() -> {
            if (!ended) {
                ended = true;
                streams.leave();
                if (watch != null) {
                    watch.streamEnded();
                }
            }
        });
    }
}
