/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;

/**
 * A request whose every byte is decided: sending it is all that is left.
 *
 * @param <P> the provider's own plan
 */
public abstract class AbstractReadyGeneration<P extends PlannedGeneration> implements ReadyGeneration {
    /** The plan behind it. */
    protected final P plan;

    protected AbstractReadyGeneration(P plan) {
        this.plan = plan;
    }

    @Override
    public final P plan() {
        return plan;
    }
}
