/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.conformance.ProviderConformanceKit;
import io.genvideo.conformance.ServiceProtocol;

/** NemoVideo does what every provider must do. */
class NemoConformanceTest extends ProviderConformanceKit {

    @Override
    public ServiceProtocol protocol() {
        return new NemoProtocol();
    }
}
