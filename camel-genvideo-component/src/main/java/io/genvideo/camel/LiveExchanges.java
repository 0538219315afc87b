/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which exchanges of the context have a unit of work at the moment, and of which exchange each is a copy. The copies that
 * {@code split}, {@code multicast}, {@code recipientList} or {@code enrich} make have units of work of their own, or none, and
 * no reference to their original; what becomes of a result that a copy has received is known when the original ends.
 * Thread-safe.
 */
final class LiveExchanges extends SimpleEventNotifierSupport {
    private final Map<String, Live> byId = new ConcurrentHashMap<>();

    /** Hears of the end of an exchange, when its unit of work is done. */
    interface Listener {
        /** @param originalId of what the exchange is a copy of; {@code null} if it is none, or its original has ended */
        void ended(Exchange exchange, boolean isFailed, @Nullable String originalId);
    }

    private record Live(@Nullable String originalId, List<Listener> listeners) {}

    LiveExchanges() {
        setupIgnore(true);
        setIgnoreExchangeEvents(false);
        setIgnoreExchangeCreatedEvent(false);
        setIgnoreExchangeCompletedEvent(false);
        setIgnoreExchangeFailedEvents(false);
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof CamelEvent.ExchangeCreatedEvent created) {
            begun(created.getExchange());
        } else if (event instanceof CamelEvent.ExchangeCompletedEvent) {
            ended(((ExchangeEvent) event).getExchange(), false);
        } else if (event instanceof CamelEvent.ExchangeFailedEvent) {
            ended(((ExchangeEvent) event).getExchange(), true);
        }
    }

    private void begun(Exchange exchange) {
        byId.put(exchange.getExchangeId(), new Live(originalId(exchange), new ArrayList<>(0)));
    }

    private void ended(Exchange exchange, boolean isFailed) {
        Live ended = byId.remove(exchange.getExchangeId());
        if (ended != null) {
            ended.listeners().forEach(l -> l.ended(exchange, isFailed, ended.originalId()));
        }
    }

    /** The id of the exchange that a fresh copy was made of. */
    static @Nullable String originalId(Exchange copy) {
        return copy.getProperty(ExchangePropertyKey.CORRELATION_ID, String.class);
    }

    /**
     * The id of the exchange that this one is a copy of, as it was when its unit of work began: later the property may name
     * another one.
     */
    @Nullable
    String originalOf(Exchange exchange) {
        Live live = byId.get(exchange.getExchangeId());
        return live == null ? null : live.originalId();
    }

    /** @return whether the exchange is under way, so that the listener hears of its end */
    boolean onEnd(@Nullable String exchangeId, Listener listener) {
        return exchangeId != null
                && byId.computeIfPresent(exchangeId, (id, live) -> {
                            live.listeners().add(listener);
                            return live;
                        })
                        != null;
    }

    /** How many exchanges are under way. */
    int size() {
        return byId.size();
    }
}
