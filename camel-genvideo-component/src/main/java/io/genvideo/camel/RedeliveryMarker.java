/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.GenvideoException;
import io.genvideo.model.InvalidGenerationRequestException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.clock.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which requests a message has made, so that a redelivery resumes its own task instead of paying for another one,
 * with or without a key (docs/design.md section 4.4). Thread-safe.
 *
 * <p>A redelivery around {@code enrich}, {@code split} or {@code recipientList} makes new exchanges, and nothing that an
 * earlier one has left on itself reaches them. What all exchanges of one message share, and no other message has, is the
 * clock that Camel hands on to each copy: requests are remembered by it, and forgotten with the last exchange of the message.
 */
final class RedeliveryMarker {
    /** Of one message. The oldest completed ones are forgotten first: an endless split must not fill the heap. */
    static final int MAX_REQUESTS = 20_000;
    /** Most messages make a single request, and thousands of them may wait at once. */
    private static final int USUAL_REQUESTS = 1;

    private final Map<Clock, Message> messages = new WeakHashMap<>();
    private final boolean pooled;

    /** @param pooled whether exchanges are reused, so that a clock is shared by messages that follow each other */
    RedeliveryMarker(boolean pooled) {
        this.pooled = pooled;
    }

    /** One attempt of a request. Ends exactly once, with {@link #succeeded} or {@link #failed}. */
    interface Attempt {
        /** The records that earlier attempts of this request may have made, latest first; empty for a new request. */
        List<String> earlierRecordIds();

        /** How many equal requests the same part of the message has made before this one: 0 for the first. */
        int repetition();

        /** The exchange has its result. */
        void succeeded(String recordId);

        /** The exchange has no result. */
        void failed(Throwable failure);
    }

    /**
     * Begins an attempt, before anything is sent.
     *
     * @param producer the step of the route that makes the request
     * @param recordId the record that the attempt may make
     */
    Attempt begin(Exchange exchange, GenvideoProducer producer, String fingerprint, String recordId) {
        Message message;
        synchronized (messages) {
            message = messages.computeIfAbsent(exchange.getClock(), c -> new Message());
        }
        return message.begin(
                RequestKey.of(exchange, producer, fingerprint), RequestVisit.of(exchange, producer), recordId, pooled);
    }

    /** The requests of one message, by what is equal in all attempts. */
    private static final class Message {
        private final Map<RequestKey, List<Request>> requests = new HashMap<>(2 * USUAL_REQUESTS);
        private final Deque<Request> inOrder = new ArrayDeque<>(USUAL_REQUESTS);

        synchronized Attempt begin(RequestKey key, RequestVisit visit, String recordId, boolean pooled) {
            List<Request> equal = requests.computeIfAbsent(key, k -> new ArrayList<>(USUAL_REQUESTS));
            Request request = equal.stream()
                    .filter(r -> r.visit.isResumedBy(visit, r.completed))
                    .filter(r -> !pooled || r.visit.isNear(visit))
                    .min(Comparator.comparingInt(r -> r.visit.distance(visit, r.completed)))
                    .orElseGet(() -> added(key, equal, visit));
            List<String> earlier = List.copyOf(request.recordIds);
            request.recordIds.add(0, recordId);
            request.visit = visit;
            request.completed = false;
            return new Running(this, request, earlier);
        }

        private Request added(RequestKey key, List<Request> equal, RequestVisit visit) {
            int repetition = equal.isEmpty() ? 0 : equal.get(equal.size() - 1).repetition + 1;
            Request request = new Request(key, repetition, visit);
            equal.add(request);
            inOrder.addLast(request);
            if (inOrder.size() > MAX_REQUESTS && inOrder.getFirst().completed) {
                Request oldest = inOrder.removeFirst();
                requests.computeIfPresent(oldest.key, (k, all) -> all.remove(oldest) && all.isEmpty() ? null : all);
            }
            return request;
        }

        synchronized void end(Request request, @Nullable String recordId, boolean completed) {
            if (recordId != null) {
                request.recordIds.clear();
                request.recordIds.add(recordId);
            }
            request.completed = completed;
        }
    }

    private static final class Request {
        final RequestKey key;
        final int repetition;
        final List<String> recordIds = new ArrayList<>(1);
        RequestVisit visit;
        boolean completed;

        Request(RequestKey key, int repetition, RequestVisit visit) {
            this.key = key;
            this.repetition = repetition;
            this.visit = visit;
        }
    }

    private record Running(Message message, Request request, List<String> earlierRecordIds) implements Attempt {
        @Override
        public int repetition() {
            return request.repetition;
        }

        @Override
        public void succeeded(String recordId) {
            message.end(request, recordId, true);
        }

        @Override
        public void failed(Throwable failure) {
            // A refused request may name the record of another one, which holds its key
            boolean namesOwn =
                    failure instanceof GenvideoException && !(failure instanceof InvalidGenerationRequestException);
            message.end(request, namesOwn ? ((GenvideoException) failure).getRecordId() : null, false);
        }
    }
}
