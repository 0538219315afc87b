/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Decides once and in one place whether a request has left.
 *
 * <p>HttpClient asks the request producer for the head before it even looks for a connection, so the producer cannot tell.
 * The last request interceptor can: it runs on the connection's own thread, after connecting and TLS, immediately before
 * the head is written. There the request either leaves or is refused because its caller has given up; whichever comes first wins,
 * so a call that was reported as not sent can never leave afterwards. A create that has left does not leave again,
 * whatever is in the client's chain: a retry, a redirect or an authentication challenge meets an error here.
 */
final class SendOnceGuard {
    private static final String ATTRIBUTE = SendOnceGuard.class.getName();

    private enum State {
        WAITING,
        LEFT,
        GIVEN_UP
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final boolean once;

    SendOnceGuard(boolean once) {
        this.once = once;
    }

    void attachTo(HttpContext context) {
        context.setAttribute(ATTRIBUTE, this);
    }

    static @Nullable SendOnceGuard of(HttpContext context) {
        return (SendOnceGuard) context.getAttribute(ATTRIBUTE);
    }

    /** @throws ProtocolException if the request must not leave, because its caller has given up or it has left already */
    void leave() throws ProtocolException {
        if (state.compareAndSet(State.WAITING, State.LEFT)) {
            return;
        }
        if (state.get() == State.GIVEN_UP) {
            throw new ProtocolException("The call was given up before it was sent");
        }
        if (once) {
            throw new ProtocolException("The call was sent already and is sent only once");
        }
    }

    /** @return whether it had left; if not, it never will */
    boolean giveUp() {
        return !state.compareAndSet(State.WAITING, State.GIVEN_UP) && hasLeft();
    }

    boolean hasLeft() {
        return state.get() == State.LEFT;
    }

    /** The last of the request interceptors of every client of the gateway. */
    static final class Interceptor implements HttpRequestInterceptor {
        @Override
        public void process(HttpRequest request, @Nullable EntityDetails entity, HttpContext context)
                throws ProtocolException {
            SendOnceGuard sendGuard = of(context);
            if (sendGuard != null) {
                sendGuard.leave();
            }
        }
    }
}
