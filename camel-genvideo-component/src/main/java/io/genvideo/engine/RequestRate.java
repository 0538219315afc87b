/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;

/** The requests that an account may make per second, as far as this process is concerned. */
public interface RequestRate {
    /** No limit. */
    RequestRate UNLIMITED = new RequestRate() {
        @Override
        public double limit() {
            return 0;
        }

        @Override
        public void share(double perSecond, Duration validFor) {}
    };

    /** Of all processes together; 0 for none. */
    double limit();

    /**
     * Of the limit, this process may use that part. Without a call of this method that is all of it, or nothing if the journal
     * is shared.
     *
     * @param validFor from now on; after that nothing, until this is called again
     */
    void share(double perSecond, Duration validFor);
}
