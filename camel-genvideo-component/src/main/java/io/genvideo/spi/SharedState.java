/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.time.Instant;
import java.util.Set;

/**
 * What the engines that use one repository share, as it was read.
 *
 * @param version of the text; the next write names it
 * @param text opaque for the repository; empty if nothing was written yet
 * @param living {@linkplain TaskOwner#id() owners} whose leases had not ended after the text was read
 * @param lapsed owners of records whose own leases had ended
 * @param now by the repository's clock, by which leases are measured
 */
public record SharedState(long version, String text, Set<String> living, Set<String> lapsed, Instant now) {
    public SharedState {
        living = Set.copyOf(living);
        lapsed = Set.copyOf(lapsed);
    }
}
