/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.io.IOException;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.entity.DiscardingEntityConsumer;

/** Drops an answer and sends the request again: what a badly written interceptor of a user could do. */
final class RepeatingCallback implements AsyncExecCallback {

    interface Again {
        void send() throws HttpException, IOException;
    }

    private final AsyncExecCallback callback;
    private final Again again;

    RepeatingCallback(AsyncExecCallback callback, Again again) {
        this.callback = callback;
        this.again = again;
    }

    @Override
    public AsyncDataConsumer handleResponse(HttpResponse response, EntityDetails entity) {
        return new DiscardingEntityConsumer<>();
    }

    @Override
    public void handleInformationResponse(HttpResponse response) throws HttpException, IOException {
        callback.handleInformationResponse(response);
    }

    @Override
    public void completed() {
        try {
            again.send();
        } catch (HttpException | IOException e) {
            callback.failed(e);
        }
    }

    @Override
    public void failed(Exception cause) {
        callback.failed(cause);
    }
}
