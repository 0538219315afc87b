/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.TaskEngine;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Tells the engine once, at the end of an exchange, whether the exchange has used the outcome of a task, however many of its
 * attempts had to do with the task. An exchange that has not received the outcome has not used it, whatever its end.
 */
final class Settlement extends SynchronizationAdapter {
    private final TaskEngine engine;
    private final String recordId;
    private volatile boolean received;

    private Settlement(TaskEngine engine, String recordId) {
        this.engine = engine;
        this.recordId = recordId;
    }

    /** The settlement of a record at the end of this exchange: a new one, or that of an earlier attempt. */
    static Settlement onCompletion(Exchange exchange, TaskEngine engine, String recordId) {
        String property = GenvideoConstants.SETTLEMENT_PROPERTY + recordId;
        // A copy of an exchange has the property of its original, but an end of its own
        if (exchange.getProperty(property) instanceof Settlement known
                && known.engine == engine
                && exchange.getExchangeExtension().containsOnCompletion(known)) {
            return known;
        }
        Settlement settlement = new Settlement(engine, recordId);
        exchange.setProperty(property, settlement);
        exchange.getExchangeExtension().addOnCompletion(settlement);
        return settlement;
    }

    /** The exchange has the outcome now. */
    void received() {
        received = true;
    }

    @Override
    public void onComplete(Exchange done) {
        engine.settle(recordId, received);
    }

    @Override
    public void onFailure(Exchange failed) {
        engine.settle(recordId, false);
    }
}
