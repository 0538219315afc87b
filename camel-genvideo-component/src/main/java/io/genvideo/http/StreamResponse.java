/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

/** The outcome of a call for a stream. */
public sealed interface StreamResponse {

    int status();

    /** The service sends events; the listener receives them. */
    record Opened(int status) implements StreamResponse {}

    /** There is no stream: the service responded as to any other call, be it an error or not. */
    record Plain(GatewayResponse response) implements StreamResponse {
        @Override
        public int status() {
            return response.status();
        }
    }
}
