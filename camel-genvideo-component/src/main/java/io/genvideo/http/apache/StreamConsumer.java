/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.GatewayResponse;
import io.genvideo.http.StreamResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Hands on events as they come, or collects an answer that is no stream. */
final class StreamConsumer implements AsyncResponseConsumer<StreamResponse> {
    private static final String EVENTS = "text/event-stream";

    /** Whoever is told. */
    interface Sink {
        void opened(StreamResponse.Opened answer);

        void event(String data);
    }

    private final int maxBytes;
    private final Sink sink;
    private final ResponseConsumer plain;
    private @Nullable SseParser events;
    private StreamResponse.@Nullable Opened opened;
    private @Nullable FutureCallback<StreamResponse> callback;

    /** @param maxBytes of one event, or of an answer that is no stream */
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
            StreamResponse.Opened answer = new StreamResponse.Opened(status);
            opened = answer;
            callback = resultCallback;
            events = new SseParser(maxBytes, sink::event);
            sink.opened(answer);
        } else {
            plain.consumeResponse(response, entity, context, new AsPlain(resultCallback));
        }
    }

    private static boolean isEvents(@Nullable EntityDetails entity) {
        String type = entity == null ? null : entity.getContentType();
        return type != null
                && type.replaceFirst(";.*", "").trim().toLowerCase(Locale.ROOT).equals(EVENTS);
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
        // 1xx answers say nothing that a caller acts on
    }

    @Override
    public void releaseResources() {
        plain.releaseResources();
    }

    private record AsPlain(FutureCallback<StreamResponse> to) implements FutureCallback<GatewayResponse> {
        @Override
        public void completed(GatewayResponse answer) {
            to.completed(new StreamResponse.Plain(answer));
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
