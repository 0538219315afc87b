/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.PictureSamples;
import io.genvideo.provider.support.ProviderTestSupport;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.MediaUploader;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.SubmitOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A stand-in for the service on a real socket, and a provider that talks to it. */
abstract class MediaioTestSupport extends ProviderTestSupport {
    static final String KEY = "mio_0123456789abcdef0123456789abcdef";
    static final String PICTURE = "https://cdn.example.com/a.jpg";
    static final String VIDEO = "https://cdn.example.com/a.mp4";
    static final String CREATED =
            "{\"code\":0,\"msg\":\"\",\"data\":{\"task_id\":\"effect-3dbd\"},\"trace_id\":\"d63f\"}";

    // ---- provider ----

    static String base() {
        return SERVICE.baseUrl() + "/mediaio";
    }

    static GenerationProvider provider() {
        return provider(KEY, base());
    }

    static GenerationProvider provider(String key, String base) {
        return new MediaioProviderFactory()
                .create(new ProviderContext(
                        AccountSettings.builder("mediaio", "mediaio")
                                .apiKey(key)
                                .baseUrl(base)
                                .build(),
                        HTTP,
                        () -> Instant.EPOCH,
                        new Random(42)));
    }

    static CallOptions uploading(MediaUploader uploader) {
        return new CallOptions(null, uploader);
    }

    // ---- stubs ----

    static void stub(ResponseDefinitionBuilder answer) {
        SERVICE.stubFor(post(anyUrl()).willReturn(answer));
    }

    // ---- requests ----

    static GenerationRequest.Builder request(Operation operation, String model) {
        return GenerationRequest.builder().operation(operation).model(model).prompt(PROMPT);
    }

    /** A request to a model with the media that it needs, as URLs. */
    static GenerationRequest.Builder request(MediaioModel model) {
        GenerationRequest.Builder request = request(Operation.GENERATE, model.id());
        model.mediaFields().forEach(f -> request.input(url(f.name().equals("video") ? VIDEO : PICTURE)));
        return request;
    }

    static GenerationRequest.Builder imagen() {
        return request(Operation.TEXT_TO_IMAGE, "Imagen 4");
    }

    static GenerationRequest.Builder wan() {
        return request(Operation.TEXT_TO_VIDEO, "Wan 2.6");
    }

    static GenerationRequest.Builder kling() {
        return request(Operation.IMAGE_TO_VIDEO, "Kling 2.1");
    }

    static GenerationOptions options(Map<String, Object> given) {
        return new GenerationOptions(
                given.get("duration") == null ? null : ((Number) given.get("duration")).doubleValue(),
                (String) given.get("resolution"),
                (String) given.get("aspectRatio"),
                (String) given.get("negativePrompt"),
                given.get("seed") == null ? null : ((Number) given.get("seed")).longValue(),
                (Integer) given.get("count"),
                (Boolean) given.get("audio"));
    }

    static MediaInput picture(String name, int width, int height) {
        return MediaInput.of(new MediaSource.Bytes(
                PictureSamples.picture(io.genvideo.model.MimeTypes.ofName(name), width, height), name, null));
    }

    // ---- calls ----

    static SubmitOutcome submit(GenerationRequest request) {
        return await(ready(provider(), request).submit());
    }

    static String refusal(GenerationRequest request) {
        return refusal(provider(), request);
    }

    static LoggedRequest call(GenerationRequest request) {
        return call(request, CallOptions.DEFAULT);
    }

    static LoggedRequest call(GenerationRequest request, CallOptions options) {
        stub(okJson(CREATED));
        await(ready(provider(), request, options).submit());
        List<LoggedRequest> sent = SERVICE.findAll(postRequestedFor(anyUrl()));
        return sent.get(sent.size() - 1);
    }

    /** The fields that a request would be sent with, from the wire. */
    static JsonNode sent(GenerationRequest request) {
        return sent(request, CallOptions.DEFAULT);
    }

    static JsonNode sent(GenerationRequest request, CallOptions options) {
        try {
            return MAPPER.readTree(call(request, options).getBody()).path("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
