/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.http.Download;
import io.genvideo.http.Downloaded;
import io.genvideo.http.HttpAnswer;
import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.HttpGatewayException;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The least that a gateway must do, on the JDK's client: no redirects, no retries. */
final class JdkHttpGateway implements HttpGateway {
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    @Override
    public CompletableFuture<HttpAnswer> read(HttpCall call) {
        return send(call);
    }

    @Override
    public CompletableFuture<HttpAnswer> send(HttpCall call) {
        HttpRequest.Builder request = HttpRequest.newBuilder(call.uri())
                .timeout(call.timeout() == null ? Duration.ofSeconds(2) : call.timeout());
        call.headers().forEach(h -> request.header(h.getKey(), h.getValue()));
        if (call.body() != null) {
            request.header("Content-Type", call.body().contentType());
        }
        try {
            request.method(call.method(), publisher(call.body()));
        } catch (FileNotFoundException e) {
            return CompletableFuture.failedFuture(new HttpGatewayException(call + ": no such file", false, e));
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                .handle((answer, failure) -> {
                    if (failure != null) {
                        Throwable cause = ImaErrors.unwrap(failure);
                        throw new HttpGatewayException(
                                call + ": " + cause.getClass().getSimpleName(),
                                !(cause instanceof ConnectException),
                                cause);
                    }
                    if (answer.body().length > call.maxAnswerBytes()) {
                        throw new HttpGatewayException(call + ": the answer is too long", true, null);
                    }
                    Map<String, List<String>> headers = new HashMap<>();
                    answer.headers()
                            .map()
                            .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
                    return new HttpAnswer(answer.statusCode(), headers, answer.body());
                });
    }

    private static HttpRequest.BodyPublisher publisher(HttpBody body) throws FileNotFoundException {
        if (body instanceof HttpBody.FromFile file) {
            return HttpRequest.BodyPublishers.ofFile(file.file());
        }
        return body instanceof HttpBody.Bytes bytes
                ? HttpRequest.BodyPublishers.ofByteArray(bytes.content())
                : HttpRequest.BodyPublishers.noBody();
    }

    @Override
    public CompletableFuture<Downloaded> download(Download download) {
        throw new UnsupportedOperationException();
    }

    @Override
    public HttpGateway limitedTo(double callsPerSecond) {
        return this;
    }

    @Override
    public void close() {}
}
