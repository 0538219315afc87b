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
 * Adds to a consumer what every exchange needs. A response that comes before the request has left is not the service's but a
 * proxy's, which refused the tunnel. HttpClient frees the consumer right after the connection went back to its pool, which is
 * the moment to hand the response on. And an {@link Error} of the consumer fails its exchange only: passed on, it would end
 * the I/O thread, and with it all calls of the client.
 */
final class ObservedConsumer<T> implements AsyncResponseConsumer<T> {
    private final AsyncResponseConsumer<T> consumer;
    private final SendOnceGuard sendGuard;
    private final Runnable beforeRelease;

    ObservedConsumer(AsyncResponseConsumer<T> consumer, SendOnceGuard sendGuard, Runnable beforeRelease) {
        this.consumer = consumer;
        this.sendGuard = sendGuard;
        this.beforeRelease = beforeRelease;
    }

    @Override
    public void consumeResponse(
            HttpResponse response, @Nullable EntityDetails entity, HttpContext context, FutureCallback<T> callback)
            throws HttpException, IOException {
        if (!sendGuard.hasLeft()) {
            throw new Failures.DescribedException("the proxy refused to connect: HTTP " + response.getCode());
        }
        try {
            consumer.consumeResponse(response, entity, context, callback);
        } catch (Error failure) {
            throw contained(failure);
        }
    }

    private static IOException contained(Error failure) {
        return new Failures.DescribedException(
                "the response could not be processed (" + failure.getClass().getSimpleName() + ")");
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
        try {
            consumer.consume(source);
        } catch (Error failure) {
            throw contained(failure);
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
        try {
            consumer.streamEnd(trailers);
        } catch (Error failure) {
            throw contained(failure);
        }
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
