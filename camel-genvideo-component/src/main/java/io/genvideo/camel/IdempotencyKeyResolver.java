/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.Fingerprint;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import java.io.File;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.WrappedFile;
import org.jspecify.annotations.Nullable;

/**
 * Which order a message is, so that the same one is not paid twice: its idempotency key, and the record that an earlier
 * attempt of the same exchange has made (docs/design.md sections 4.3 and 4.4).
 */
final class IdempotencyKeyResolver {
    private static final int LONGEST_KEY = 512;

    private final String provider;
    private final IdempotencyMode mode;

    IdempotencyKeyResolver(String provider, IdempotencyMode mode) {
        this.provider = provider;
        this.mode = mode;
    }

    /**
     * The key, or {@code null} if the message has none and needs none.
     *
     * @throws GenvideoException if it needs one: the option says so, or it may come again from outside
     */
    @Nullable
    String key(Exchange exchange, GenerationRequest request, String fingerprint) {
        String given = request.idempotencyKey();
        if (given != null) {
            if (given.length() > LONGEST_KEY) {
                throw invalid("header " + GenvideoConstants.IDEMPOTENCY_KEY + " has " + given.length()
                        + " characters, at most " + LONGEST_KEY + " are allowed");
            }
            return given;
        }
        if (mode == IdempotencyMode.off) {
            return null;
        }
        String source = source(exchange);
        if (source != null) {
            return "auto:" + Fingerprint.of(source, fingerprint);
        }
        if (mode == IdempotencyMode.required) {
            throw invalid("idempotency=required, but the message has no header " + GenvideoConstants.IDEMPOTENCY_KEY
                    + " and comes from no source that identifies it");
        }
        if (exchange.isTransacted() || Boolean.TRUE.equals(exchange.isExternalRedelivered())) {
            throw invalid("the exchange is " + (exchange.isTransacted() ? "transacted" : "redelivered by its source")
                    + " and has no idempotency key, so that a rollback would pay again: set the header "
                    + GenvideoConstants.IDEMPOTENCY_KEY + ", or idempotency=off to accept that");
        }
        return null;
    }

    private static @Nullable String source(Exchange exchange) {
        String origin = origin(exchange.getMessage());
        if (origin == null) {
            return null;
        }
        return origin
                + part(exchange, ExchangePropertyKey.SPLIT_INDEX)
                + part(exchange, ExchangePropertyKey.LOOP_INDEX)
                + part(exchange, ExchangePropertyKey.MULTICAST_INDEX);
    }

    /** Parts of one message are orders of their own, even if they ask for the same. */
    private static String part(Exchange exchange, ExchangePropertyKey index) {
        Object value = exchange.getProperty(index);
        return value == null ? "" : "/" + index.getName() + "=" + value;
    }

    private static @Nullable String origin(Message in) {
        if (in.getBody() instanceof WrappedFile<?> wrapped && wrapped.getFile() instanceof File file && file.isFile()) {
            return "file:" + file.getAbsolutePath() + ":" + file.length() + ":" + file.lastModified();
        }
        Object path = in.getHeader("CamelFileAbsolutePath");
        Object modified = in.getHeader(Exchange.FILE_LAST_MODIFIED);
        if (path != null && modified != null) {
            return "file:" + path + ":" + in.getHeader(Exchange.FILE_LENGTH) + ":" + modified;
        }
        Object jms = in.getHeader("JMSMessageID");
        if (jms != null) {
            return "jms:" + jms;
        }
        Object offset = in.getHeader("kafka.OFFSET");
        if (offset != null) {
            return "kafka:" + in.getHeader("kafka.TOPIC") + ":" + in.getHeader("kafka.PARTITION") + ":" + offset;
        }
        return null;
    }

    private GenvideoException invalid(String message) {
        return GenerationError.of(ErrorCategory.INVALID_REQUEST, provider, message)
                .toException();
    }

    /**
     * Marks an exchange with the record that it may make, before anything is sent. A header would not do: a redelivery
     * restores the message, but keeps properties.
     *
     * @return the records that earlier attempts of this exchange at this endpoint may have made, latest first
     */
    static List<String> mark(Exchange exchange, String endpoint, String fingerprint, String recordId) {
        Step step = step(exchange, endpoint, fingerprint);
        int redelivery = redelivery(exchange);
        Attempts all = attempts(exchange);
        Attempt last = all.bySteps().get(step);
        List<String> earlier =
                last == null || last.done() && redelivery <= last.redelivery() ? List.of() : last.recordIds();
        List<String> recordIds = new ArrayList<>();
        recordIds.add(recordId);
        recordIds.addAll(earlier);
        all.with(step, new Attempt(List.copyOf(recordIds), redelivery, false)).putOn(exchange);
        return earlier;
    }

    /**
     * The exchange has its result. Should it come by here again, that is another order (a loop), unless a later step has
     * failed and the whole route is being redelivered: that one must get the result that is already paid.
     */
    static void done(Exchange exchange, String endpoint, String fingerprint) {
        Step step = step(exchange, endpoint, fingerprint);
        Attempts all = attempts(exchange);
        Attempt last = all.bySteps().get(step);
        if (last != null) {
            all.with(step, new Attempt(last.recordIds(), last.redelivery(), true))
                    .putOn(exchange);
        }
    }

    private static Step step(Exchange exchange, String endpoint, String fingerprint) {
        // The URI may hold a key, and properties are shown by tracers
        return new Step(exchange.getExchangeId(), Fingerprint.of(endpoint), fingerprint);
    }

    private static int redelivery(Exchange exchange) {
        return exchange.getMessage().getHeader(Exchange.REDELIVERY_COUNTER, 0, Integer.class);
    }

    private static Attempts attempts(Exchange exchange) {
        return exchange.getProperty(GenvideoConstants.ATTEMPT_PROPERTY) instanceof Attempts attempts
                ? attempts
                : new Attempts(Map.of());
    }

    /** Honoured only by the exchange, endpoint and request that it names: split, multicast and later steps see it too. */
    private record Step(String exchangeId, String endpoint, String fingerprint) implements Serializable {}

    /** @param redelivery how often the exchange had been redelivered then */
    private record Attempt(List<String> recordIds, int redelivery, boolean done) implements Serializable {}

    /** What an exchange has tried, by step. Immutable: copies of an exchange share it. */
    private record Attempts(Map<Step, Attempt> bySteps) implements Serializable {
        Attempts with(Step step, Attempt attempt) {
            Map<Step, Attempt> own = new LinkedHashMap<>();
            // A copy of an exchange has no use for what its original has tried
            bySteps.forEach((s, a) -> {
                if (s.exchangeId().equals(step.exchangeId())) {
                    own.put(s, a);
                }
            });
            own.put(step, attempt);
            return new Attempts(Map.copyOf(own));
        }

        void putOn(Exchange exchange) {
            exchange.setProperty(GenvideoConstants.ATTEMPT_PROPERTY, this);
        }
    }
}
