/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

/** One topic of the kit. */
public interface ConformanceKit {

    /** The provider and its service; a new one for each call, so that tests share nothing. */
    ServiceProtocol protocol();
}
