/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.common.ConsoleNotifier;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.genvideo.conformance.ProviderCalls;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.HttpGatewaySettings;
import io.genvideo.http.apache.QuickGateways;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaRole;
import io.genvideo.model.MediaSource;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the tests of every provider share: a stand-in for the service on a real socket, a gateway, and calls that are waited for.
 */
public abstract class ProviderTestSupport {
    protected static final String PROMPT = "a red kite above a very secret harbour";
    protected static final ObjectMapper MAPPER = new ObjectMapper();
    protected static final byte[] PNG = MediaSamples.ofType("image/png");

    /** For calls that are meant to run into it. */
    protected static final CallOptions IMPATIENT = CallOptions.timeout(Duration.ofMillis(500));

    /** The one place where the gateway is made. */
    protected static final HttpGateway HTTP = gateway();

    @RegisterExtension
    protected static final WireMockExtension SERVICE = WireMockExtension.newInstance()
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
        return QuickGateways.of(HttpGatewaySettings.builder(timer, new Random(42))
                .requestTimeout(Duration.ofSeconds(15))
                .build());
    }

    @AfterAll
    static void forgetRequests() {
        SERVICE.resetAll();
    }

    // ---- answers ----

    /** A file beside the class of a test. */
    protected static String resource(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    protected static ResponseDefinitionBuilder json(int status, String body) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withBody(body);
    }

    protected static ResponseDefinitionBuilder okJson(String body) {
        return json(200, body);
    }

    // ---- inputs ----

    protected static MediaInput url(URI uri) {
        return MediaInput.of(new MediaSource.Url(uri));
    }

    protected static MediaInput url(String uri) {
        return url(null, uri);
    }

    protected static MediaInput url(MediaRole role, String uri) {
        return new MediaInput(role, new MediaSource.Url(URI.create(uri)));
    }

    /** Bytes that are what their name tells. */
    protected static MediaInput bytes(String name) {
        return MediaInput.of(new MediaSource.Bytes(MediaSamples.named(name), name, null));
    }

    // ---- calls ----

    protected static <T> T await(CompletionStage<T> stage) {
        return ProviderCalls.await(stage);
    }

    protected static GenvideoException failure(Supplier<? extends CompletionStage<?>> call) {
        return ProviderCalls.failure(call);
    }

    /** The message with which a request is refused before anything is sent. */
    protected static String refusal(GenerationProvider provider, GenerationRequest request) {
        GenvideoException e = failure(() -> provider.plan(request, CallOptions.DEFAULT));
        Assertions.assertThat(e.getCategory()).isEqualTo(ErrorCategory.INVALID_REQUEST);
        Assertions.assertThat(e.getMessage()).doesNotContain(PROMPT);
        return e.getError().message();
    }

    protected static ReadyGeneration ready(GenerationProvider provider, GenerationRequest request) {
        return ready(provider, request, CallOptions.DEFAULT);
    }

    protected static ReadyGeneration ready(
            GenerationProvider provider, GenerationRequest request, CallOptions options) {
        return ProviderCalls.ready(provider, request, options);
    }

    /** The error of an outcome that is no acceptance. */
    protected static GenerationError error(SubmitOutcome outcome) {
        return ProviderCalls.error(outcome);
    }

    /** A clock that stands until it is moved. */
    public static final class MovableClock implements InstantSource {
        private volatile Instant now = Instant.ofEpochSecond(1_772_042_430);

        @Override
        public Instant instant() {
            return now;
        }

        public void forward(Duration by) {
            now = now.plus(by);
        }
    }
}
