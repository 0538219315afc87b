/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.Redaction;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;

/** Words for what went wrong, fit for logs: a foreign exception's own message may quote what it choked on. */
final class Failures {
    static final String CLOSED = "the HTTP gateway is closed";

    /** An answer or a file that exceeds its bound: repeating the call would bring the same again. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLongException(String words) {
            super(words);
        }
    }

    /** A failure that already has words for the user. */
    static final class SaidException extends IOException {
        private static final long serialVersionUID = 1L;

        SaidException(String words) {
            super(words);
        }
    }

    private Failures() {}

    static HttpGatewayException of(String label, URI uri, String words, boolean sent, @Nullable Throwable cause) {
        // A protocol violation's message may quote a header or a line of the body
        Throwable kept = cause instanceof IOException ? cause : null;
        return new HttpGatewayException(label + " (" + Redaction.uri(uri) + "): " + words, sent, kept);
    }

    static String words(Throwable failure) {
        if (failure instanceof TooLongException
                || failure instanceof SaidException
                || failure instanceof AsyncDnsResolver.NotPublicException) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof UnknownHostException) {
            return "the name of the host is not known";
        }
        if (failure instanceof ConnectionRequestTimeoutException || failure instanceof TimeoutException) {
            return "no connection became free in time";
        }
        if (failure instanceof ConnectTimeoutException) {
            return "no connection within the time allowed";
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            return "the connection was refused";
        }
        if (failure instanceof SSLException) {
            return "no secure connection: TLS failed";
        }
        if (failure instanceof SocketTimeoutException) {
            return "the server fell silent";
        }
        if (failure instanceof ConnectionClosedException) {
            return "the connection was closed before the answer was complete";
        }
        if (failure instanceof FileSystemException || failure instanceof FileNotFoundException) {
            return "a local file could not be read or written";
        }
        return failure instanceof IOException
                ? "the connection failed (" + failure.getClass().getSimpleName() + ")"
                : "the exchange failed (" + failure.getClass().getSimpleName() + ")";
    }
}
