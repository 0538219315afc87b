/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waits for asynchronous answers where Camel wants a thread to wait: in polls, and where JMX asks. */
final class Futures {
    private Futures() {}

    /**
     * Waits for an answer, but not longer than {@code most}: after that the future is completed with a failure, so that
     * whoever answers later knows that nobody listens any more.
     *
     * @param late the failure that says so
     * @throws Exception why there is no answer
     */
    static <T> T within(Duration most, CompletableFuture<T> answer, Supplier<? extends Exception> late)
            throws Exception {
        try {
            return answer.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.completeExceptionally(late.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.completeExceptionally(e);
        } catch (ExecutionException e) {
            throw causeOf(e);
        }
        // An answer may have come in the last moment, and then it counts
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw causeOf(e);
        }
    }

    /**
     * Waits a little for an answer.
     *
     * @return whether it has come
     * @throws Exception why there will be none
     */
    static boolean isThereAfter(Duration most, CompletableFuture<?> answer) throws Exception {
        try {
            answer.get(most.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException e) {
            throw causeOf(e);
        }
    }

    private static Exception causeOf(Exception wrapper) {
        Throwable cause = wrapper.getCause();
        if (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof Exception exception ? exception : wrapper;
    }
}
