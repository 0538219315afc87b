/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a consumer what every exchange needs: an answer that comes before the request has left is not the service's but a
 * proxy's, which refused the tunnel; and HttpClient frees the consumer right after the connection went back to its pool,
 * which is the moment to hand the answer on.
 */
final class ObservedConsumer<T> implements AsyncResponseConsumer<T> {
    private final AsyncResponseConsumer<T> consumer;
    private final SendOnceGuard departure;
    private final Runnable beforeRelease;

    ObservedConsumer(AsyncResponseConsumer<T> consumer, SendOnceGuard departure, Runnable beforeRelease) {
        this.consumer = consumer;
        this.departure = departure;
        this.beforeRelease = beforeRelease;
    }

    @Override
    public void consumeResponse(
            HttpResponse response, @Nullable EntityDetails entity, HttpContext context, FutureCallback<T> callback)
            throws HttpException, IOException {
        if (!departure.hasLeft()) {
            throw new Failures.SaidException("the proxy refused to connect: HTTP " + response.getCode());
        }
        consumer.consumeResponse(response, entity, context, callback);
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) throws HttpException, IOException {
        consumer.informationResponse(response, context);
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        consumer.updateCapacity(channel);
    }

    @Override
    public void consume(ByteBuffer source) throws IOException {
        consumer.consume(source);
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
        consumer.streamEnd(trailers);
    }

    @Override
    public void failed(Exception cause) {
        consumer.failed(cause);
    }

    @Override
    public void releaseResources() {
        beforeRelease.run();
        consumer.releaseResources();
    }
}
