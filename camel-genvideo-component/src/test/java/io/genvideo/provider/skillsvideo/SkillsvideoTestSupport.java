/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
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
import io.genvideo.model.ErrorCategory;
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
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stand-in for the service on a real socket, and a provider that talks to it. */
abstract class SkillsvideoTestSupport {
    static final String KEY = "sv_0123456789abcdef0123456789abcdef";
    static final String PROMPT = "a red kite above a very secret harbour";
    static final String VEO = "google/veo-3.1";
    static final ObjectMapper MAPPER = new ObjectMapper();
    static final byte[] PNG = MediaSamples.ofType("image/png");
    static final String CREATED = "{\"id\":\"gen_123\",\"status\":\"IN_QUEUE\",\"input\":{\"prompt\":\"" + PROMPT
            + "\"},\"usage\":{\"total\":20,\"subscription\":20,\"permanent\":0}}";

    /** The one place where the gateway is made. */
    static final HttpGateway HTTP = gateway();

    @RegisterExtension
    static final WireMockExtension SERVICE = WireMockExtension.newInstance()
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

    @AfterAll
    static void forgetRequests() {
        SERVICE.resetAll();
    }

    // ---- provider ----

    static String base() {
        return SERVICE.baseUrl() + "/api/v1";
    }

    static GenerationProvider provider() {
        return provider(KEY, base(), null);
    }

    static GenerationProvider provider(String key, String base, String openApi) {
        return new SkillsvideoProviderFactory()
                .create(new ProviderContext(
                        AccountSettings.builder("skillsvideo", "skillsvideo")
                                .apiKey(key)
                                .baseUrl(base)
                                .settings(openApi == null ? Map.of() : Map.of("openApi", openApi))
                                .build(),
                        HTTP,
                        () -> Instant.EPOCH,
                        new Random(42)));
    }

    static GenerationProvider described() {
        return provider(KEY, base(), resource("openapi.json"));
    }

    static String resource(String name) {
        try (InputStream in = SkillsvideoTestSupport.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- stubs ----

    static void stubCreate(ResponseDefinitionBuilder answer) {
        SERVICE.stubFor(post(anyUrl()).willReturn(answer));
    }

    static void stubGet(ResponseDefinitionBuilder answer) {
        SERVICE.stubFor(get(urlPathMatching("/api/v1/.*")).willReturn(answer));
    }

    static ResponseDefinitionBuilder json(int status, String body) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withBody(body);
    }

    static ResponseDefinitionBuilder events(String... data) {
        StringBuilder stream = new StringBuilder();
        for (String event : data) {
            stream.append("data: ").append(event.replace('\'', '"')).append("\n\n");
        }
        return aResponse()
                .withHeader("Content-Type", "text/event-stream; charset=utf-8")
                .withBody(stream.toString());
    }

    // ---- requests ----

    static GenerationRequest.Builder request(Operation operation, String model) {
        return GenerationRequest.builder().operation(operation).model(model).prompt(PROMPT);
    }

    static GenerationRequest.Builder veo() {
        return request(Operation.TEXT_TO_VIDEO, VEO);
    }

    static MediaInput url(String uri) {
        return url(null, uri);
    }

    static MediaInput url(MediaRole role, String uri) {
        return new MediaInput(role, new MediaSource.Url(URI.create(uri)));
    }

    static GenerationOptions options(
            Double duration,
            String resolution,
            String aspectRatio,
            String negative,
            Long seed,
            Integer count,
            Boolean audio) {
        return new GenerationOptions(duration, resolution, aspectRatio, negative, seed, count, audio);
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    static ReadyGeneration ready(GenerationProvider provider, GenerationRequest request) {
        return await(await(provider.plan(request, CallOptions.DEFAULT)).stage());
    }

    static SubmitOutcome submit(GenerationRequest request) {
        return await(ready(provider(), request).submit());
    }

    static JsonNode sent(GenerationRequest request) {
        return sent(provider(), request);
    }

    /** The JSON body that a request would be sent with, from the wire. */
    static JsonNode sent(GenerationProvider provider, GenerationRequest request) {
        try {
            return MAPPER.readTree(call(provider, request).getBody());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static LoggedRequest call(GenerationProvider provider, GenerationRequest request) {
        stubCreate(json(200, CREATED));
        await(ready(provider, request).submit());
        List<LoggedRequest> sent = SERVICE.findAll(postRequestedFor(anyUrl()));
        return sent.get(sent.size() - 1);
    }

    static GenvideoException failure(Supplier<? extends CompletionStage<?>> call) {
        try {
            await(call.get());
        } catch (CompletionException e) {
            Assertions.assertThat(e.getCause()).isInstanceOf(GenvideoException.class);
            return (GenvideoException) e.getCause();
        }
        throw new AssertionError("did not fail");
    }

    /** The message with which a request is refused before anything is sent. */
    static String refusal(GenerationProvider provider, GenerationRequest request) {
        GenvideoException e = failure(() -> provider.plan(request, CallOptions.DEFAULT));
        Assertions.assertThat(e.getCategory()).isEqualTo(ErrorCategory.INVALID_REQUEST);
        Assertions.assertThat(e.getMessage()).doesNotContain(PROMPT);
        return e.getError().message();
    }

    static String refusal(GenerationRequest request) {
        return refusal(provider(), request);
    }
}
