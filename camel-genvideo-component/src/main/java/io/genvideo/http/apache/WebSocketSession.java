/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.WebSocketCall;
import io.genvideo.http.WebSocketConnection;
import io.genvideo.http.WebSocketListener;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket, from its opening to its end. It ends once, by the service, the listener, {@link #close()}, an error, silence or
 * the gateway's close, whichever comes first; the listener is told of an end only if the socket was opened.
 */
final class WebSocketSession implements WebSocket.Listener, WebSocketConnection, InFlightCalls.Item {
    private static final Logger LOG = LoggerFactory.getLogger(ApacheHttpGateway.class);
    private static final int CLOSE_GRACE_SECONDS = 2;

    private final WebSocketCall call;
    private final WebSocketListener listener;
    private final HttpExchange.Shared shared;
    private final SerialNotifier notifier = new SerialNotifier();
    private final CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final StringBuilder message = new StringBuilder();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private CompletableFuture<?> lastSend = CompletableFuture.completedFuture(null);
    private volatile @Nullable WebSocket socket;
    private volatile @Nullable Future<?> timeout;
    private volatile long lastFrameNanos = System.nanoTime();

    WebSocketSession(WebSocketCall call, WebSocketListener listener, HttpExchange.Shared shared) {
        this.call = call;
        this.listener = listener;
        this.shared = shared;
    }

    /** Cancelling it ends the socket unless it was opened already. */
    CompletableFuture<WebSocketConnection> opened() {
        return opened;
    }

    /** The opening request, for messages. */
    HttpCall request() {
        return HttpCall.get(call.label(), call.uri());
    }

    void whenOver(Runnable action) {
        end.thenRun(action);
    }

    boolean isOver() {
        return over.get();
    }

    /** From now on the opening may take as long as {@link WebSocketCall#connectTimeout()}. */
    void limitOpening() {
        opened.whenComplete((connection, failure) -> {
            if (failure != null) {
                end(null);
            }
        });
        schedule(
                call.connectTimeout().toNanos(),
                () -> refuse(new Failures.DescribedException(
                        "not open within " + call.connectTimeout().toMillis() + " ms")));
    }

    /** The service has not accepted the socket, or it was never requested. */
    void refuse(Throwable cause) {
        boolean answered = cause instanceof WebSocketHandshakeException;
        String description = cause instanceof WebSocketHandshakeException refused
                ? "the server did not accept the socket: HTTP "
                        + refused.getResponse().statusCode()
                : Failures.describe(cause);
        HttpGatewayException failure = cause instanceof HttpGatewayException known
                ? known
                : Failures.of(call.label(), call.uri(), description, answered, cause);
        if (!opened.isDone()) {
            // before the caller knows, who may open the next socket at once
            end(failure);
            opened.completeExceptionally(failure);
        }
    }

    void accepted(WebSocket accepted) {
        socket = accepted;
        frameArrived();
        if (over.get() || !opened.complete(this)) {
            accepted.abort();
            return;
        }
        cancelTimeout();
        watchSilence(call.idle().toNanos());
        if (over.get()) {
            cancelTimeout();
        }
        accepted.request(1);
    }

    private void watchSilence(long nanos) {
        schedule(nanos, () -> {
            long left = call.idle().toNanos() - (System.nanoTime() - lastFrameNanos);
            if (left > 0) {
                watchSilence(left);
            } else {
                fail("no frame for " + call.idle().toMillis() + " ms", null);
            }
        });
    }

    private void schedule(long nanos, Runnable action) {
        if (over.get()) {
            return;
        }
        try {
            timeout = shared.timer().schedule(action, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopped) {
            fail("the timer has been shut down", null);
        }
    }

    private void cancelTimeout() {
        Future<?> scheduled = timeout;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        // The first frame is requested in accepted(): not before the caller has its connection
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        frameArrived();
        if (data.length() > call.maxMessageChars() - message.length()) {
            Failures.PermanentException tooLong = new Failures.PermanentException(
                    "a message is longer than " + call.maxMessageChars() + " characters");
            fail(Failures.describe(tooLong), tooLong);
            return null;
        }
        message.append(data);
        if (last) {
            String complete = message.toString();
            message.setLength(0);
            notifier.run(() -> deliver(complete));
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        return passOver(webSocket);
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer data) {
        return passOver(webSocket);
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer data) {
        return passOver(webSocket);
    }

    private @Nullable CompletionStage<?> passOver(WebSocket webSocket) {
        frameArrived();
        webSocket.request(1);
        return null;
    }

    private void frameArrived() {
        lastFrameNanos = System.nanoTime();
    }

    /** @param reason foreign text, and not shown */
    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
        if (status == WebSocket.NORMAL_CLOSURE) {
            end(null);
        } else {
            fail("the server closed the socket with status " + status, null);
        }
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        fail(Failures.describe(error), error);
    }

    private void deliver(String text) {
        if (over.get()) {
            return;
        }
        boolean more;
        try {
            more = listener.message(text);
        } catch (RuntimeException | Error failure) {
            logFailedListener(failure);
            more = false;
        }
        if (!more) {
            close();
        }
    }

    @Override
    public CompletableFuture<Void> send(String text) {
        WebSocket to = socket;
        if (to == null || over.get()) {
            return CompletableFuture.failedFuture(failure("the socket has ended", null));
        }
        CompletableFuture<Void> sent = new CompletableFuture<>();
        synchronized (this) {
            // The JDK's client refuses a message while another one is being sent
            lastSend = lastSend.thenCompose(previous -> to.sendText(text, true))
                    .whenComplete((socketAgain, failure) -> {
                        if (failure == null) {
                            sent.complete(null);
                        } else {
                            Throwable cause = HttpExchange.unwrapped(failure);
                            sent.completeExceptionally(failure(Failures.describe(cause), cause));
                            onError(to, cause);
                        }
                    });
        }
        return sent;
    }

    @Override
    public void close() {
        end(null);
    }

    @Override
    public void abort(String reason) {
        opened.completeExceptionally(failure(reason, null));
        fail(reason, null);
    }

    private void fail(String description, @Nullable Throwable cause) {
        end(failure(description, cause));
    }

    private HttpGatewayException failure(String description, @Nullable Throwable cause) {
        return Failures.of(call.label(), call.uri(), description, true, cause);
    }

    private void end(@Nullable HttpGatewayException cause) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        shared.inFlight().remove(this);
        cancelTimeout();
        WebSocket ending = socket;
        if (ending != null) {
            closeOrAbort(ending, cause == null);
        }
        if (opened.isDone() && !opened.isCompletedExceptionally()) {
            notifier.run(() -> notifyOfEnd(cause));
        }
        end.complete(null);
    }

    private void closeOrAbort(WebSocket ending, boolean orderly) {
        if (!orderly || ending.isOutputClosed()) {
            ending.abort();
            return;
        }
        try {
            shared.timer().schedule(ending::abort, CLOSE_GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException stopped) {
            ending.abort();
            return;
        }
        ending.sendClose(WebSocket.NORMAL_CLOSURE, "").whenComplete((socketAgain, failure) -> {
            if (failure != null) {
                ending.abort();
            }
        });
    }

    private void notifyOfEnd(@Nullable HttpGatewayException cause) {
        try {
            listener.ended(cause);
        } catch (RuntimeException | Error failure) {
            logFailedListener(failure);
        }
    }

    /** Without its message, which may quote what was received. */
    private static void logFailedListener(Throwable failure) {
        LOG.warn(
                "A listener failed with {}; its socket is ended",
                failure.getClass().getName());
    }
}
