/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.GatewayResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Collects a whole response in memory, up to a bound. */
final class ResponseConsumer implements AsyncResponseConsumer<GatewayResponse> {
    private static final int FIRST_BUFFER_BYTES = 512;

    private final int maxBytes;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(FIRST_BUFFER_BYTES);
    private int status;
    private Map<String, List<String>> headers = Map.of();
    private @Nullable FutureCallback<GatewayResponse> callback;

    ResponseConsumer(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void consumeResponse(
            HttpResponse response,
            @Nullable EntityDetails entity,
            HttpContext context,
            FutureCallback<GatewayResponse> resultCallback)
            throws Failures.PermanentException {
        status = response.getCode();
        headers = headers(response);
        callback = resultCallback;
        if (entity == null) {
            complete();
        } else if (entity.getContentLength() > maxBytes) {
            throw tooLong();
        }
    }

    private static Map<String, List<String>> headers(HttpResponse response) {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        for (Iterator<Header> each = response.headerIterator(); each.hasNext(); ) {
            Header header = each.next();
            byName.computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
                    .add(header.getValue() == null ? "" : header.getValue());
        }
        byName.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(byName);
    }

    @Override
    public void consume(ByteBuffer source) throws Failures.PermanentException {
        if (source.remaining() > maxBytes - body.size()) {
            throw tooLong();
        }
        if (source.hasArray()) {
            body.write(source.array(), source.arrayOffset() + source.position(), source.remaining());
            source.position(source.limit());
        } else {
            byte[] chunk = new byte[source.remaining()];
            source.get(chunk);
            body.writeBytes(chunk);
        }
    }

    private Failures.PermanentException tooLong() {
        return new Failures.PermanentException("the response is longer than " + maxBytes + " bytes");
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        complete();
    }

    private void complete() {
        FutureCallback<GatewayResponse> to = callback;
        if (to != null) {
            to.completed(new GatewayResponse(status, headers, body.toByteArray()));
        }
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
    public void failed(Exception cause) {
        body.reset();
    }

    @Override
    public void releaseResources() {
        body.reset();
    }
}
