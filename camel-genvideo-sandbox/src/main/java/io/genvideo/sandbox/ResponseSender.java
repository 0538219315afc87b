/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import io.undertow.io.AsyncSenderImpl;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/**
 * Sends answers whole, cut or slowly. Clients that do not read hold no thread, a bounded amount of memory, and that for a
 * bounded time.
 */
final class ResponseSender {
    private static final Logger LOG = LoggerFactory.getLogger(ResponseSender.class);
    private static final int SLOW_PIECES = 20;
    /** Larger files are read while they are sent, by a thread. */
    private static final int MAX_FILE_IN_MEMORY = 2 << 20;

    /** Bodies below this are neither counted nor timed. */
    private static final int SMALL = 16 << 10;

    /** Bytes of all bodies that clients have not read yet; beyond it connections are closed. */
    private static final long MAX_UNREAD = 64L << 20;

    private static final Duration MAX_SENDING = Duration.ofMinutes(2);

    private final AtomicLong unread = new AtomicLong();

    /** Sends the first {@code limit} bytes of an answer, and then the end of the connection if it has more. */
    void send(HttpServerExchange exchange, Answer answer, long limit) throws IOException {
        head(exchange, answer);
        if (exchange.getRequestMethod().equals(Methods.HEAD)) {
            exchange.endExchange();
            return;
        }
        long count = Math.min(answer.length(), limit);
        if (answer.isFile() && count > MAX_FILE_IN_MEMORY) {
            sendFile(exchange, answer, count);
            return;
        }
        ByteBuffer body = ByteBuffer.wrap(answer.first((int) count));
        Completion completion = new Completion(exchange, count, count < answer.length());
        if (completion.isAdmitted()) {
            new AsyncSenderImpl(exchange).send(body, completion);
        }
    }

    /** Counts a body until it is sent. */
    private final class Completion implements IoCallback {
        private final long bytes;
        private final boolean cut;
        private final boolean admitted;
        private final XnioExecutor.Key deadline;

        private Completion(HttpServerExchange exchange, long count, boolean cut) {
            this.bytes = count < SMALL ? 0 : count;
            this.cut = cut;
            this.admitted = unread.addAndGet(bytes) <= MAX_UNREAD || bytes == 0;
            if (admitted && bytes > 0) {
                deadline = exchange.getIoThread()
                        .executeAfter(
                                () -> IoUtils.safeClose(exchange.getConnection()),
                                MAX_SENDING.toMillis(),
                                TimeUnit.MILLISECONDS);
            } else {
                deadline = () -> false;
            }
            if (!admitted) {
                LOG.warn("a connection is closed: clients do not read {} MiB of responses", MAX_UNREAD >> 20);
                unread.addAndGet(-bytes);
                IoUtils.safeClose(exchange.getConnection());
            }
        }

        private boolean isAdmitted() {
            return admitted;
        }

        private void sent() {
            deadline.remove();
            unread.addAndGet(-bytes);
        }

        @Override
        public void onComplete(HttpServerExchange exchange, Sender sender) {
            sent();
            if (cut) {
                IoUtils.safeClose(exchange.getConnection());
            } else {
                IoCallback.END_EXCHANGE.onComplete(exchange, sender);
            }
        }

        @Override
        public void onException(HttpServerExchange exchange, Sender sender, IOException e) {
            sent();
            LOG.debug("the client closed the connection", e);
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    private static void sendFile(HttpServerExchange exchange, Answer answer, long count) {
        try (InputStream in = answer.open()) {
            OutputStream out = exchange.getOutputStream();
            copy(in, out, count);
            if (count < answer.length()) {
                out.flush();
                IoUtils.safeClose(exchange.getConnection());
            } else {
                out.close();
            }
        } catch (IOException e) {
            LOG.debug("the client closed the connection", e);
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    private static void head(HttpServerExchange exchange, Answer answer) {
        exchange.setStatusCode(answer.status());
        answer.headers().forEach((k, v) -> exchange.getResponseHeaders().put(new HttpString(k), v));
        if (answer.status() != 304) {
            exchange.setResponseContentLength(answer.length());
        }
    }

    private static void copy(InputStream in, OutputStream out, long count) throws IOException {
        byte[] buffer = new byte[16_384];
        long left = count;
        while (left > 0) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new IOException("the file became shorter while it was sent");
            }
            out.write(buffer, 0, n);
            left -= n;
        }
    }

    /** Sends the body in pieces spread over a time. */
    static void sendSlowly(HttpServerExchange exchange, Answer answer, Duration over) throws IOException {
        head(exchange, answer);
        sendPiece(exchange, answer, answer.open(), answer.length(), over.dividedBy(SLOW_PIECES));
    }

    private static void sendPiece(
            HttpServerExchange exchange, Answer answer, InputStream in, long left, Duration pause) {
        later(exchange, pause, e -> {
            long piece = Math.min(left, Math.max(1, (answer.length() + SLOW_PIECES - 1) / SLOW_PIECES));
            try {
                OutputStream out = e.getOutputStream();
                copy(in, out, piece);
                if (left > piece) {
                    out.flush();
                    sendPiece(e, answer, in, left - piece, pause);
                } else {
                    in.close();
                    out.close();
                }
            } catch (IOException failure) {
                LOG.debug("the client closed the connection", failure);
                IoUtils.safeClose(in, e.getConnection());
            }
        });
    }

    /** Continues after a pause without holding a thread meanwhile. */
    static void later(HttpServerExchange exchange, Duration pause, HttpHandler then) {
        exchange.dispatch(
                SameThreadExecutor.INSTANCE,
                () -> exchange.getIoThread()
                        .executeAfter(() -> exchange.dispatch(then), pause.toMillis(), TimeUnit.MILLISECONDS));
    }
}
