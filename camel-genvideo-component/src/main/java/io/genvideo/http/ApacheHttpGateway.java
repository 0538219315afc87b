package io.genvideo.http;
import java.net.http.*;
import java.util.*;
import java.util.concurrent.CompletableFuture;
/** stub */
public final class ApacheHttpGateway implements HttpGateway {
  private final HttpClient c = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER).build();
  public ApacheHttpGateway(HttpGatewaySettings s) {}
  public CompletableFuture<HttpAnswer> read(HttpCall call) { return send(call); }
  public CompletableFuture<HttpAnswer> send(HttpCall call) {
    try {
    HttpRequest.Builder b = HttpRequest.newBuilder(call.uri());
    call.headers().forEach(h -> b.header(h.getKey(), h.getValue()));
    HttpBody body = call.body();
    if (body == null) b.method(call.method(), HttpRequest.BodyPublishers.noBody());
    else { if (call.headers().stream().noneMatch(h -> h.getKey().equalsIgnoreCase("content-type"))) b.header("Content-Type", body.contentType());
      b.method(call.method(), body instanceof HttpBody.Bytes x ? HttpRequest.BodyPublishers.ofByteArray(x.content()) : HttpRequest.BodyPublishers.ofFile(((HttpBody.FromFile) body).file())); }
    return c.sendAsync(b.build(), HttpResponse.BodyHandlers.ofByteArray()).thenApply(r -> new HttpAnswer(r.statusCode(), r.headers().map(), r.body()))
      .exceptionally(t -> { throw new HttpGatewayException("failed " + t, !(t.getCause() instanceof java.net.ConnectException), t); });
    } catch (Exception e) { return CompletableFuture.failedFuture(e); }
  }
  public CompletableFuture<Downloaded> download(Download d) {
    return c.sendAsync(HttpRequest.newBuilder(d.uri()).build(), HttpResponse.BodyHandlers.ofFile(d.target())).thenApply(r -> new Downloaded(r.statusCode(), d.target(), r.headers().firstValue("content-type").orElse(null), 1));
  }
  public HttpGateway limitedTo(double r) { return this; }
  public void close() {}
}
