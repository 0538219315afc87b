/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.TaskEngine;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Reports to the engine once whether the outcome that one call has returned was used (docs/design.md section 4.10). It was if the
 * exchange that received it has ended without failure, and so has each exchange of which that was a copy: a part of a
 * {@code split} has not used its result if the message fails after it.
 *
 * <p>If the outcome is a failure, its exception counts as used where a route has handled it.
 */
final class Settlement extends SynchronizationAdapter implements LiveExchanges.Listener {
    private final TaskEngine engine;
    private final LiveExchanges exchanges;
    private final String recordId;
    private final String holder;
    private final boolean received;
    private final @Nullable Throwable failure;
    /** Whether the exception was passed to the original of the exchange that has ended last. */
    private boolean passedOn;

    private Settlement(
            TaskEngine engine,
            LiveExchanges exchanges,
            String recordId,
            String holder,
            boolean received,
            @Nullable Throwable failure) {
        this.engine = engine;
        this.exchanges = exchanges;
        this.recordId = recordId;
        this.holder = holder;
        this.received = received;
        this.failure = failure;
    }

    /** Where the outcomes of one component are reported. */
    record Desk(TaskEngine engine, LiveExchanges exchanges) {
        /** The exchange has the result. @param holder the record id that was given to the engine with the call */
        void received(Exchange exchange, String recordId, String holder) {
            begin(exchange, new Settlement(engine, exchanges, recordId, holder, true, null));
        }

        /** The exchange has the exception of a task that has ended badly. */
        void failed(Exchange exchange, String recordId, String holder, Throwable failure) {
            begin(exchange, new Settlement(engine, exchanges, recordId, holder, true, failure));
        }

        /** The exchange owns a result that it could not get: whatever becomes of the exchange, it is for somebody else. */
        void notReceived(Exchange exchange, String recordId, String holder) {
            begin(exchange, new Settlement(engine, exchanges, recordId, holder, false, null));
        }

        private void begin(Exchange exchange, Settlement settlement) {
            if (exchange.getUnitOfWork() != null) {
                exchange.getExchangeExtension().addOnCompletion(settlement);
                return;
            }
            // The copy that enrich makes has no end of its own, and when it fails its completions are dropped
            settlement.passedOn = settlement.failure != null;
            if (!exchanges.onEnd(LiveExchanges.originalId(exchange), settlement)) {
                settlement.passedOn = false;
                exchange.getExchangeExtension().addOnCompletion(settlement);
            }
        }
    }

    @Override
    public void onComplete(Exchange done) {
        ended(done, false, exchanges.originalOf(done));
    }

    @Override
    public void onFailure(Exchange failed) {
        ended(failed, true, exchanges.originalOf(failed));
    }

    @Override
    public void ended(Exchange exchange, boolean isFailed, @Nullable String originalId) {
        boolean isHere = carriesFailure(exchange.getException());
        boolean isLost = isFailed ? !isHere : passedOn && !carriesFailure(handled(exchange));
        passedOn = isFailed && isHere;
        if (isLost || !exchanges.onEnd(originalId, this)) {
            engine.settle(recordId, holder, received && !isLost && !isFailed);
        }
    }

    private static @Nullable Throwable handled(Exchange exchange) {
        return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    }

    /** Whether this is the exception of the outcome, or was caused by it. */
    private boolean carriesFailure(@Nullable Throwable thrown) {
        if (failure == null) {
            return false;
        }
        int depth = 0;
        for (Throwable t = thrown; t != null && depth < 20; t = t.getCause(), depth++) {
            if (t == failure) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "settlement of record " + recordId;
    }
}
