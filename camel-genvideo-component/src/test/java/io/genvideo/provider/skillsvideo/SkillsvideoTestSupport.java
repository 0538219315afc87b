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
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.ProviderTestSupport;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.SubmitOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A stand-in for the service on a real socket, and a provider that talks to it. */
abstract class SkillsvideoTestSupport extends ProviderTestSupport {
    static final String KEY = "sv_0123456789abcdef0123456789abcdef";
    static final String VEO = "google/veo-3.1";
    static final String CREATED = "{\"id\":\"gen_123\",\"status\":\"IN_QUEUE\",\"input\":{\"prompt\":\"" + PROMPT
            + "\"},\"usage\":{\"total\":20,\"subscription\":20,\"permanent\":0}}";

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
        return provider(KEY, base(), resource(SkillsvideoTestSupport.class, "openapi.json"));
    }

    // ---- stubs ----

    static void stubCreate(ResponseDefinitionBuilder answer) {
        SERVICE.stubFor(post(anyUrl()).willReturn(answer));
    }

    static void stubGet(ResponseDefinitionBuilder answer) {
        SERVICE.stubFor(get(urlPathMatching("/api/v1/.*")).willReturn(answer));
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

    static String refusal(GenerationRequest request) {
        return refusal(provider(), request);
    }
}
