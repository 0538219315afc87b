/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.lang.ref.WeakReference;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;

/**
 * When and where an exchange came to a step: tells whether a later one is a redelivery of it. Holds nothing of the exchange
 * strongly, so that it may outlive it.
 */
final class RequestVisit {
    private final String exchangeId;
    private final @Nullable Object parentId;
    private final int redeliveries;
    private final WeakReference<@Nullable Object> failure;
    private final WeakReference<GenvideoProducer> producer;

    private RequestVisit(Exchange exchange, GenvideoProducer producer) {
        this.exchangeId = exchange.getExchangeId();
        this.parentId = exchange.getProperty(ExchangePropertyKey.CORRELATION_ID);
        this.redeliveries = exchange.getMessage().getHeader(Exchange.REDELIVERY_COUNTER, 0, Integer.class);
        this.failure = new WeakReference<>(exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT));
        this.producer = new WeakReference<>(producer);
    }

    static RequestVisit of(Exchange exchange, GenvideoProducer producer) {
        return new RequestVisit(exchange, producer);
    }

    /**
     * Whether a later visit resumes the request of this one. It does if the same exchange has no result yet; otherwise
     * only if something has failed in between, because without that it is a request of its own: another step, another turn
     * of a loop, or a copy of the message that goes another way.
     *
     * @param completed whether this visit's exchange has got its result
     */
    boolean isResumedBy(RequestVisit later, boolean completed) {
        if (!completed && isSameExchange(later)) {
            return true;
        }
        return hasFailedBefore(later) && !(completed && isAnotherStep(later));
    }

    private boolean isSameExchange(RequestVisit later) {
        return exchangeId.equals(later.exchangeId);
    }

    /** Both are seen by copies of the exchange that is redelivered; a route may remove headers, and throw one exception twice. */
    private boolean hasFailedBefore(RequestVisit later) {
        Object caught = later.failure.get();
        return later.redeliveries > redeliveries || caught != null && caught != failure.get();
    }

    /**
     * Each step of a route has a producer of its own. One that is not running any more was taken out of a cache and tells
     * nothing: then a redelivery is assumed, which at worst returns a result that is paid already.
     */
    private boolean isAnotherStep(RequestVisit later) {
        GenvideoProducer own = producer.get();
        return own != null && own != later.producer.get() && own.isRunAllowed();
    }

    /** Whether both exchanges are the same one, or copies of the same one. */
    boolean isNear(RequestVisit later) {
        return isSameExchange(later) || parentId != null && parentId.equals(later.parentId);
    }

    /** Which of several equal requests a redelivery resumes: that with the least distance, the oldest of those. */
    int distance(RequestVisit later, boolean completed) {
        if (isSameExchange(later)) {
            return completed ? 1 : 0;
        }
        return isNear(later) ? 2 : 3;
    }
}
