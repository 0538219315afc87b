/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpGateway;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The account's lists of models and prices, one per task type (contract 2). A list is kept for five minutes; callers that
 * come while it is being read share that one call. A failed read is not kept. Thread-safe.
 */
final class ImaCatalogue {
    /** Points and ids drift by the day, not by the minute; and a wrong price is refused by the service (code 6006). */
    static final Duration KEPT = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(ImaCatalogue.class);
    private static final String DOING = "reading the models";

    private final ImaRequests wire;
    private final HttpGateway http;
    private final InstantSource clock;
    private final ConcurrentMap<Operation, Held> lists = new ConcurrentHashMap<>();

    ImaCatalogue(ImaRequests wire, HttpGateway http, InstantSource clock) {
        this.wire = wire;
        this.http = http;
        this.clock = clock;
    }

    /** The leaves of one task type, from a list at most five minutes old. */
    CompletableFuture<List<ImaLeaf>> leaves(Operation taskType, CallOptions options) {
        Instant oldest = clock.instant().minus(KEPT);
        return held(taskType, oldest, options);
    }

    /** The leaves of one task type, from a list that is read now, or is being read already. */
    CompletableFuture<List<ImaLeaf>> freshLeaves(Operation taskType, CallOptions options) {
        return held(taskType, Instant.MAX, options);
    }

    /** What the last list said, however old; empty if none was read. Reads nothing. */
    List<ImaLeaf> lastKnown(Operation taskType) {
        Held held = lists.get(taskType);
        return held == null || !held.isRead() ? List.of() : held.leaves.join();
    }

    // The outcome of the read goes to all who wait for the held list.
    @SuppressWarnings("FutureReturnValueIgnored")
    private CompletableFuture<List<ImaLeaf>> held(Operation taskType, Instant oldest, CallOptions options) {
        Held mine = new Held(new CompletableFuture<>(), clock.instant());
        Held chosen = lists.merge(taskType, mine, (was, new_) -> was.isUsable(oldest) ? was : new_);
        if (chosen.leaves == mine.leaves) {
            read(taskType, options).whenComplete((leaves, failure) -> {
                if (failure == null) {
                    mine.leaves.complete(leaves);
                } else {
                    mine.leaves.completeExceptionally(ImaErrors.unwrap(failure));
                }
            });
        }
        // A copy, so that a caller who cancels does not cancel for all.
        return chosen.leaves.copy();
    }

    private CompletableFuture<List<ImaLeaf>> read(Operation taskType, CallOptions options) {
        try {
            return http.read(wire.productList(taskType).defaultTimeout(options.requestTimeout()))
                    .handle((answer, failure) -> {
                        if (failure != null) {
                            throw ImaErrors.noAnswer(DOING, failure).toException(ImaErrors.unwrap(failure));
                        }
                        List<ImaLeaf> leaves = leavesOf(answer);
                        LOG.debug("IMA lists {} models for {}", leaves.size(), taskType.path());
                        return leaves;
                    });
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private List<ImaLeaf> leavesOf(GatewayResponse answer) {
        return ImaEnvelope.of(answer)
                .filter(e -> answer.isSuccess() && e.isOk() && e.data().isArray())
                .map(e -> CatalogueReader.leaves(e.data()))
                .orElseThrow(() -> ImaErrors.unusable(DOING, answer, wire));
    }

    private record Held(CompletableFuture<List<ImaLeaf>> leaves, Instant since) {
        boolean isRead() {
            return leaves.isDone() && !leaves.isCompletedExceptionally();
        }

        /** Being read, or read and not older than that; never if the read failed. */
        boolean isUsable(Instant oldest) {
            return !leaves.isDone() || (isRead() && since.isAfter(oldest));
        }
    }
}
