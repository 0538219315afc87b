/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.http.GatewayResponse;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.provider.support.ServiceText;
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
 * The account's lists of models and prices, one per task type (docs/contracts/ima.md section 2). A list is kept for five
 * minutes; callers that
 * come while it is being read share that one call. A failed read is not kept. Thread-safe.
 */
final class ImaCatalogue {
    /** The task types of the contract that this component builds, in the order of its documentation. */
    static final List<Operation> TASK_TYPES = List.of(
            Operation.TEXT_TO_VIDEO,
            Operation.IMAGE_TO_VIDEO,
            Operation.FIRST_LAST_FRAME_TO_VIDEO,
            Operation.REFERENCE_IMAGE_TO_VIDEO);

    /** Points and ids drift by the day, not by the minute; and a wrong price is refused by the service (code 6006). */
    static final Duration KEPT = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(ImaCatalogue.class);
    private static final String DOING = "reading the models";

    private final ImaRequests requests;
    private final ServiceCalls calls;
    private final InstantSource clock;
    private final ConcurrentMap<Operation, Held> lists = new ConcurrentHashMap<>();

    ImaCatalogue(ImaRequests requests, ServiceCalls calls, InstantSource clock) {
        this.requests = requests;
        this.calls = calls;
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

    /** The last list that was read, however old; empty if none was read. Reads nothing. */
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
                    mine.leaves.completeExceptionally(ServiceErrors.unwrap(failure));
                }
            });
        }
        // A copy, so that a caller who cancels does not cancel for all.
        return chosen.leaves.copy();
    }

    private CompletableFuture<List<ImaLeaf>> read(Operation taskType, CallOptions options) {
        try {
            return calls.read(DOING, requests.productList(taskType), options).thenApply(answer -> {
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
                .orElseThrow(() -> ImaErrors.unusable(DOING, answer, ServiceText.hiding(requests.key())));
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
