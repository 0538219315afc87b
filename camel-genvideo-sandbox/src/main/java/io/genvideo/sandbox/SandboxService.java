/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.util.List;

/** One simulated service: the seam at which further ones are added. */
public interface SandboxService {

    /** Its name in fault rules and in the ledger, e.g. {@code ima}. */
    String name();

    /** What it can be asked. */
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
}
