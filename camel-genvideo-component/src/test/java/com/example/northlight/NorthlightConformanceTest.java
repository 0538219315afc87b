/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package com.example.northlight;

import io.genvideo.conformance.ProviderConformanceKit;
import io.genvideo.conformance.ServiceProtocol;

/** The worked example of docs/add-a-provider.md does what every provider must do. */
class NorthlightConformanceTest extends ProviderConformanceKit {

    @Override
    public ServiceProtocol protocol() {
        return new NorthlightProtocol();
    }
}
