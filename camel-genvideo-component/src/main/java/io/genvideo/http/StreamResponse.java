/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

/** What a call for a stream came to. */
public sealed interface StreamResponse {

    int status();

    /** The service sends events; the listener hears them. */
    record Opened(int status) implements StreamResponse {}

    /** There is no stream: the service answered as to any other call, be it an error or not. */
    record Plain(GatewayResponse answer) implements StreamResponse {
        @Override
        public int status() {
            return answer.status();
        }
    }
}
