/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpGatewaySettings;

/** Gateways for the tests of other packages: the real ones, with a back-off of milliseconds before a read is repeated. */
public final class QuickGateways {
    private QuickGateways() {}

    public static ApacheHttpGateway of(HttpGatewaySettings settings) {
        return new ApacheHttpGateway(settings, GatewayTestSupport.QUICK);
    }
}
