/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestMedia;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ImaUploadTest {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Sandbox sandbox;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .transitionalShare(0)
                .maxDimension(96)
                .frameRate(4)
                .build());
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private static Map<String, String> query() {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("appUid", "ima_test");
        query.put("appId", "webAgent");
        query.put("appKey", "32jdskjdk320eew");
        query.put("cmimToken", "ima_test");
        query.put("sign", "A507298202BBC85A02EC1BF8D150DD23FC023CF3");
        query.put("timestamp", "1700000000");
        query.put("nonce", "0123456789abcdef01234");
        query.put("fService", "privite");
        query.put("fType", "picture");
        query.put("fSuffix", "png");
        query.put("fContentType", "image/png");
        return query;
    }

    private JsonNode token(Map<String, String> query) throws Exception {
        String text = query.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        URI uri = URI.create(sandbox.imaUploadUri() + "/api/rest/oss/getuploadtoken?" + text);
        return ImaClient.JSON.readTree(http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body());
    }

    private HttpResponse<byte[]> put(String url, byte[] body, String... headers) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url))
                        .headers(headers)
                        .PUT(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(String url, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private List<String> violations() {
        return sandbox.ledger().violations().stream()
                .map(Ledger.Violation::what)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "1772042430,CxI1FLI5ajLJZ1jlxZmeg,117CF6CF6C5702715C6A5CEE2C6FB08D53500EF0",
        "1700000000,0123456789abcdef01234,A507298202BBC85A02EC1BF8D150DD23FC023CF3"
    })
    void signsAsTheContractsVectors(String timestamp, String nonce, String sign) {
        assertThat(Uploads.sign(timestamp, nonce)).isEqualTo(sign);
    }

    @Test
    void anUploadBecomesTheInputOfATask() throws Exception {
        byte[] png = TestMedia.png(300, 400);
        JsonNode answer = token(query());
        assertThat(answer.path("code").asInt(-1)).isZero();
        String fdl = answer.path("data").path("fdl").asText();
        assertThat(get(fdl).statusCode()).isEqualTo(404);
        String ful = answer.path("data").path("ful").asText();
        assertThat(put(ful, png, "Content-Type", "image/png").statusCode()).isEqualTo(200);
        assertThat(put(ful, png, "Content-Type", "image/png").statusCode()).isEqualTo(200);
        HttpResponse<byte[]> got = get(fdl);
        assertThat(got.body()).isEqualTo(png);
        assertThat(got.headers().firstValue("Content-Type")).hasValue("image/png");

        ImaClient client = new ImaClient(sandbox);
        ObjectNode body = client.body("image_to_video", "wan2.6-i2v", "turn around");
        body.putArray("src_img_url").add(fdl);
        ObjectNode inner = (ObjectNode) body.path("parameters").get(0).path("parameters");
        inner.putArray("input_images").add(fdl);
        String id = client.create(body).path("data").path("id").asText();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> sandbox.ledger().tasks().get(0).state().equals("SUCCEEDED"));
        JsonNode medium = client.detail(id).path("data").path("medias").path(0);
        assertThat(medium.path("width").asInt() / medium.path("height").asDouble())
                .isBetween(0.74, 0.76);
        HttpResponse<byte[]> cover = get(medium.path("cover_url").asText());
        assertThat(cover.headers().firstValue("Content-Type")).hasValue("image/jpeg");
        assertThat(violations()).isEmpty();
        assertThat(sandbox.ledger().charges().get(0).sourceHash()).hasSize(16);
    }

    @Test
    void thePresignedUrlIsStrict() throws Exception {
        String ful = token(query()).path("data").path("ful").asText();
        byte[] png = TestMedia.png(2, 2);
        assertThat(put(ful.replaceAll("\\?.*", ""), png, "Content-Type", "image/png")
                        .statusCode())
                .isEqualTo(403);
        assertThat(put(ful.replace("privite", "public"), png, "Content-Type", "image/png")
                        .statusCode())
                .isEqualTo(403);
        assertThat(put(ful, png, "Content-Type", "image/jpeg").statusCode()).isEqualTo(403);
        assertThat(put(ful, png, "Content-Type", "image/png", "Authorization", "Bearer ima_test")
                        .statusCode())
                .isEqualTo(400);
        assertThat(violations()).hasSize(4);
        assertThat(put(ful, png, "Content-Type", "image/png").statusCode()).isEqualTo(200);
        assertThat(put(ful, TestMedia.png(3, 3), "Content-Type", "image/png").statusCode())
                .isEqualTo(200);
        assertThat(violations()).hasSize(5);
    }

    @Test
    void anInputOfTheWrongKindIsRefused() throws Exception {
        Map<String, String> query = query();
        query.put("fType", "video");
        query.put("fSuffix", "mp4");
        query.put("fContentType", "video/mp4");
        JsonNode data = token(query).path("data");
        put(data.path("ful").asText(), TestMedia.mp4(), "Content-Type", "video/mp4");
        ImaClient client = new ImaClient(sandbox);
        ObjectNode body = client.body("image_to_video", "wan2.6-i2v", "x");
        String fdl = data.path("fdl").asText();
        body.putArray("src_img_url").add(fdl);
        ((ObjectNode) body.path("parameters").get(0).path("parameters"))
                .putArray("input_images")
                .add(fdl);
        assertThat(client.create(body).path("message").asText()).contains("takes no video/mp4");
    }

    private static Stream<Arguments> contents() {
        return Stream.of(
                Arguments.of(TestMedia.page(), "no picture, video or audio"),
                Arguments.of(new byte[] {1, 2, 3}, "no picture, video or audio"),
                Arguments.of(new byte[0], "without a byte"),
                Arguments.of(TestMedia.mp4(), "is video/mp4 by its content"),
                Arguments.of(TestMedia.wav(), "is audio/wav by its content"));
    }

    @ParameterizedTest
    @MethodSource("contents")
    void refusesBytesThatAreNotOfTheDeclaredKind(byte[] bytes, String what) throws Exception {
        JsonNode data = token(query()).path("data");

        HttpResponse<byte[]> refused = put(data.path("ful").asText(), bytes, "Content-Type", "image/png");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(violations()).singleElement().asString().contains(what);
        assertThat(get(data.path("fdl").asText()).statusCode()).isEqualTo(404);
    }

    @Test
    void takesAPictureThatIsDeclaredAsAnotherPictureFormat() throws Exception {
        JsonNode data = token(query()).path("data");

        assertThat(put(data.path("ful").asText(), TestMedia.jpeg(2, 2), "Content-Type", "image/png")
                        .statusCode())
                .isEqualTo(200);
        assertThat(violations()).isEmpty();
    }

    @Test
    void rangesAndCachesAreServed() throws Exception {
        JsonNode data = token(query()).path("data");
        byte[] png = TestMedia.png(20, 20);
        put(data.path("ful").asText(), png, "Content-Type", "image/png");
        String fdl = data.path("fdl").asText();
        HttpResponse<byte[]> part = get(fdl, "Range", "bytes=2-5");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).containsExactly(png[2], png[3], png[4], png[5]);
        assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 2-5/" + png.length);
        assertThat(get(fdl, "Range", "bytes=-3").body()).hasSize(3);
        assertThat(get(fdl, "Range", "bytes=10-").body()).hasSize(png.length - 10);
        assertThat(get(fdl, "Range", "bytes=99999-").statusCode()).isEqualTo(416);
        assertThat(get(fdl, "Range", "bytes=0-1", "If-Range", "\"old\"").statusCode())
                .isEqualTo(200);
        String etag = part.headers().firstValue("ETag").orElseThrow();
        assertThat(get(fdl, "If-None-Match", etag).statusCode()).isEqualTo(304);
        HttpResponse<byte[]> head = http.send(
                HttpRequest.newBuilder(URI.create(fdl))
                        .method("HEAD", BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).hasValue(Integer.toString(png.length));
    }
}
