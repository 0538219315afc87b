/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Lets an exchange go on when something asynchronous has ended, calling its callback exactly once. */
final class Waiting {
    private final Continuations continuations;

    Waiting(Continuations continuations) {
        this.continuations = continuations;
    }

    /**
     * @param then writes the end on the exchange: a value, or a failure
     * @return as {@link org.apache.camel.AsyncProcessor#process}
     */
    <T> boolean until(
            Exchange exchange,
            CompletionStage<T> stage,
            AsyncCallback callback,
            BiConsumer<T, @Nullable Throwable> then) {
        if (exchange.isTransacted()) {
            // The rest of the route belongs to the transaction of this thread
            end(exchange, stage.handle(Ended::new).toCompletableFuture().join(), then);
            callback.done(true);
            return true;
        }
        stage.whenComplete((value, failure) -> continuations.run(() -> {
            end(exchange, new Ended<>(value, failure), then);
            callback.done(false);
        }));
        return false;
    }

    private static <T> void end(Exchange exchange, Ended<T> ended, BiConsumer<T, @Nullable Throwable> then) {
        try {
            Throwable failure = ended.failure();
            then.accept(
                    ended.value(),
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure);
        } catch (RuntimeException | Error e) {
            // An Error too: an exchange whose callback is never called keeps its source waiting for good
            exchange.setException(e);
        }
    }

    private record Ended<T>(T value, @Nullable Throwable failure) {}
}
