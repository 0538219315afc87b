/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.http.StreamResponse;
import io.genvideo.model.TaskStatus;
import io.genvideo.provider.support.ServiceMessage;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.TaskPush;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The message of a generation from its request to the end of its stream. The first event is the acceptance; what became of the
 * message is read from the session's state, so that a stream that drops changes nothing. Whatever happens, nothing is sent again.
 */
final class SentMessage implements ChatStream.Listener {
    /** Heartbeats are passed on no more often. */
    private static final Duration PUSH_PAUSE = Duration.ofSeconds(15);

    private final MessageProgress progress;
    private final CreateResponseMapper mapper;
    private final ServiceText text;
    private final InstantSource clock;
    private final @Nullable TaskPush push;
    private final Runnable whenOver;
    private final CompletableFuture<SubmitOutcome> outcome = new CompletableFuture<>();
    private @Nullable Instant pushedAt;
    private boolean begun;

    /**
     * @param text hides the token and the prompts of the request
     * @param push {@code null} if nobody listens to the stream
     * @param whenOver is run when nothing more comes
     */
    SentMessage(
            MessageProgress progress,
            CreateResponseMapper mapper,
            ServiceText text,
            InstantSource clock,
            @Nullable TaskPush push,
            Runnable whenOver) {
        this.progress = progress;
        this.mapper = mapper;
        this.text = text;
        this.clock = clock;
        this.push = push;
        this.whenOver = whenOver;
    }

    CompletableFuture<SubmitOutcome> outcome() {
        return outcome;
    }

    /** How the call was answered; if by a stream, its events tell more. */
    void answered(@Nullable StreamResponse answer, @Nullable Throwable failure) {
        if (answer instanceof StreamResponse.Plain plain) {
            settle(mapper.ofPlain(plain.response()));
        } else if (answer == null) {
            settle(mapper.ofFailure(failure == null ? new IllegalStateException("no answer") : failure));
        }
    }

    @Override
    public void begun() {
        begun = true;
        outcome.complete(mapper.accepted(progress));
    }

    @Override
    public void alive() {
        Instant now = clock.instant();
        if (push != null && (pushedAt == null || !now.isBefore(pushedAt.plus(PUSH_PAUSE)))) {
            pushedAt = now;
            push.saw(new PollOutcome.Pending(TaskStatus.RUNNING, null, null));
        }
    }

    @Override
    public void refused(ServiceMessage message) {
        outcome.complete(mapper.ofEvent(message));
    }

    /** What the service wrote is kept: if it has changed nothing, that is the reason. */
    @Override
    public void ended(ChatTranscript transcript, boolean isComplete) {
        ServiceMessage error = transcript.error();
        String words = error == null || error.text().isEmpty() ? transcript.text() : error.text();
        String reply = text.shown(words);
        if (begun && push != null && (isComplete || error != null) && (error != null || !reply.isEmpty())) {
            MessageProgress ended = progress.ended(reply.isEmpty() ? null : reply, error == null ? null : code(error));
            push.saw(new PollOutcome.Pending(TaskStatus.RUNNING, null, ended.write()));
        }
        settle(mapper.ofEmptyStream());
    }

    private String code(ServiceMessage error) {
        return Objects.requireNonNullElse(text.code(error.code()), MessageProgress.NO_CODE);
    }

    /** Nothing more comes; if an event has decided before, it stays so. */
    private void settle(SubmitOutcome otherwise) {
        whenOver.run();
        outcome.complete(otherwise);
        if (push != null) {
            push.ended();
        }
    }
}
