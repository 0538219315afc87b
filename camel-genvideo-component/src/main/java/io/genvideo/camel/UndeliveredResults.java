/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.EngineAccount;
import io.genvideo.engine.Outcome;
import io.genvideo.engine.TaskEngine;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.TaskStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.UnitOfWorkHelper;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes that nobody waits for, as exchanges. Every {@linkplain #take taken} outcome is settled exactly once: delivered,
 * failed or returned.
 */
final class UndeliveredResults {
    private static final Duration JOURNAL_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration READ_AGAIN = Duration.ofMillis(250);

    private final GenvideoEndpoint endpoint;
    private final GenvideoRuntime runtime;
    private final TaskEngine engine;
    private final int maxDeliveries;

    /** The component is started by now. */
    UndeliveredResults(GenvideoEndpoint endpoint) {
        this.endpoint = endpoint;
        this.runtime = endpoint.getComponent().runtime();
        this.engine = runtime.engine();
        this.maxDeliveries = endpoint.getConfiguration().getMaxDeliveries();
    }

    /**
     * Takes outcomes, those that ended first first.
     *
     * @throws GenvideoException if the journal can't be read, or does not answer
     */
    List<GenerationTask> take(int most) throws Exception {
        CompletableFuture<List<GenerationTask>> answer = new CompletableFuture<>();
        EngineAccount account = endpoint.findEngineAccount();
        engine.take(
                        endpoint.getProvider(),
                        account == null ? null : account.name(),
                        OptionChecks.outcomes(endpoint.getConfiguration().getStatuses()),
                        most,
                        maxDeliveries)
                .whenComplete((taken, failure) -> {
                    if (failure != null) {
                        answer.completeExceptionally(unreadable("could not be read: " + failure, failure));
                    } else if (!answer.complete(taken)) {
                        // The answer came when nobody waited for it any more
                        taken.forEach(this::putBack);
                    }
                });
        runtime.untilClosed(answer).exceptionally(closed -> {
            answer.completeExceptionally(closed);
            return List.of();
        });
        return Futures.within(
                JOURNAL_TIMEOUT,
                answer,
                () -> unreadable("did not answer within " + JOURNAL_TIMEOUT.toSeconds() + " s", null));
    }

    private Exception unreadable(String what, @Nullable Throwable cause) {
        return cause instanceof GenvideoException known
                ? known
                : GenerationError.of(ErrorCategory.SERVICE_UNAVAILABLE, endpoint.getProvider(), "the journal " + what)
                        .withRetryable(true)
                        .toException(cause);
    }

    /** Whether {@link #take} reads the journal; once the component stops, it returns nothing. */
    boolean isOpen() {
        return !engine.isStopping();
    }

    /** Puts an outcome on a fresh exchange, without its files. */
    void write(Exchange exchange, GenerationTask task) {
        ResultWriter.fill(exchange, new ResultWriter.Delivery(new Outcome(task, false, false), List.of()));
    }

    /** The outcome that an exchange is about. */
    static GenerationTask of(Exchange exchange) {
        return Objects.requireNonNull(
                exchange.getProperty(GenvideoConstants.TASK_PROPERTY, GenerationTask.class), "no task on the exchange");
    }

    /**
     * Fetches the files of an outcome onto its exchange, if they are wanted. Waits for them.
     *
     * @param goesOn whether to go on waiting
     * @return whether everything that is wanted is there
     * @throws Exception why it can't be fetched
     */
    boolean fetch(Exchange exchange, BooleanSupplier goesOn) throws Exception {
        GenerationTask task = of(exchange);
        GenvideoConfiguration options = endpoint.getConfiguration();
        if (!options.isDownload()) {
            return goesOn.getAsBoolean();
        }
        String name = fileName(task.reference());
        if (task.status() != TaskStatus.SUCCEEDED) {
            // There is no file, but whoever writes down why wants to call that like the file that it was made from
            exchange.getMessage().setHeader(Exchange.FILE_NAME, name != null ? name : task.recordId());
            return goesOn.getAsBoolean();
        }
        if (name != null) {
            exchange.getMessage().setHeader(Exchange.FILE_NAME, name);
        }
        EngineAccount account = account(task);
        ResultWriter results =
                new ResultWriter(account, options, runtime.settlements(), runtime.downloader(), runtime.workFolder());
        CompletableFuture<ResultWriter.Delivery> files = runtime.untilClosed(
                        results.download(exchange, new Outcome(task, false, false), Duration.ZERO))
                .toCompletableFuture();
        while (goesOn.getAsBoolean()) {
            if (Futures.isThereAfter(READ_AGAIN, files)) {
                ResultWriter.fill(exchange, files.join());
                return true;
            }
        }
        return false;
    }

    private EngineAccount account(GenerationTask task) {
        AccountRegistry accounts = runtime.accounts();
        String name = task.provider() + "/" + task.account();
        boolean known = accounts.isOpen(name);
        EngineAccount account = accounts.of(task);
        if (!known && accounts.isOpen(name)) {
            // Its open tasks can be watched from here now
            engine.use(account);
        }
        return account;
    }

    /**
     * A reference may be the name of the file that the task was made from. It comes from outside: what it names lies below
     * the folder where the result is written.
     */
    static @Nullable String fileName(@Nullable Object reference) {
        if (!(reference instanceof String text)) {
            return null;
        }
        return FileNames.path(text);
    }

    /** From here on the end of the exchange settles the outcome. */
    void acknowledge(Exchange exchange) {
        String recordId = of(exchange).recordId();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onComplete(Exchange done) {
                engine.acknowledge(recordId);
            }

            @Override
            public void onFailure(Exchange failed) {
                engine.giveBack(recordId, maxDeliveries);
            }
        });
    }

    /** It was not routed. */
    void putBack(GenerationTask task) {
        engine.putBack(task.recordId());
    }

    /** Its files could not be fetched. A service that is away for long must not make paid results be parked. */
    void giveBack(GenerationTask task, Exception failure) {
        if (failure instanceof GenvideoException known && known.isRetryable()) {
            engine.postpone(task.recordId());
        } else {
            engine.giveBack(task.recordId(), maxDeliveries);
        }
    }

    /** Gives back the outcome of an exchange that nobody has used. Without effect if another exchange has taken over its completions. */
    static void endUnused(Exchange exchange) {
        List<Synchronization> completions = exchange.getExchangeExtension().handoverCompletions();
        if (completions != null) {
            exchange.setException(new IllegalStateException("the exchange was received and not used"));
            UnitOfWorkHelper.doneSynchronizations(exchange, completions);
        }
    }

    /** Ends an exchange that is not routed: what belongs to it, like the folder of its files, goes with it. */
    static void end(Exchange exchange) {
        UnitOfWorkHelper.doneSynchronizations(
                exchange, exchange.getExchangeExtension().handoverCompletions());
    }
}
