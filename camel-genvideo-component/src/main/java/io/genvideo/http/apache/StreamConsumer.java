/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.GatewayResponse;
import io.genvideo.http.StreamResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Hands on events as they come, or collects a response that is no stream. */
final class StreamConsumer implements AsyncResponseConsumer<StreamResponse> {
    private static final String EVENTS = "text/event-stream";

    /** Receives the events. */
    interface Sink {
        void opened(StreamResponse.Opened response);

        void event(String data);

        /** An event without data. */
        void emptyEvent();
    }

    private final int maxBytes;
    private final Sink sink;
    private final ResponseConsumer plain;
    private @Nullable SseParser events;
    private StreamResponse.@Nullable Opened opened;
    private @Nullable FutureCallback<StreamResponse> callback;

    /** @param maxBytes of one event, or of a response that is no stream */
    StreamConsumer(int maxBytes, Sink sink) {
        this.maxBytes = maxBytes;
        this.sink = sink;
        this.plain = new ResponseConsumer(maxBytes);
    }

    @Override
    public void consumeResponse(
            HttpResponse response,
            @Nullable EntityDetails entity,
            HttpContext context,
            FutureCallback<StreamResponse> resultCallback)
            throws IOException {
        int status = response.getCode();
        if (status >= 200 && status < 300 && isEvents(entity)) {
            StreamResponse.Opened opening = new StreamResponse.Opened(status);
            opened = opening;
            callback = resultCallback;
            events = new SseParser(maxBytes, sink::event, sink::emptyEvent);
            sink.opened(opening);
        } else {
            plain.consumeResponse(response, entity, context, new AsPlain(resultCallback));
        }
    }

    private static boolean isEvents(@Nullable EntityDetails entity) {
        String type = entity == null ? null : entity.getContentType();
        if (type == null) {
            return false;
        }
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).trim().equalsIgnoreCase(EVENTS);
    }

    @Override
    public void consume(ByteBuffer source) throws IOException {
        if (events != null) {
            events.feed(source);
        } else {
            plain.consume(source);
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        if (events != null && callback != null) {
            events.end();
            callback.completed(opened);
        } else {
            plain.streamEnd(trailers);
        }
    }

    @Override
    public void failed(Exception cause) {
        if (events != null) {
            events.cutOff();
        }
        plain.failed(cause);
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        channel.update(Integer.MAX_VALUE);
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {
        // A caller does not act on 1xx responses
    }

    @Override
    public void releaseResources() {
        plain.releaseResources();
    }

    private record AsPlain(FutureCallback<StreamResponse> to) implements FutureCallback<GatewayResponse> {
        @Override
        public void completed(GatewayResponse response) {
            to.completed(new StreamResponse.Plain(response));
        }

        @Override
        public void failed(Exception cause) {
            to.failed(cause);
        }

        @Override
        public void cancelled() {
            to.cancelled();
        }
    }
}
