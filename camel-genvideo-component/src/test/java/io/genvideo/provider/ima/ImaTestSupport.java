/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.common.ConsoleNotifier;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.HttpGatewaySettings;
import io.genvideo.http.apache.ApacheHttpGateway;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaRole;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.MediaSamples;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ReadyGeneration;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stand-in for the service on a real socket, and a provider that talks to it. */
abstract class ImaTestSupport {
    static final String KEY = "ima_0123456789abcdef0123456789abcdef";
    static final String PROMPT = "a red kite above a very secret harbour";
    static final ObjectMapper MAPPER = new ObjectMapper();
    static final URI PICTURE = URI.create("https://cdn.example.com/a.jpg");
    static final byte[] PNG = MediaSamples.ofType("image/png");

    /** The one place where the gateway is made. */
    static final HttpGateway HTTP = gateway();

    @RegisterExtension
    static final WireMockExtension IMA = WireMockExtension.newInstance()
            .options(WireMockConfiguration.wireMockConfig()
                    .dynamicPort()
                    .notifier(new ConsoleNotifier(false))
                    .containerThreads(12))
            .build();

    private static HttpGateway gateway() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "test-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return new ApacheHttpGateway(HttpGatewaySettings.builder(timer, new Random(42))
                .requestTimeout(Duration.ofSeconds(2))
                .build());
    }

    final MovableClock clock = new MovableClock();

    @AfterAll
    static void forgetRequests() {
        IMA.resetAll();
    }

    // ---- provider ----

    String base() {
        return IMA.baseUrl() + "/ima";
    }

    ProviderContext context(String key, String base, String upload, String language) {
        return new ProviderContext(
                AccountSettings.builder("ima", "ima")
                        .apiKey(key)
                        .baseUrl(base)
                        .uploadUrl(upload)
                        .language(language)
                        .build(),
                HTTP,
                clock,
                new Random(42));
    }

    GenerationProvider provider() {
        return new ImaProviderFactory().create(context(KEY, base(), IMA.baseUrl() + "/ima-upload/", "en"));
    }

    // ---- stubs ----

    static String resource(String name) {
        try (InputStream in = ImaTestSupport.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String list(Operation taskType) {
        return resource("ima_products_" + taskType.path() + ".tree.json");
    }

    static void stubLists() {
        ImaCatalogue.TASK_TYPES.forEach(t -> stubList(t, okJson(list(t))));
    }

    static void stubList(Operation taskType, ResponseDefinitionBuilder answer) {
        IMA.stubFor(get(urlPathEqualTo("/ima/open/v1/product/list"))
                .withQueryParam("category", equalTo(taskType.path()))
                .willReturn(answer));
    }

    static void stubCreate(ResponseDefinitionBuilder answer) {
        IMA.stubFor(post(urlPathEqualTo("/ima/open/v1/tasks/create")).willReturn(answer));
    }

    static void stubDetail(ResponseDefinitionBuilder answer) {
        IMA.stubFor(post(urlPathEqualTo("/ima/open/v1/tasks/detail")).willReturn(answer));
    }

    static void stubToken(ResponseDefinitionBuilder answer) {
        IMA.stubFor(
                get(urlPathEqualTo("/ima-upload/api/rest/oss/getuploadtoken")).willReturn(answer));
    }

    static void stubPut(ResponseDefinitionBuilder answer) {
        IMA.stubFor(put(urlPathMatching("/bucket/.*")).willReturn(answer));
    }

    static String token(String name) {
        return "{\"code\":0,\"message\":\"ok\",\"data\":{\"ful\":\"" + IMA.baseUrl() + "/bucket/" + name
                + "?Signature=presigned-secret\",\"fdl\":\"https://ima-ga.esxscloud.com/" + name + "\"}}";
    }

    static ResponseDefinitionBuilder okJson(String body) {
        return json(200, body);
    }

    static ResponseDefinitionBuilder json(int status, String body) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withBody(body);
    }

    static String envelope(int code, String message) {
        return MAPPER.createObjectNode()
                .put("code", code)
                .put("message", message)
                .putNull("data")
                .toString();
    }

    static final String CREATED =
            "{\"code\":0,\"data\":{\"id\":\"task_abc123\",\"biz_id\":\"biz_xxx\",\"task_type\":\"text_to_video\","
                    + "\"medias\":[],\"generate_count\":1,\"created_at\":1700000000000,\"timeout_at\":1700000300000}}";

    static List<LoggedRequest> puts() {
        return IMA.findAll(putRequestedFor(urlPathMatching("/bucket/.*")));
    }

    // ---- requests ----

    static GenerationRequest.Builder request(Operation taskType) {
        GenerationRequest.Builder request =
                GenerationRequest.builder().operation(taskType).prompt(PROMPT);
        switch (taskType) {
            case IMAGE_TO_VIDEO, REFERENCE_IMAGE_TO_VIDEO -> request.input(url(PICTURE));
            case FIRST_LAST_FRAME_TO_VIDEO ->
                request.input(url(PICTURE)).input(url(URI.create("https://cdn.example.com/b.png")));
            default -> {}
        }
        return request;
    }

    static MediaInput url(URI uri) {
        return MediaInput.of(new MediaSource.Url(uri));
    }

    static MediaInput url(MediaRole role, String uri) {
        return new MediaInput(role, new MediaSource.Url(URI.create(uri)));
    }

    static MediaInput bytes(String name) {
        return MediaInput.of(new MediaSource.Bytes(MediaSamples.named(name), name, null));
    }

    /** Portable options by name, as a URI gives them. */
    static GenerationOptions options(Map<String, Object> said) {
        return new GenerationOptions(
                said.get("duration") == null ? null : ((Number) said.get("duration")).doubleValue(),
                (String) said.get("resolution"),
                (String) said.get("aspectRatio"),
                (String) said.get("negativePrompt"),
                said.get("seed") == null ? null : ((Number) said.get("seed")).longValue(),
                (Integer) said.get("count"),
                (Boolean) said.get("audio"));
    }

    // ---- calls ----

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException r ? r : e;
        }
    }

    static GenvideoException failure(Supplier<? extends CompletionStage<?>> call) {
        try {
            Object result = await(call.get());
            throw new AssertionError("no failure but " + result);
        } catch (GenvideoException e) {
            return e;
        }
    }

    static ReadyGeneration ready(GenerationProvider provider, GenerationRequest request) {
        PlannedGeneration plan = await(provider.plan(request, CallOptions.DEFAULT));
        return await(plan.stage());
    }

    /** The body that a request would be sent with, from the wire. */
    JsonNode sent(GenerationRequest request) {
        return sent(provider(), request);
    }

    JsonNode sent(GenerationProvider provider, GenerationRequest request) {
        stubCreate(okJson(CREATED));
        await(ready(provider, request).submit());
        try {
            List<LoggedRequest> sent = IMA.findAll(com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor(
                    urlPathEqualTo("/ima/open/v1/tasks/create")));
            return MAPPER.readTree(sent.get(sent.size() - 1).getBody());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode inner(GenerationRequest request) {
        return sent(request).at("/parameters/0/parameters");
    }

    /** A clock that stands until it is moved. */
    static final class MovableClock implements InstantSource {
        private volatile Instant now = Instant.ofEpochSecond(1_772_042_430);

        @Override
        public Instant instant() {
            return now;
        }

        void forward(Duration by) {
            now = now.plus(by);
        }
    }
}
