/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.AbstractReadyGeneration;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.MediaUploader;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.TaskPush;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Turns a request into a message, brings its media into a session, and sends the message there. */
final class NemoPlanner {
    private static final String READING = "reading the session's state";

    private final NemoRequests requests;
    private final NemoCalls calls;
    private final SessionUploader uploader;
    private final ActiveSessions active;
    private final InstantSource clock;

    NemoPlanner(
            NemoRequests requests,
            NemoCalls calls,
            SessionUploader uploader,
            ActiveSessions active,
            InstantSource clock) {
        this.requests = requests;
        this.calls = calls;
        this.uploader = uploader;
        this.active = active;
        this.clock = clock;
    }

    CompletableFuture<PlannedGeneration> plan(GenerationRequest request, CallOptions options) {
        Operation operation = Objects.requireNonNull(request.operation(), "operation");
        calls.tokens().check();
        ParameterResolver.Message message = ParameterResolver.resolve(request, operation);
        List<Medium> media = InputRules.check(request, operation, message.session() != null, requests.address());
        return CompletableFuture.completedFuture(new Plan(request, message, media, options));
    }

    /** A checked request. */
    private final class Plan implements PlannedGeneration {
        private final GenerationRequest request;
        private final ParameterResolver.Message message;
        private final List<Medium> media;
        private final CallOptions options;
        private final AtomicInteger uploaded = new AtomicInteger();
        private volatile @Nullable String session;

        Plan(GenerationRequest request, ParameterResolver.Message message, List<Medium> media, CallOptions options) {
            this.request = request;
            this.message = message;
            this.media = media;
            this.options = options;
            session = message.session();
        }

        @Override
        public String model() {
            return NemoCatalogue.MODEL;
        }

        /** Known only to the service: it depends on what it decides to do. */
        @Override
        public @Nullable BigDecimal credits() {
            return null;
        }

        @Override
        public ExpectedTime expectedTime() {
            return NemoCatalogue.EXPECTED_TIME;
        }

        /** A repetition goes on in the same session, behind the last medium that is there. */
        @Override
        public CompletionStage<ReadyGeneration> stage() {
            return ServiceCalls.attempt(() ->
                    session().thenCompose(id -> uploadFrom(uploaded.get(), id).thenApply(done -> new Ready(this, id))));
        }

        private CompletableFuture<String> session() {
            String known = session;
            return known != null
                    ? CompletableFuture.completedFuture(known)
                    : uploader.newSession(options).thenApply(created -> {
                        session = created.id();
                        return created.id();
                    });
        }

        /** One after the other: their order counts. */
        private CompletableFuture<String> uploadFrom(int index, String id) {
            if (index == media.size()) {
                return CompletableFuture.completedFuture(id);
            }
            return publicAddress(media.get(index))
                    .thenCompose(medium -> uploader.upload(id, medium, options))
                    .thenCompose(address -> {
                        uploaded.set(index + 1);
                        return uploadFrom(index + 1, id);
                    });
        }

        /** By the uploader of the route, if there is one. */
        private CompletableFuture<Medium> publicAddress(Medium medium) {
            MediaUploader given = options.uploader();
            if (given == null || medium.url() != null) {
                return CompletableFuture.completedFuture(medium);
            }
            try {
                CompletableFuture<URI> address = given.upload(medium.input()).toCompletableFuture();
                return address.thenApply(medium::at);
            } catch (RuntimeException e) {
                // an uploader of the route's may be anybody's code
                return CompletableFuture.failedFuture(e);
            }
        }

        /** Without the request: that is the user's. */
        @Override
        public String toString() {
            return "NemoPlan[" + media.size() + " media]";
        }
    }

    /** A message with its session: sending it is all that is left. */
    private final class Ready extends AbstractReadyGeneration<Plan> {
        private static final Duration NEXT_TURN = Duration.ofSeconds(10);
        private static final Duration WITH_NEW_TOKEN = Duration.ofSeconds(1);

        private final String session;
        private volatile MessageProgress progress;

        Ready(Plan plan, String session) {
            super(plan);
            this.session = session;
            progress = MessageProgress.beforeSending(session, number(), null);
        }

        private long number() {
            return plan.message.session() == null ? MessageProgress.FIRST : clock.millis();
        }

        @Override
        public String serializationKey() {
            return session;
        }

        /** Without the state before nobody could tell whether a message has arrived whose answer is lost. */
        @Override
        public CompletionStage<@Nullable String> prepare() {
            return calls.read(READING, token -> requests.state(session, token), plan.options)
                    .thenApply(answer -> {
                        SessionState state = SessionState.of(answer)
                                .orElseThrow(() -> NemoErrors.unusable(READING, answer, calls.text()));
                        progress = MessageProgress.beforeSending(session, number(), state.hash());
                        return progress.write();
                    });
        }

        @Override
        public CompletionStage<SubmitOutcome> submit() {
            return send(null);
        }

        @Override
        public CompletionStage<SubmitOutcome> submit(TaskPush push) {
            return send(push);
        }

        private CompletionStage<SubmitOutcome> send(@Nullable TaskPush push) {
            MessageProgress message = progress;
            if (active.isChatting(session)) {
                return unsent(
                        new SubmitOutcome.Deferred(
                                NemoErrors.ERRORS.of(
                                        ErrorCategory.RATE_LIMITED,
                                        "create",
                                        "a message of genvideo:nemo/chat is under way in this session"),
                                NEXT_TURN),
                        push);
            }
            return calls.tokens()
                    .current(plan.options)
                    .handle((token, failure) -> token == null
                            ? unsent(withoutToken(ServiceErrors.unwrap(failure)), push)
                            : send(message, token, push))
                    .thenCompose(outcome -> outcome);
        }

        private CompletionStage<SubmitOutcome> send(
                MessageProgress message, AccessToken token, @Nullable TaskPush push) {
            ServiceText text = calls.text()
                    .andHiding(
                            plan.message.text(),
                            plan.request.prompt(),
                            plan.request.options().negativePrompt());
            active.generationStarts(message);
            SentMessage sent = new SentMessage(
                    message,
                    new CreateResponseMapper(text, calls.tokens().registration()),
                    text,
                    clock,
                    push,
                    () -> active.generationEnds(message));
            calls.stream(
                            requests.chat(session, plan.message.text(), token),
                            plan.options,
                            new ChatStream(clock, sent),
                            ChatStream.IDLE)
                    .whenComplete(sent::answered);
            return sent.outcome()
                    .thenCompose(outcome -> isTokenRejected(outcome)
                            ? renewed(token, outcome)
                            : CompletableFuture.completedFuture(outcome));
        }

        private CompletionStage<SubmitOutcome> unsent(SubmitOutcome outcome, @Nullable TaskPush push) {
            if (push != null) {
                push.ended();
            }
            return CompletableFuture.completedFuture(outcome);
        }

        /** Nothing was sent. */
        private SubmitOutcome withoutToken(Throwable failure) {
            GenerationError error = failure instanceof GenvideoException known
                    ? known.getError()
                    : NemoErrors.ERRORS.noAnswer("reading the token", failure);
            return error.retryable() ? new SubmitOutcome.Deferred(error, null) : new SubmitOutcome.Refused(error);
        }

        private boolean isTokenRejected(SubmitOutcome outcome) {
            return calls.tokens().isRenewable()
                    && outcome instanceof SubmitOutcome.Refused refused
                    && refused.error().category() == ErrorCategory.AUTHENTICATION;
        }

        /** The message was rejected for its token, so that nothing was done: the engine sends it again with another one. */
        private CompletionStage<SubmitOutcome> renewed(AccessToken rejected, SubmitOutcome outcome) {
            GenerationError error = ((SubmitOutcome.Refused) outcome).error();
            return calls.tokens()
                    .renewed(rejected, plan.options)
                    .handle((token, failure) -> token == null
                            ? withoutToken(ServiceErrors.unwrap(failure))
                            : new SubmitOutcome.Deferred(error.withRetryable(true), WITH_NEW_TOKEN));
        }

        /** Nothing here goes out of date. */
        @Override
        public CompletionStage<ReadyGeneration> refresh() {
            return CompletableFuture.completedStage(this);
        }
    }
}
