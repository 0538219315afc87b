/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls of providers that never end by themselves, with one timer for all of them. Each poll is such a call, and almost none
 * needs it. Belongs to the loop.
 */
final class CallDeadlines {
    private final EventLoop loop;
    private final Set<Call> open = new LinkedHashSet<>();
    private EventLoop.@Nullable Timer check;
    private Duration checkAt = Duration.ZERO;

    CallDeadlines(EventLoop loop) {
        this.loop = loop;
    }

    /** @param otherwise gets a {@link TimeoutException} if the call has not ended after {@code most} */
    Call start(Duration most, Consumer<Throwable> otherwise) {
        Call call = new Call(most, loop.elapsed().plus(most), otherwise);
        open.add(call);
        checkAt(call.due);
        return call;
    }

    private void checkAt(Duration due) {
        if (check != null) {
            if (due.compareTo(checkAt) >= 0) {
                return;
            }
            check.cancel();
        }
        checkAt = due;
        check = loop.schedule(due.minus(loop.elapsed()), this::check);
    }

    private void check() {
        check = null;
        Duration now = loop.elapsed();
        List<Call> over = new ArrayList<>();
        for (Call call : open) {
            if (call.due.compareTo(now) <= 0) {
                over.add(call);
            } else {
                checkAt(call.due);
            }
        }
        for (Call call : over) {
            if (call.end()) {
                call.otherwise.accept(new TimeoutException("no answer within " + call.most.toSeconds() + " s"));
            }
        }
    }

    /** A call that has begun. */
    final class Call {
        private final Duration most;
        private final Duration due;
        private final Consumer<Throwable> otherwise;

        private Call(Duration most, Duration due, Consumer<Throwable> otherwise) {
            this.most = most;
            this.due = due;
            this.otherwise = otherwise;
        }

        /** @return whether it had not ended before */
        boolean end() {
            return open.remove(this);
        }
    }
}
