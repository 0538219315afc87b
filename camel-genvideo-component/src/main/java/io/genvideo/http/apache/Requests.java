/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.http.MultipartBody;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.entity.AsyncEntityProducerWrapper;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;

/** Turns a call into what HttpClient sends. */
final class Requests {
    private Requests() {}

    /**
     * @param once whether the body may be read a single time
     * @throws IOException if a file to send is not there
     */
    static AsyncRequestProducer of(HttpCall call, boolean once) throws IOException {
        BasicHttpRequest request = new BasicHttpRequest(call.method(), call.uri());
        call.headers().forEach(header -> request.addHeader(header.getKey(), header.getValue()));
        Supplier<List<Map.Entry<String, String>>> attemptHeaders = call.attemptHeaders();
        if (attemptHeaders != null) {
            attemptHeaders.get().forEach(header -> request.addHeader(header.getKey(), header.getValue()));
        }
        HttpBody body = call.body();
        if (body == null) {
            return new BasicRequestProducer(request, null);
        }
        // As a header, since HttpClient would parse and rewrite a content type, and a multipart boundary must stay as
        // it is
        request.setHeader(HttpHeaders.CONTENT_TYPE, body.contentType());
        AsyncEntityProducer content = content(body);
        return new BasicRequestProducer(request, once ? new OnlyOnce(content) : content);
    }

    static AsyncEntityProducer content(HttpBody body) throws IOException {
        if (body instanceof MultipartBody form) {
            return new MultipartProducer(form);
        }
        return body instanceof HttpBody.Bytes bytes
                ? bytes(bytes.content())
                : new FileBody(((HttpBody.FromFile) body).file());
    }

    static AsyncEntityProducer bytes(byte[] content) {
        return new BasicAsyncEntityProducer(content, null);
    }

    /** Reports that it cannot be repeated, and refuses a second use. */
    private static final class OnlyOnce extends AsyncEntityProducerWrapper {
        private boolean ended;

        OnlyOnce(AsyncEntityProducer content) {
            super(content);
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public void produce(DataStreamChannel channel) throws IOException {
            if (ended) {
                throw new Failures.DescribedException("the request was sent already and is sent only once");
            }
            super.produce(channel);
        }

        @Override
        public void releaseResources() {
            ended = true;
            super.releaseResources();
        }
    }
}
