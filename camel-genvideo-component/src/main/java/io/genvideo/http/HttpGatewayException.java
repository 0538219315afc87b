/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** No complete answer was received. The message never holds a query, a header or a body. */
public class HttpGatewayException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean sent;

    public HttpGatewayException(String message, boolean sent, @Nullable Throwable cause) {
        super(message, cause);
        this.sent = sent;
    }

    /**
     * Whether a byte of the request may have left. {@code false} is certain: the connection was refused, its name not
     * found, TLS failed, or no connection became free. {@code true} means that the service may have acted on it.
     */
    public boolean wasSent() {
        return sent;
    }
}
