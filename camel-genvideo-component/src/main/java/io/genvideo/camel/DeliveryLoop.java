/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.GenerationTask;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Takes undelivered outcomes from the journal and gives each to an exchange. Every taken outcome is settled exactly once: by
 * the end of its exchange, as failed if its result could not be fetched, or returned untouched.
 */
final class DeliveryLoop {
    private final UndeliveredResults results;
    private final Target target;

    /** Creates the exchanges and routes them. */
    interface Target {
        /** Whether to go on: not while the consumer is stopped or suspended. */
        boolean isOpen();

        Exchange createExchange();

        /** Routes an exchange. The end of the exchange settles its outcome, whatever happens here. */
        void route(Exchange exchange, int index, int total);

        /**
         * The result could not be fetched: the exchange is not routed, and the outcome is offered again.
         *
         * @throws Exception to end the delivery
         */
        void fetchFailed(Exchange exchange, GenerationTask task, Exception failure) throws Exception;

        /** The exchange was not routed, and is of no use any more. */
        default void release(Exchange exchange) {}
    }

    DeliveryLoop(UndeliveredResults results, Target target) {
        this.results = results;
        this.target = target;
    }

    /**
     * Takes outcomes in the order in which they ended.
     *
     * @throws Exception why the journal can't be read
     */
    Queue<GenerationTask> take(int most) throws Exception {
        return new ArrayDeque<>(results.take(most));
    }

    /** Whether {@link #take} reads the journal; once the component stops, it returns nothing. */
    boolean isOpen() {
        return results.isOpen();
    }

    /** Routes outcomes one after the other while the target is open, and returns the rest to the journal. */
    void deliver(Queue<GenerationTask> taken) throws Exception {
        int total = taken.size();
        try {
            while (!taken.isEmpty() && target.isOpen()) {
                int index = total - taken.size();
                Exchange exchange = prepare(taken.remove());
                if (exchange != null) {
                    target.route(exchange, index, total);
                }
            }
        } finally {
            taken.forEach(results::putBack);
        }
    }

    /** The exchange of the outcome that ended first, or {@code null} if there is none. */
    @Nullable
    Exchange next() throws Exception {
        GenerationTask task = take(1).poll();
        return task == null ? null : prepare(task);
    }

    private @Nullable Exchange prepare(GenerationTask task) throws Exception {
        Exchange exchange = createExchange(task);
        boolean settled = false;
        boolean ready = false;
        try {
            results.write(exchange, task);
            if (results.fetch(exchange, target::isOpen)) {
                results.acknowledge(exchange);
                settled = true;
                ready = true;
            }
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (target.isOpen()) {
                settled = true;
                results.giveBack(task, e);
                target.fetchFailed(exchange, task, e);
            }
        } finally {
            if (!settled) {
                results.putBack(task);
            }
            if (!ready) {
                UndeliveredResults.end(exchange);
                target.release(exchange);
            }
        }
        return ready ? exchange : null;
    }

    private Exchange createExchange(GenerationTask task) {
        try {
            return target.createExchange();
        } catch (RuntimeException | Error e) {
            results.putBack(task);
            throw e;
        }
    }
}
