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

/** Waits for asynchronous results where Camel wants a thread to wait: in polls of consumers and in JMX. */
final class Futures {
    private Futures() {}

    /**
     * Waits for a value, but not longer than {@code most}: then the future is completed with a failure, so that a later
     * completion has no effect and is reported to whoever completes it.
     *
     * @param late the failure after that time
     * @throws Exception the failure of the future, or {@code late}
     */
    static <T> T within(Duration most, CompletableFuture<T> future, Supplier<? extends Exception> late)
            throws Exception {
        try {
            return future.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            future.completeExceptionally(late.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            future.completeExceptionally(e);
        } catch (ExecutionException e) {
            throw causeOf(e);
        }
        // A value may have come in the last moment, and then it counts
        try {
            return future.join();
        } catch (CompletionException e) {
            throw causeOf(e);
        }
    }

    /**
     * Waits for a value for a while; the future stays as it is.
     *
     * @return whether it has come
     * @throws Exception the failure of the future
     */
    static boolean isThereAfter(Duration most, CompletableFuture<?> future) throws Exception {
        try {
            future.get(most.toMillis(), TimeUnit.MILLISECONDS);
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
