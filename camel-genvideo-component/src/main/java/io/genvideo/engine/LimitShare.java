/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.engine.LimitAllotment.Demand;
import io.genvideo.engine.LimitAllotment.Grant;
import java.util.function.LongSupplier;

/** The part of one limit of an account that this node may use; the whole of it if the journal is this process's alone. */
final class LimitShare {
    private final LimitShares all;
    private final String account;
    private final Limit limit;
    private LongSupplier used = () -> 0;
    private LongSupplier wanted = () -> 0;
    private Runnable changed = () -> {};
    private long most;
    private long held;
    private long target;
    private long others;

    LimitShare(LimitShares all, String account, Limit limit) {
        this.all = all;
        this.account = account;
        this.limit = limit;
    }

    /**
     * Who uses it.
     *
     * @param used by tasks of this node, now
     * @param wanted at most now
     * @param changed runs when more may be allowed than before, or less
     */
    LimitShare usedBy(LongSupplier used, LongSupplier wanted, Runnable changed) {
        this.used = used;
        this.wanted = wanted;
        this.changed = changed;
        return this;
    }

    /** Whether one more may be used. @param most the limit, as whoever wants it knows it */
    boolean allows(long used, long most) {
        if (!all.areShared()) {
            return used < most;
        }
        know(most);
        return all.areUsable() && used < Math.min(held, target) && used + others < most;
    }

    /** The service has asked this node to slow down, so that others have to know. */
    void publish() {
        all.changed();
    }

    /** The limit. Of several values the highest counts, or the lowest where that one holds for all. */
    void know(long value) {
        boolean isNew = limit.isLowestForAll() ? value > 0 && (most == 0 || value < most) : value > most;
        if (isNew) {
            most = value;
            all.changed();
        }
    }

    /** Whether it is known or used here: tasks that were taken up are in flight, although no endpoint here has told the limit. */
    boolean matters() {
        return most > 0 || used.getAsLong() > 0;
    }

    Demand demand() {
        return new Demand(account, limit, most, used.getAsLong(), wanted.getAsLong());
    }

    boolean isOf(Demand demand) {
        return account.equals(demand.account()) && limit == demand.limit();
    }

    /** What is about to be written: what is given back is not used any more from now on. */
    void lower(Grant next) {
        held = Math.min(held, next.held());
        target = next.target();
        others = Math.max(others, next.others());
        changed.run();
    }

    /** What was written. */
    void set(Grant written) {
        held = written.held();
        target = written.target();
        others = written.others();
        changed.run();
    }

    /** Others may have it. */
    void lose() {
        held = 0;
        changed.run();
    }

    /** What may be used at the moment. */
    long usable() {
        return Math.min(held, target);
    }
}
