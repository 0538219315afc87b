/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.genvideo.http.CallRate;
import io.genvideo.http.Download;
import io.genvideo.http.Downloaded;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.SseListener;
import io.genvideo.http.StreamResponse;
import io.genvideo.http.WebSocketCall;
import io.genvideo.http.WebSocketConnection;
import io.genvideo.http.WebSocketListener;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.MediaSamples;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.MediaUploader;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ReadyGeneration;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/contracts/ima.md section 4: how media get to where the service can fetch them. */
class ImaUploadTest extends ImaTestSupport {
    private static final String TOKEN = "/ima-upload/api/rest/oss/getuploadtoken";

    @TempDir
    Path folder;

    @BeforeEach
    void service() {
        stubLists();
        stubToken(okJson(token("x.png")));
        stubPut(aResponse());
    }

    @ParameterizedTest
    @CsvSource({
        "1772042430,CxI1FLI5ajLJZ1jlxZmeg,117CF6CF6C5702715C6A5CEE2C6FB08D53500EF0",
        "1700000000,0123456789abcdef01234,A507298202BBC85A02EC1BF8D150DD23FC023CF3"
    })
    void theSignature(String timestamp, String nonce, String signature) {
        assertThat(UploadSignature.of(timestamp, nonce)).isEqualTo(signature);
    }

    @Test
    void exactlyElevenParametersAndNoHeaderOfOurs() {
        URI url = await(provider().upload(bytes("a.png"), CallOptions.DEFAULT));

        assertThat(url).isEqualTo(URI.create("https://ima-ga.esxscloud.com/x.png"));
        LoggedRequest token = tokens().get(0);
        String nonce = token.queryParameter("nonce").firstValue();
        assertThat(nonce).matches("[0-9A-Za-z]{21}");
        assertThat(nonce).isEqualTo(UploadSignature.nonce(new Random(42)));
        assertThat(token.getUrl())
                .isEqualTo(TOKEN + "?appUid=" + KEY + "&appId=webAgent&appKey=32jdskjdk320eew&cmimToken=" + KEY
                        + "&sign=" + UploadSignature.of("1772042430", nonce) + "&timestamp=1772042430&nonce=" + nonce
                        + "&fService=privite&fType=picture&fSuffix=png&fContentType=image%2Fpng");
        assertThat(ours(token)).isEmpty();
        assertThat(puts()).singleElement().satisfies(put -> {
            assertThat(ours(put)).containsExactly("content-type");
            assertThat(put.getHeader("Content-Type")).isEqualTo("image/png");
            assertThat(put.header("Content-Type").values()).hasSize(1);
            assertThat(put.getBody()).isEqualTo(PNG);
            assertThat(put.getUrl()).isEqualTo("/bucket/x.png?Signature=presigned-secret");
        });
    }

    @Test
    void streamsFile() throws Exception {
        Path file = Files.write(folder.resolve("big.JPG"), MediaSamples.ofSize("image/jpeg", 3 << 20));
        Spy spy = new Spy();

        await(provider(spy).upload(local(file), CallOptions.DEFAULT));

        assertThat(puts().get(0).getBody()).hasSize(3 << 20);
        assertThat(spy.calls).anySatisfy(call -> {
            assertThat(call.body()).isEqualTo(new HttpBody.FromFile(file, "image/jpeg"));
            assertThat(call.timeout()).hasSeconds(60 + 12);
        });
        assertThat(tokens().get(0).queryParameter("fSuffix").firstValue()).isEqualTo("jpg");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "a.png,-,image/png,png,image/png,picture",
                "a.jpg,-,image/jpeg,jpg,image/jpeg,picture",
                "a.JPEG,-,image/jpeg,jpeg,image/jpeg,picture",
                "a.webp,-,image/png,png,image/png,picture",
                "-,-,image/png,png,image/png,picture",
                "-,-,image/jpeg,jpeg,image/jpeg,picture",
                "a.tmp,-,image/png,png,image/png,picture",
                "noextension,-,image/jpeg,jpeg,image/jpeg,picture",
                "a.bin,image/webp; q=1,image/webp,webp,image/webp,picture",
                "a.png,application/octet-stream,image/png,png,image/png,picture",
                "v.mp4,-,video/mp4,mp4,video/mp4,video",
                "-,-,video/mp4,mp4,video/mp4,video",
                "v.mov,-,video/quicktime,mov,video/quicktime,video",
                "s.mp3,-,audio/mpeg,mp3,audio/mpeg,audio",
                "s.wav,-,audio/wav,wav,audio/wav,audio"
            })
    void typeAndSuffix(String name, String declared, String content, String suffix, String type, String fileType) {
        byte[] bytes = MediaSamples.ofType(content);

        await(provider().upload(MediaInput.of(new MediaSource.Bytes(bytes, name, declared)), CallOptions.DEFAULT));

        LoggedRequest token = tokens().get(0);
        assertThat(token.queryParameter("fSuffix").firstValue()).isEqualTo(suffix);
        assertThat(token.queryParameter("fContentType").firstValue()).isEqualTo(type);
        assertThat(token.queryParameter("fType").firstValue()).isEqualTo(fileType);
        assertThat(puts().get(0).getHeader("Content-Type")).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 200})
    void acceptsBothSuccessCodes(int code) {
        stubToken(okJson(token("x.png").replace("\"code\":0", "\"code\":" + code)));

        assertThat(await(provider().upload(bytes(null), CallOptions.DEFAULT)))
                .hasToString("https://ima-ga.esxscloud.com/x.png");
    }

    // ---- several ----

    @Test
    void uploadsThreeAtATimeAndKeepsOrder() {
        List<String> suffixes = List.of("png", "jpg", "webp", "jpeg", "png", "jpg");
        for (String suffix : new TreeSet<>(suffixes)) {
            tokenFor(suffix, suffix);
            // The first ones are the slowest.
            IMA.stubFor(put(urlPathEqualTo("/bucket/" + suffix))
                    .willReturn(aResponse().withFixedDelay(suffix.equals("png") ? 400 : 100)));
        }
        Spy spy = new Spy();
        GenerationRequest request = GenerationRequest.builder()
                .operation(Operation.REFERENCE_IMAGE_TO_VIDEO)
                .model("ima-pro")
                .prompt(PROMPT)
                .input(url(PICTURE))
                .inputs(java.util.stream.Stream.concat(
                                java.util.stream.Stream.of(url(PICTURE)),
                                suffixes.stream().map(s -> bytes("a." + s)))
                        .toList())
                .build();

        JsonNode body = sent(provider(spy), request);

        List<String> urls = new java.util.ArrayList<>(List.of(PICTURE.toString()));
        suffixes.forEach(s -> urls.add("https://ima-ga.esxscloud.com/" + s));
        assertThat(MAPPER.convertValue(body.get("src_img_url"), List.class)).isEqualTo(urls);
        assertThat(body.at("/parameters/0/parameters/input_images")).isEqualTo(body.get("src_img_url"));
        assertThat(spy.most.get()).isBetween(2, 3);
        assertThat(puts()).hasSize(6);
    }

    @Test
    void startsNoUploadAfterFailureAndKeepsFinishedOnes() {
        tokenFor("png", "bad");
        tokenFor("jpg", "slow");
        IMA.stubFor(put(urlPathEqualTo("/bucket/bad")).willReturn(aResponse().withStatus(500)));
        IMA.stubFor(put(urlPathEqualTo("/bucket/slow")).willReturn(aResponse().withFixedDelay(400)));
        PlannedGeneration plan = await(provider()
                .plan(
                        request(Operation.REFERENCE_IMAGE_TO_VIDEO)
                                .inputs(List.of(
                                        bytes("1.png"), bytes("2.jpg"), bytes("3.jpg"), bytes("4.jpg"), bytes("5.jpg")))
                                .build(),
                        CallOptions.DEFAULT));

        assertThat(failure(plan::stage)).hasMessageContaining("uploading 1.png");
        // the server notes a request a moment after its response has left
        Awaitility.await().untilAsserted(() -> assertThat(putsTo("slow")).isEqualTo(2));

        IMA.stubFor(put(urlPathEqualTo("/bucket/bad")).willReturn(aResponse()));
        await(plan.stage());
        assertThat(putsTo("slow")).isEqualTo(4);
        assertThat(putsTo("bad")).isEqualTo(2);
    }

    @Test
    void doesNotRepeatFinishedUploads() {
        tokenFor("png", "one");
        tokenFor("jpg", "two");
        IMA.stubFor(put(urlPathEqualTo("/bucket/two")).willReturn(aResponse().withStatus(500)));
        GenerationRequest request = GenerationRequest.builder()
                .operation(Operation.FIRST_LAST_FRAME_TO_VIDEO)
                .prompt(PROMPT)
                .inputs(List.of(bytes("a.png"), bytes("b.jpg")))
                .build();
        GenerationProvider provider = provider();
        PlannedGeneration plan = await(provider.plan(request, CallOptions.DEFAULT));
        assertThat(IMA.findAll(getRequestedFor(urlPathEqualTo(TOKEN)))).isEmpty();

        GenvideoException e = failure(plan::stage);
        assertThat(e.getCategory()).isEqualTo(ErrorCategory.SERVICE_UNAVAILABLE);
        assertThat(e.isRetryable()).isTrue();
        assertThat(e).hasMessageContaining("uploading b.jpg").hasMessageContaining("HTTP 500");

        IMA.stubFor(put(urlPathEqualTo("/bucket/two")).willReturn(aResponse()));
        ReadyGeneration ready = await(plan.stage());
        assertThat(putsTo("one")).isEqualTo(1);
        assertThat(putsTo("two")).isEqualTo(2);

        stubCreate(okJson(envelope(6010, "other rule")));
        await(ready.submit());
        ReadyGeneration again = await(ready.refresh());
        stubCreate(okJson(CREATED));
        await(again.submit());
        assertThat(puts()).hasSize(3);
    }

    // ---- an uploader of the route's ----

    @Test
    void uploaderOfRouteReplacesOwnUpload() {
        List<MediaInput> given = new ArrayList<>();
        MediaUploader uploader = input -> {
            given.add(input);
            return CompletableFuture.completedStage(URI.create("https://bucket.example.com/" + given.size()));
        };
        CallOptions options = new CallOptions(null, uploader);
        stubCreate(okJson(CREATED));
        GenerationRequest request = request(Operation.FIRST_LAST_FRAME_TO_VIDEO)
                .inputs(List.of(url(PICTURE), bytes("b.jpg")))
                .build();

        await(ready(provider(), request, options).submit());
        URI uploaded = await(provider().upload(bytes("c.png"), options));

        assertThat(given).hasSize(2).first().isEqualTo(request.inputs().get(1));
        assertThat(uploaded).hasToString("https://bucket.example.com/2");
        assertThat(tokens()).isEmpty();
        assertThat(IMA.findAll(postRequestedFor(anyUrl())))
                .singleElement()
                .satisfies(call -> assertThat(call.getBodyAsString())
                        .contains("\"src_img_url\":[\"" + PICTURE + "\",\"https://bucket.example.com/1\"]"));
    }

    @Test
    void failsStageWhenUploaderFails() {
        CallOptions options = new CallOptions(null, input -> {
            throw new IllegalStateException("no bucket");
        });
        PlannedGeneration plan = await(provider()
                .plan(
                        request(Operation.IMAGE_TO_VIDEO)
                                .inputs(List.of(bytes("a.png")))
                                .build(),
                        options));

        assertThatThrownBy(() -> await(plan.stage()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no bucket");
    }

    // ---- what goes wrong ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200|{'code':401,'message':'bad key'}|AUTHENTICATION|apikey",
                "200|{'code':7,'message':'no such service'}|SERVICE_UNAVAILABLE|no such service",
                "200|{'code':429,'message':'slow'}|RATE_LIMITED|slow",
                "403|no|AUTHENTICATION|apikey",
                "429|no|RATE_LIMITED|HTTP 429",
                "404|no|SERVICE_UNAVAILABLE|HTTP 404",
                "500|no|SERVICE_UNAVAILABLE|HTTP 500",
                "302||SERVICE_UNAVAILABLE|HTTP 302",
                "200|garbage|SERVICE_UNAVAILABLE|",
                "200|{'code':0}|SERVICE_UNAVAILABLE|lacks",
                "200|{'code':0,'data':{'ful':'https://h/x'}}|SERVICE_UNAVAILABLE|lacks",
                "200|{'code':0,'data':{'fdl':'https://h/x'}}|SERVICE_UNAVAILABLE|lacks",
                "200|{'code':0,'data':{'ful':'file:///etc/passwd','fdl':'https://h/x'}}|SERVICE_UNAVAILABLE|lacks",
                "200|{'code':0,'data':{'ful':'https://h/x','fdl':'javascript:x'}}|SERVICE_UNAVAILABLE|lacks",
                "200|{'code':0,'data':{'ful':'https://','fdl':'https://h/x'}}|SERVICE_UNAVAILABLE|lacks"
            })
    void reportsMissingUploadAddress(int status, String body, ErrorCategory category, String text) {
        stubToken(json(status, body == null ? "" : body.replace('\'', '"')));

        GenvideoException e = failure(() -> provider().upload(bytes("a.png"), CallOptions.DEFAULT));

        assertThat(e.getCategory()).isEqualTo(category);
        assertThat(e.getMessage()).contains("uploading a.png").contains(text == null ? "" : text);
        assertThat(puts()).isEmpty();
    }

    /** The address for the bytes comes from the service, and may have been chosen by somebody who looks into this network. */
    @Test
    void uploadsOnlyToPublicOrOwnAddresses() {
        WireMockServer internal =
                new WireMockServer(WireMockConfiguration.wireMockConfig().dynamicPort());
        internal.start();
        try {
            internal.stubFor(any(anyUrl()).willReturn(aResponse()));
            stubToken(okJson(token("x.png").replace(IMA.baseUrl(), internal.baseUrl())));

            GenvideoException e = failure(() -> provider().upload(bytes("a.png"), CallOptions.DEFAULT));

            assertThat(e.getCategory()).isEqualTo(ErrorCategory.SERVICE_UNAVAILABLE);
            assertThat(e.isRetryable()).isFalse();
            assertThat(e).hasMessageContaining("uploading a.png").hasMessageNotContaining("presigned-secret");
            assertThat(internal.getAllServeEvents()).isEmpty();
        } finally {
            internal.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://169.254.169.254/latest,https://cdn.example.com/x.png,169.254.169.254",
        "https://bucket.example.com/x,http://10.0.0.7/x.png,10.0.0.7",
        "http://2130706433/x,https://cdn.example.com/x.png,2130706433",
        "https://nas.local/x,https://cdn.example.com/x.png,nas.local"
    })
    void rejectsPrivateUploadAddressesOfRemoteService(String put, String get, String host) {
        ImaRequests remote =
                new ImaRequests(context(KEY, "https://api.imastudio.com", IMA.baseUrl() + "/ima-upload", "en")
                        .account());
        ImaUploader uploader = new ImaUploader(remote, new ServiceCalls(HTTP, ImaErrors.ERRORS), clock, new Random(42));
        stubToken(okJson("{\"code\":0,\"data\":{\"ful\":\"" + put + "\",\"fdl\":\"" + get + "\"}}"));

        GenvideoException e =
                failure(() -> uploader.upload(Medium.of(bytes("a.png"), ImaErrors.ERRORS), CallOptions.DEFAULT));

        assertThat(e).hasMessageContaining("private network").hasMessageContaining(host);
        assertThat(e.isRetryable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "400,SERVICE_UNAVAILABLE,true",
        "403,SERVICE_UNAVAILABLE,true",
        "413,INVALID_REQUEST,false",
        "500,SERVICE_UNAVAILABLE,true",
        "301,SERVICE_UNAVAILABLE,true"
    })
    void reportsRejectedUpload(int status, ErrorCategory category, boolean retryable) {
        stubPut(aResponse().withStatus(status));

        GenvideoException e = failure(() -> provider().upload(bytes("a.png"), CallOptions.DEFAULT));

        assertThat(e.getCategory()).isEqualTo(category);
        assertThat(e.isRetryable()).isEqualTo(retryable);
        assertThat(e)
                .hasMessageContaining("HTTP " + status + " from http://localhost:" + IMA.getPort())
                .hasMessageNotContaining("presigned")
                .hasMessageNotContaining("bucket");
    }

    @Test
    void reportsBrokenConnection() {
        stubToken(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
        assertThat(failure(() -> provider().upload(bytes("a.png"), CallOptions.DEFAULT))
                        .isRetryable())
                .isTrue();

        stubToken(okJson(token("x.png")));
        stubPut(aResponse().withFault(Fault.EMPTY_RESPONSE));
        assertThat(failure(() -> provider().upload(bytes("a.png"), CallOptions.DEFAULT))
                        .getCategory())
                .isEqualTo(ErrorCategory.SERVICE_UNAVAILABLE);
    }

    @Test
    void rejectsUnusableFilesBeforeAnythingIsSent() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.png"));
        Path large = folder.resolve("large.png");
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(Medium.MAX_BYTES + 1);
        }

        refused(local(folder.resolve("missing.png")), "missing.png does not exist");
        refused(local(folder), "does not exist or cannot be read");
        refused(local(empty), "empty.png is empty");
        refused(local(large), "large.png has 104857601 bytes", "at most 104857600");
        refused(MediaInput.of(new MediaSource.Bytes(new byte[0], null, null)), "0 bytes is empty");
        assertThat(IMA.findAll(anyRequestedFor(anyUrl()))).isEmpty();
    }

    @Test
    void reportsFileThatVanishedBeforeItsUpload() throws Exception {
        Path file = Files.write(folder.resolve("a.png"), PNG);
        PlannedGeneration plan = await(provider()
                .plan(
                        request(Operation.IMAGE_TO_VIDEO)
                                .inputs(List.of(local(file)))
                                .build(),
                        CallOptions.DEFAULT));
        Files.delete(file);

        assertThat(failure(plan::stage)).hasMessageContaining("a.png does not exist");
    }

    @Test
    void returnsPublicUrlUnchanged() {
        assertThat(await(provider().upload(url(PICTURE), CallOptions.DEFAULT))).isEqualTo(PICTURE);
        assertThat(IMA.findAll(anyRequestedFor(anyUrl()))).isEmpty();
    }

    private void refused(MediaInput input, String... texts) {
        GenerationRequest request =
                request(Operation.IMAGE_TO_VIDEO).inputs(List.of(input)).build();
        GenvideoException e = failure(() -> provider().plan(request, CallOptions.DEFAULT));
        assertThat(e.getCategory()).isEqualTo(ErrorCategory.INVALID_REQUEST);
        assertThat(e.getMessage()).contains(texts).doesNotContain(folder.toString());
        assertThat(failure(() -> provider().upload(input, CallOptions.DEFAULT)).getMessage())
                .contains(texts);
    }

    private static void tokenFor(String suffix, String name) {
        IMA.stubFor(get(urlPathEqualTo(TOKEN))
                .withQueryParam("fSuffix", equalTo(suffix))
                .willReturn(okJson(token(name))));
    }

    private static MediaInput local(Path path) {
        return MediaInput.of(new MediaSource.Local(path, null));
    }

    private static List<LoggedRequest> tokens() {
        return IMA.findAll(getRequestedFor(urlPathEqualTo(TOKEN)));
    }

    private static long putsTo(String name) {
        return puts().stream()
                .filter(p -> p.getUrl().contains("/bucket/" + name))
                .count();
    }

    private static List<String> ours(LoggedRequest request) {
        List<String> client = Arrays.asList("host", "user-agent", "content-length", "connection", "accept-encoding");
        return request.getAllHeaderKeys().stream()
                .map(h -> h.toLowerCase(Locale.ROOT))
                .filter(h -> !client.contains(h))
                .toList();
    }

    private GenerationProvider provider(HttpGateway http) {
        ProviderContext usual = context(KEY, base(), IMA.baseUrl() + "/ima-upload", "en");
        return new ImaProviderFactory()
                .create(new ProviderContext(usual.account(), http, usual.clock(), usual.random()));
    }

    /** Sees the calls, and how many of them are under way at once. */
    private static final class Spy implements HttpGateway {
        final ConcurrentLinkedQueue<HttpCall> calls = new ConcurrentLinkedQueue<>();
        final AtomicInteger now = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();

        @Override
        public CompletableFuture<GatewayResponse> read(HttpCall call) {
            calls.add(call);
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            // Counted down before anyone can start the next call.
            return HTTP.read(call).whenComplete((answer, failure) -> now.decrementAndGet());
        }

        @Override
        public CompletableFuture<GatewayResponse> once(HttpCall call) {
            return HTTP.once(call);
        }

        @Override
        public CompletableFuture<GatewayResponse> send(HttpCall call) {
            return HTTP.send(call);
        }

        @Override
        public CompletableFuture<StreamResponse> stream(HttpCall call, SseListener listener, Duration idle) {
            return HTTP.stream(call, listener, idle);
        }

        @Override
        public CompletableFuture<WebSocketConnection> webSocket(WebSocketCall call, WebSocketListener listener) {
            return HTTP.webSocket(call, listener);
        }

        @Override
        public CompletableFuture<Downloaded> download(Download download) {
            return HTTP.download(download);
        }

        @Override
        public HttpGateway limitedTo(CallRate rate) {
            return this;
        }

        @Override
        public void close() {}
    }
}
