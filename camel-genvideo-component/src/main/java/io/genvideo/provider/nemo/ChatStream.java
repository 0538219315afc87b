/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.SseListener;
import io.genvideo.provider.support.ServiceMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The stream that answers a message (docs/contracts/nemo.md section 6). It has no final event: the end of the connection is the
 * end. It is kept open although nothing that it says ends a task, because a service may stop working for a client that has gone.
 */
final class ChatStream implements SseListener {
    /** A stream without a byte for so long has dropped: heartbeats come every few seconds. */
    static final Duration IDLE = Duration.ofMinutes(2);

    /** Heartbeats alone for so long are none. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

    /** The service ends a run by then. */
    private static final Duration LONGEST_RUN = Duration.ofMinutes(15);

    private final InstantSource clock;
    private final Listener listener;
    private final ChatTranscript transcript = new ChatTranscript();
    private final Instant startedAt;
    private Instant lastContent;
    private boolean begun;

    /** Receives what a stream comes to; by one thread at a time. */
    interface Listener {
        /** The service works on the message. */
        void begun();

        /** The service is still there. */
        void alive();

        /** The first event says that the service does not work on the message. Nothing follows but {@link #ended}. */
        void refused(ServiceMessage message);

        /**
         * The stream is over. Called once.
         *
         * @param isComplete whether the service has ended it
         */
        void ended(ChatTranscript transcript, boolean isComplete);
    }

    ChatStream(InstantSource clock, Listener listener) {
        this.clock = clock;
        this.listener = listener;
        startedAt = clock.instant();
        lastContent = startedAt;
    }

    @Override
    public boolean event(String data) {
        ChatEvent event = ChatEvent.of(data);
        if (!begun && event.error() != null) {
            listener.refused(event.error());
            return false;
        }
        transcript.add(event);
        if (event.hasContent()) {
            lastContent = clock.instant();
        }
        return alive();
    }

    @Override
    public boolean alive() {
        if (!begun) {
            begun = true;
            listener.begun();
        }
        listener.alive();
        Instant now = clock.instant();
        return now.isBefore(lastContent.plus(LONGEST_SILENCE)) && now.isBefore(startedAt.plus(LONGEST_RUN));
    }

    @Override
    public void ended(@Nullable HttpGatewayException cause) {
        listener.ended(transcript, cause == null);
    }
}
