/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** No complete response was received. The message never holds a query, a header or a body. */
public class HttpGatewayException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 2L;

    private final boolean sent;
    private final boolean permanent;

    public HttpGatewayException(String message, boolean sent, @Nullable Throwable cause) {
        this(message, sent, false, cause);
    }

    public HttpGatewayException(String message, boolean sent, boolean permanent, @Nullable Throwable cause) {
        super(message, cause);
        this.sent = sent;
        this.permanent = permanent;
    }

    /**
     * Whether a byte of the request may have left. {@code false} is certain: the connection was refused, its name not
     * found, TLS failed, or no connection became free. {@code true} means that the service may have acted on it.
     */
    public boolean wasSent() {
        return sent;
    }

    /**
     * Whether the same call would fail again, because of its address or the size of the response: not an http or https
     * address, not a public one, too many redirects, longer than allowed.
     */
    public boolean isPermanent() {
        return permanent;
    }
}
