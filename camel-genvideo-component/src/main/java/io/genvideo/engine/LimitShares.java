/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.engine.LimitAllotment.Demand;
import io.genvideo.engine.LimitAllotment.Grant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * This node's parts of the limits of all accounts. They may be used only while its {@link OwnerLease} lasts. With a journal
 * that only this process can use nothing is shared, and each limit is this process's.
 */
final class LimitShares {
    private static final long PER_THOUSAND = 1_000;

    private final OwnerLease lease;
    private final List<LimitShare> shares = new ArrayList<>();
    private final Set<RequestRate> rates = new HashSet<>();
    /** Reads limits that may change. */
    private final List<Runnable> limits = new ArrayList<>();

    private Runnable whenChanged = () -> {};
    private boolean shared;
    private int nodes = 1;

    LimitShares(OwnerLease lease) {
        this.lease = lease;
    }

    LimitShare of(String account, Limit limit) {
        LimitShare share = new LimitShare(this, account, limit);
        shares.add(share);
        return share;
    }

    /** The part of an account's requests per second. Each account once. */
    void limitRequests(EngineAccount account) {
        RequestRate rate = account.requests();
        if (shared && rates.add(rate)) {
            LimitShare share = of(account.name(), Limit.REQUESTS);
            LongSupplier limit = () -> Math.round(rate.limit() * PER_THOUSAND);
            share.usedBy(() -> 0, limit, () -> rate.share(share.usable() / (double) PER_THOUSAND, lease.left()));
            limits.add(() -> share.know(limit.getAsLong()));
        }
        limits.forEach(Runnable::run);
    }

    /** From now on limits hold over all nodes. @param changed runs when others have to know something soon */
    void share(Runnable changed) {
        shared = true;
        whenChanged = changed;
    }

    boolean areShared() {
        return shared;
    }

    boolean areUsable() {
        return lease.isHeld();
    }

    /** How many nodes live, this one included. */
    int nodes() {
        return nodes;
    }

    void changed() {
        whenChanged.run();
    }

    List<Demand> demands() {
        limits.forEach(Runnable::run);
        return shares.stream()
                .filter(LimitShare::matters)
                .map(LimitShare::demand)
                .toList();
    }

    /** What is about to be written. */
    void lower(List<Grant> next) {
        each(next, LimitShare::lower);
    }

    /** What was written. */
    void set(List<Grant> written, int living) {
        nodes = living;
        each(written, LimitShare::set);
    }

    private void each(List<Grant> grants, Step step) {
        for (Grant grant : grants) {
            shares.stream().filter(s -> s.isOf(grant.demand())).forEach(s -> step.apply(s, grant));
        }
    }

    private interface Step {
        void apply(LimitShare share, Grant grant);
    }

    /** Others may have all of it. */
    void lose() {
        shares.forEach((Consumer<LimitShare>) LimitShare::lose);
    }
}
