/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which exchanges and consumers of this engine have received which outcome and have not reported what became of it. Several
 * may have the same one, each reports for itself. Thread-safe.
 */
final class OutcomeHolders {
    private final Map<String, Holders> byRecord = new HashMap<>();

    private static final class Holders {
        private final Set<String> holding = new HashSet<>();
        /** Have reported, and the journal does not say so yet. */
        private int reporting;
    }

    /** What a report may change. */
    enum Report {
        /** Whoever reports does not have the outcome. */
        NOT_HELD,
        /** Others have the outcome as well and may still use it. */
        SHARED,
        LAST
    }

    synchronized void hold(String recordId, String holder) {
        byRecord.computeIfAbsent(recordId, id -> new Holders()).holding.add(holder);
    }

    /** Whether somebody has the outcome, or has reported just now. */
    synchronized boolean isHeld(String recordId) {
        return byRecord.containsKey(recordId);
    }

    /** Begins a report, which ends with {@link #reported} unless the outcome is not held. */
    synchronized Report report(String recordId, String holder) {
        Holders holders = byRecord.get(recordId);
        if (holders == null || !holders.holding.remove(holder)) {
            return Report.NOT_HELD;
        }
        holders.reporting++;
        return holders.holding.isEmpty() ? Report.LAST : Report.SHARED;
    }

    /** The journal has what was reported. */
    synchronized void reported(String recordId) {
        Holders holders = byRecord.get(recordId);
        if (holders != null && --holders.reporting == 0 && holders.holding.isEmpty()) {
            byRecord.remove(recordId);
        }
    }
}
