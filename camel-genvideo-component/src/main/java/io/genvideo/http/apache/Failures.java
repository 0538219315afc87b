/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.Redaction;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.file.FileSystemException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.jspecify.annotations.Nullable;

/** Descriptions of failures, fit for logs: a foreign exception's own message may quote headers, addresses or bodies. */
final class Failures {
    static final String CLOSED = "the HTTP gateway is closed";

    /** A failure whose message is ours and may be shown. */
    static class DescribedException extends IOException {
        private static final long serialVersionUID = 1L;

        DescribedException(String description) {
            super(description);
        }
    }

    /** Repeating the call would fail in the same way: the address is not allowed, or the response exceeds its bound. */
    static final class PermanentException extends DescribedException {
        private static final long serialVersionUID = 1L;

        PermanentException(String description) {
            super(description);
        }
    }

    private Failures() {}

    static HttpGatewayException of(HttpCall call, String description, boolean sent, @Nullable Throwable cause) {
        return of(call.label(), call.uri(), description, sent, cause);
    }

    static HttpGatewayException of(String label, URI uri, String description, boolean sent, @Nullable Throwable cause) {
        return new HttpGatewayException(
                label + " (" + Redaction.uri(uri) + "): " + description,
                sent,
                cause instanceof PermanentException || cause instanceof AsyncDnsResolver.NotPublicException,
                cause == null ? null : redacted(cause));
    }

    /**
     * What may be kept as a cause. The messages of other exceptions can quote an address with its query, a header's value or a
     * line of the body, so that such an exception is replaced by one with its class name and stack.
     */
    private static Throwable redacted(Throwable cause) {
        if (isOurs(cause)) {
            return cause;
        }
        IOException replacement = new IOException(cause.getClass().getName());
        replacement.setStackTrace(cause.getStackTrace());
        return replacement;
    }

    private static boolean isOurs(Throwable failure) {
        return failure instanceof DescribedException || failure instanceof AsyncDnsResolver.NotPublicException;
    }

    static String describe(Throwable failure) {
        if (isOurs(failure)) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof UnknownHostException) {
            return "the name of the host is not known";
        }
        if (failure instanceof ConnectionRequestTimeoutException || failure instanceof TimeoutException) {
            return "no connection became free in time";
        }
        if (failure instanceof ConnectTimeoutException || failure instanceof HttpTimeoutException) {
            return "no connection within the time allowed";
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            return "the connection was refused";
        }
        if (failure instanceof SSLException) {
            return "no secure connection: TLS failed";
        }
        if (failure instanceof SocketTimeoutException) {
            return "the server sent nothing for too long";
        }
        if (failure instanceof ConnectionClosedException) {
            return "the connection was closed before the response was complete";
        }
        if (failure instanceof FileSystemException || failure instanceof FileNotFoundException) {
            return "a local file could not be read or written";
        }
        if (failure instanceof MessageConstraintException) {
            return "the response's head is longer than allowed";
        }
        return failure instanceof IOException
                ? "the connection failed (" + failure.getClass().getSimpleName() + ")"
                : "the exchange failed (" + failure.getClass().getSimpleName() + ")";
    }
}
