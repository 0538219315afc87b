/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.ProviderTestSupport;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.ProviderContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A stand-in for the service on a real socket, and a provider that talks to it. */
abstract class ImaTestSupport extends ProviderTestSupport {
    static final String KEY = "ima_0123456789abcdef0123456789abcdef";
    static final URI PICTURE = URI.create("https://cdn.example.com/a.jpg");

    static final WireMockExtension IMA = SERVICE;

    final MovableClock clock = new MovableClock();

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

    static String list(Operation taskType) {
        return resource(ImaTestSupport.class, "ima_products_" + taskType.path() + ".tree.json");
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

    /** @param status of the asset check */
    static void stubVerify(String status) {
        IMA.stubFor(post(urlPathEqualTo("/ima/open/v1/assets/verify"))
                .willReturn(okJson(
                        "{\"code\":0,\"data\":{\"result\":{\"id\":\"asset-1\",\"status\":\"" + status + "\"}}}")));
    }

    static void stubPut(ResponseDefinitionBuilder answer) {
        IMA.stubFor(put(urlPathMatching("/bucket/.*")).willReturn(answer));
    }

    static String token(String name) {
        return "{\"code\":0,\"message\":\"ok\",\"data\":{\"ful\":\"" + IMA.baseUrl() + "/bucket/" + name
                + "?Signature=presigned-secret\",\"fdl\":\"https://ima-ga.esxscloud.com/" + name + "\"}}";
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

    /** The body that a request would be sent with, from the wire. */
    JsonNode sent(GenerationRequest request) {
        return sent(provider(), request);
    }

    JsonNode sent(GenerationProvider provider, GenerationRequest request) {
        stubVerify("Active");
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
}
