/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;

/**
 * What is equal in all attempts of one request of a message, and survives that the message is copied.
 *
 * @param endpoint a hash, because the URI may hold a credential
 * @param part the split, loop and multicast indices of the exchange; empty for the whole message
 */
record RequestKey(String endpoint, String fingerprint, String part) {

    static RequestKey of(Exchange exchange, GenvideoProducer producer, String fingerprint) {
        return new RequestKey(producer.endpointHash(), fingerprint, part(exchange));
    }

    /** Which part of its message an exchange is. Camel keeps the innermost index of each kind. */
    static String part(Exchange exchange) {
        String loop = index(exchange, ExchangePropertyKey.LOOP_INDEX);
        // After a split or multicast the properties of one of its parts are copied to the whole, including the id of
        // the
        // exchange that the part was made from: those indices say nothing about the whole, and may differ each time
        return exchange.getExchangeId().equals(exchange.getProperty(ExchangePropertyKey.CORRELATION_ID))
                ? loop
                : index(exchange, ExchangePropertyKey.SPLIT_INDEX)
                        + loop
                        + index(exchange, ExchangePropertyKey.MULTICAST_INDEX);
    }

    private static String index(Exchange exchange, ExchangePropertyKey index) {
        Object value = exchange.getProperty(index);
        return value == null ? "" : "/" + index.getName() + "=" + value;
    }
}
