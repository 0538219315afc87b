/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.http.StreamResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.provider.support.ServiceMessage;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.SubmitOutcome;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One message outside a generation: its reply, and what it has changed. It is charged and sent once; when the stream drops, the
 * session's state tells what became of it.
 */
final class SessionChat {
    private static final String SENDING = "the message";
    private static final String READING = "reading the session's state";

    private final NemoRequests requests;
    private final NemoCalls calls;
    private final ActiveSessions active;
    private final InstantSource clock;

    SessionChat(NemoRequests requests, NemoCalls calls, ActiveSessions active, InstantSource clock) {
        this.requests = requests;
        this.calls = calls;
        this.active = active;
        this.clock = clock;
    }

    /** The end of a stream. */
    private record End(ChatTranscript transcript, boolean isComplete) {}

    CompletableFuture<Map<String, Object>> send(String session, String message, CallOptions options) {
        if (!active.chatStarts(session)) {
            throw NemoErrors.ERRORS
                    .of(
                            ErrorCategory.RATE_LIMITED,
                            SENDING,
                            "another message is under way in this session; nothing was sent")
                    .toException();
        }
        return state(session, options)
                .thenCompose(before -> calls.tokens()
                        .current(options)
                        .thenCompose(token -> send(session, message, token, options))
                        .thenCompose(end -> result(session, message, before.hash(), end, options)))
                .whenComplete((result, failure) -> active.chatEnds(session));
    }

    private CompletableFuture<SessionState> state(String session, CallOptions options) {
        return calls.read(READING, token -> requests.state(session, token), options)
                .thenApply(answer ->
                        SessionState.of(answer).orElseThrow(() -> NemoErrors.unusable(READING, answer, calls.text())));
    }

    private CompletableFuture<End> send(String session, String message, AccessToken token, CallOptions options) {
        ServiceText text = calls.text().andHiding(message);
        Reply reply = new Reply(new CreateResponseMapper(text, calls.tokens().registration()));
        calls.stream(requests.chat(session, message, token), options, new ChatStream(clock, reply), ChatStream.IDLE)
                .whenComplete(reply::answered);
        return reply.end;
    }

    private CompletableFuture<Map<String, Object>> result(
            String session, String message, String before, End end, CallOptions options) {
        return state(session, options).handle((after, failure) -> {
            ServiceText text = calls.text().andHiding(message);
            Map<String, Object> result = new LinkedHashMap<>();
            result.put(SessionIds.PARAMETER, session);
            String reply = end.transcript().text();
            result.put("text", reply);
            result.put("actions", EditorActions.in(reply));
            result.put("tools", end.transcript().tools());
            result.put("complete", end.isComplete());
            ServiceMessage error = end.transcript().error();
            if (error != null) {
                result.put("error", text.shown(error.text().isEmpty() ? "code " + error.code() : error.text()));
            }
            if (after != null) {
                result.put("changed", !after.hash().equals(before));
                result.put("state", after.summary(session, calls.text()));
            }
            return result;
        });
    }

    /** Collects the reply. */
    private static final class Reply implements ChatStream.Listener {
        private final CreateResponseMapper mapper;
        private final CompletableFuture<End> end = new CompletableFuture<>();
        private boolean begun;

        Reply(CreateResponseMapper mapper) {
            this.mapper = mapper;
        }

        void answered(@Nullable StreamResponse answer, @Nullable Throwable failure) {
            if (answer instanceof StreamResponse.Plain plain) {
                fail(mapper.ofPlain(plain.response()));
            } else if (answer == null) {
                fail(mapper.ofFailure(failure == null ? new IllegalStateException("no answer") : failure));
            }
        }

        private void fail(SubmitOutcome outcome) {
            end.completeExceptionally(error(outcome).toException());
        }

        private static GenerationError error(SubmitOutcome outcome) {
            if (outcome instanceof SubmitOutcome.Refused refused) {
                return refused.error();
            }
            if (outcome instanceof SubmitOutcome.Deferred deferred) {
                return deferred.error();
            }
            return outcome instanceof SubmitOutcome.Unknown unknown
                    ? unknown.error()
                    : NemoErrors.ERRORS
                            .of(ErrorCategory.UNCERTAIN_SUBMISSION, SENDING, "the answer is none that is known")
                            .withPaid(Paid.UNKNOWN);
        }

        @Override
        public void begun() {
            begun = true;
        }

        @Override
        public void alive() {
            // the reply is handed over as a whole
        }

        @Override
        public void refused(ServiceMessage message) {
            fail(mapper.ofEvent(message));
        }

        @Override
        public void ended(ChatTranscript transcript, boolean isComplete) {
            if (begun) {
                end.complete(new End(transcript, isComplete));
            } else {
                fail(mapper.ofEmptyStream());
            }
        }
    }
}
