/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.util.List;
import java.util.Set;

/** One simulated service: the seam at which further ones are added. */
public interface SandboxService extends AutoCloseable {

    /** Its name in fault rules and in the ledger, e.g. {@code ima}. */
    String name();

    /** Its name for people, e.g. {@code IMA Studio}. */
    String title();

    /**
     * Endpoint options with which a route uses it.
     *
     * @param origin scheme and authority of the sandbox, e.g. {@code http://localhost:8089}
     */
    String endpointOptions(String origin);

    /** Which keys it accepts, for people; never a key itself. */
    String keyHint();

    /** Every request that it serves. */
    List<Route> routes();

    /** Forgets its tasks, as if it had just started. */
    void reset();

    /**
     * Its own error, as a fault or a request outside of its routes asks for it.
     *
     * @param code see {@link Fault.Envelope}
     * @param httpStatus HTTP status; 0: the one that it sends with that code
     */
    Answer error(Request request, String code, String message, int httpStatus);

    /** Its own answer to a wrong key. */
    Answer unauthorized();

    /** Its answer of success that says nothing. */
    Answer emptyData(Request request);

    /**
     * A {@link #keyHint} that shows no configured key.
     *
     * @param keys the configured keys; empty: {@code any} applies
     */
    static String keyHint(Set<String> keys, String any) {
        return keys.isEmpty() ? any : "one of the " + keys.size() + " that the sandbox was started with";
    }

    /** Releases what it holds; nothing unless overridden. */
    @Override
    default void close() {}
}
