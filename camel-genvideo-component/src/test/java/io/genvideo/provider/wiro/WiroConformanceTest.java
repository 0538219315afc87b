/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import io.genvideo.conformance.ProviderConformanceKit;
import io.genvideo.conformance.ServiceProtocol;

/** Wiro does what every provider must do. */
class WiroConformanceTest extends ProviderConformanceKit {

    @Override
    public ServiceProtocol protocol() {
        return new WiroProtocol();
    }
}
