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
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Writes the body of a 200 to a part file as it comes; of another response only the head is used. */
final class FileConsumer implements AsyncResponseConsumer<FileConsumer.Hop> {

    /** The outcome of one request of a download. */
    record Hop(
            int status, @Nullable String location, @Nullable String contentType, long size) {}

    private static final int MOST_IGNORED_BYTES = 64 * 1024;

    private final PartFile part;
    private final long maxBytes;
    private final SlowTransferCheck speed;
    private @Nullable FutureCallback<Hop> callback;
    private @Nullable String contentType;
    private int status;
    private long announced = -1;
    private long ignored;

    FileConsumer(PartFile part, long maxBytes, SlowTransferCheck speed) {
        this.part = part;
        this.maxBytes = maxBytes;
        this.speed = speed;
    }

    @Override
    public void consumeResponse(
            HttpResponse response,
            @Nullable EntityDetails entity,
            HttpContext context,
            FutureCallback<Hop> resultCallback)
            throws IOException {
        status = response.getCode();
        callback = resultCallback;
        if (status != 200) {
            resultCallback.completed(new Hop(status, value(response, HttpHeaders.LOCATION), null, 0));
            return;
        }
        contentType = value(response, HttpHeaders.CONTENT_TYPE);
        announced = entity == null ? 0 : entity.getContentLength();
        if (announced > maxBytes) {
            throw part.tooLong();
        }
        part.open();
        if (entity == null) {
            complete();
        }
    }

    private static @Nullable String value(HttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    @Override
    public void consume(ByteBuffer source) throws IOException {
        if (status == 200) {
            int count = source.remaining();
            part.write(source);
            speed.received(count);
            return;
        }
        ignored += source.remaining();
        if (ignored > MOST_IGNORED_BYTES) {
            // Closes the connection; the outcome has been handed on already
            throw new Failures.PermanentException(
                    "the body of a response without a file is longer than " + MOST_IGNORED_BYTES + " bytes");
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws IOException {
        if (status == 200) {
            complete();
        }
    }

    private void complete() throws IOException {
        if (announced >= 0 && part.size() != announced) {
            throw new Failures.DescribedException(
                    "the file ended after " + part.size() + " of the " + announced + " bytes announced");
        }
        if (part.size() == 0) {
            throw new Failures.DescribedException("the file is empty");
        }
        FutureCallback<Hop> to = callback;
        if (to != null) {
            to.completed(new Hop(status, null, contentType, part.size()));
        }
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        channel.update(Integer.MAX_VALUE);
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {
        // A download does not act on 1xx responses
    }

    @Override
    public void failed(Exception cause) {
        // releaseResources() follows, after the exchange's outcome is settled
    }

    @Override
    public void releaseResources() {
        part.discard();
    }
}
