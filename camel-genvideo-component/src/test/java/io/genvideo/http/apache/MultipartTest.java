/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.http.MultipartBody;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MultipartTest extends GatewayTestSupport {
    private static final MultipartBody.Part TEXT = MultipartBody.Part.text("prompt", "eine Katze \u732b");

    @TempDir
    private Path folder;

    private HttpCall call(URI uri, MultipartBody body) {
        return HttpCall.post("create", uri, body);
    }

    @Test
    void sendsFieldsAndFilesInOrder() throws Exception {
        RawServer server = server((conversation, request) -> conversation.ok("{}"));
        Path file = Files.write(folder.resolve("a.png"), new byte[] {1, 2, 3});
        MultipartBody body = new MultipartBody(
                "B",
                List.of(
                        TEXT,
                        MultipartBody.Part.file("image_urls", "one.png", new HttpBody.FromFile(file, "image/png")),
                        MultipartBody.Part.text("image_urls", "https://h/two.png"),
                        MultipartBody.Part.file(
                                "image_urls", "x\"\r\n.jpg", new HttpBody.Bytes(new byte[] {4}, "image/jpeg"))));

        get(gateway().send(call(server.uri("/"), body)));

        String request =
                new String(server.requests.get(0).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        assertThat(request)
                .contains("Content-Type: multipart/form-data; boundary=B\r\n")
                .endsWith("\r\n\r\n"
                        + "--B\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\neine Katze \u732b\r\n"
                        + "--B\r\nContent-Disposition: form-data; name=\"image_urls\"; filename=\"one.png\"\r\n"
                        + "Content-Type: image/png\r\n\r\n\u0001\u0002\u0003\r\n"
                        + "--B\r\nContent-Disposition: form-data; name=\"image_urls\"\r\n\r\nhttps://h/two.png\r\n"
                        + "--B\r\nContent-Disposition: form-data; name=\"image_urls\"; filename=\"x%22%0D%0A.jpg\"\r\n"
                        + "Content-Type: image/jpeg\r\n\r\n\u0004\r\n"
                        + "--B--\r\n");
    }

    @Test
    void streamsALargeFileWithAKnownLength() throws Exception {
        byte[] content = new byte[9_000_001];
        new Random(1).nextBytes(content);
        Path file = Files.write(folder.resolve("big.mp4"), content);
        MultipartBody body = MultipartBody.of(
                List.of(
                        TEXT,
                        MultipartBody.Part.file("video_url", "big.mp4", new HttpBody.FromFile(file, "video/mp4"))),
                new SplittableRandom(7));
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        ServerSocket server = closing(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        Thread reader = new Thread(() -> receive(server, received));
        reader.setDaemon(true);
        reader.start();

        get(gateway()
                .send(call(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"), body)
                        .timeout(Duration.ofSeconds(15))));

        byte[] sent = get(received);
        String head = new String(sent, 0, 500, StandardCharsets.ISO_8859_1);
        int start = head.indexOf("video/mp4\r\n\r\n") + 13;
        assertThat(Arrays.copyOfRange(sent, start, start + content.length)).isEqualTo(content);
        assertThat(new String(
                        sent, start + content.length, sent.length - start - content.length, StandardCharsets.US_ASCII))
                .isEqualTo("\r\n--" + body.boundary() + "--\r\n");
    }

    /** The body of one request whose length must be announced. */
    private static void receive(ServerSocket server, CompletableFuture<byte[]> received) {
        try (Socket socket = server.accept()) {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            int at = head.indexOf("Content-Length: ") + 16;
            int length = Integer.parseInt(head.substring(at, head.indexOf("\r\n", at)));
            byte[] body = in.readNBytes(length);
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(StandardCharsets.US_ASCII));
            received.complete(body);
        } catch (Exception e) {
            received.completeExceptionally(e);
        }
    }

    @Test
    void reportsAMissingFileUnsent() {
        RawServer server = server((conversation, request) -> conversation.ok("{}"));
        HttpBody gone = new HttpBody.FromFile(folder.resolve("gone.png"), "image/png");
        MultipartBody body =
                MultipartBody.of(List.of(MultipartBody.Part.file("image", "a.png", gone)), new SplittableRandom(1));

        assertThat(failure(gateway().send(call(server.uri("/"), body))).wasSent())
                .isFalse();
        assertThat(server.requests).isEmpty();
    }

    @Test
    void repeatsAReadOfAForm() throws Exception {
        Path file = Files.write(folder.resolve("a.png"), new byte[] {1, 2, 3});
        RawServer twice = server(new RawServer.Script() {
            private int count;

            @Override
            public void answer(RawServer.Conversation conversation, String request) throws Exception {
                count++;
                conversation.write("HTTP/1.1 " + (count == 1 ? 503 : 200) + " X\r\nContent-Length: 0\r\n\r\n");
            }
        });
        MultipartBody body = new MultipartBody(
                "B", List.of(TEXT, MultipartBody.Part.file("f", "a.png", new HttpBody.FromFile(file, "image/png"))));

        assertThat(get(gateway().read(call(twice.uri("/"), body))).status()).isEqualTo(200);
        assertThat(twice.requests).hasSize(2);
        assertThat(bodyOf(twice.requests.get(0))).isEqualTo(bodyOf(twice.requests.get(1)));
    }

    private static String bodyOf(String request) {
        return request.substring(request.indexOf("\r\n\r\n"));
    }

    @Test
    void choosesARandomBoundaryAndShowsNoContents() {
        SplittableRandom random = new SplittableRandom(3);
        MultipartBody one = MultipartBody.of(List.of(TEXT), random);
        MultipartBody two = MultipartBody.of(List.of(TEXT), random);

        assertThat(one.boundary()).isNotEqualTo(two.boundary()).matches("genvideo-[0-9a-f]{32}");
        assertThat(one.toString() + one.parts()).doesNotContain("Katze").contains("prompt");
        assertThatThrownBy(() -> new MultipartBody.Part("a", null, one)).isInstanceOf(IllegalArgumentException.class);
    }
}
