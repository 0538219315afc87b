/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.http.AddressGuard;
import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.ApiKey;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceAddress;
import io.genvideo.provider.support.Values;
import io.genvideo.spi.AccountSettings;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every call that leaves for IMA Studio, with its address, headers and body (docs/contracts/ima.md sections 1, 2, 4, 6 and 7).
 * Nothing else in this package knows a URL.
 */
final class ImaRequests {
    static final String DEFAULT_BASE_URL = "https://api.imastudio.com";
    static final String DEFAULT_UPLOAD_URL = "https://imapi.liveme.com";

    /** Lists are some 90 KB today; this is room to grow, not an expectation. */
    private static final int MAX_LIST_BYTES = 8 << 20;

    private final ApiKey key;
    private final String language;
    private final ServiceAddress address;
    private final String uploadBase;
    private final URI create;
    private final URI detail;
    private volatile @Nullable List<Map.Entry<String, String>> headers;

    ImaRequests(AccountSettings account) {
        key = new ApiKey(account.apiKey(), "IMA_API_KEY", ImaErrors.KEY_PAGE, ImaErrors.ERRORS);
        language = account.language().startsWith("zh") ? "zh" : "en";
        uploadBase = ServiceAddress.normal(account.uploadUrl(), DEFAULT_UPLOAD_URL);
        address = ServiceAddress.of(account.baseUrl(), DEFAULT_BASE_URL, ImaErrors.ERRORS)
                .andOrigin("uploadUrl", uploadBase, ImaErrors.ERRORS);
        create = address.resolve("/open/v1/tasks/create");
        detail = address.resolve("/open/v1/tasks/detail");
    }

    /** The account's API key; fails as {@link ApiKey#value}. */
    String key() {
        return key.value();
    }

    ServiceAddress address() {
        return address;
    }

    HttpCall productList(Operation taskType) {
        String query = "?app=ima&platform=web&category=" + taskType.path();
        // The service wants a content type on requests without content, too (docs/contracts/ima.md section 1).
        return open(HttpCall.get("IMA models", address.resolve("/open/v1/product/list" + query))
                        .header("Content-Type", "application/json"))
                .maxResponseBytes(MAX_LIST_BYTES);
    }

    HttpCall create(String body) {
        return open(HttpCall.post("IMA create", create, HttpBody.json(body)));
    }

    /** The body of the paid call (docs/contracts/ima.md section 6): these fields and no others. */
    static String createBody(
            Operation taskType,
            ImaLeaf leaf,
            CreditRule rule,
            ResolvedParameters parameters,
            String prompt,
            List<URI> images) {
        ObjectNode inner = Json.NODES.objectNode();
        parameters.sent().forEach(inner::set);
        inner.put("prompt", prompt);
        inner.put("n", parameters.count());
        inner.set("input_images", urls(images));
        ObjectNode cast = inner.putObject("cast");
        points(cast, "points", rule);
        cast.put("attribute_id", rule.attributeId());

        ObjectNode body = Json.NODES.objectNode();
        body.put("task_type", taskType.path());
        body.put("enable_multi_model", false);
        body.set("src_img_url", urls(images));
        ObjectNode request = body.putArray("parameters").addObject();
        request.put("attribute_id", rule.attributeId());
        request.put("model_id", leaf.modelId());
        request.put("model_name", leaf.name());
        request.put("model_version", leaf.id());
        request.put("app", "ima");
        request.put("platform", "web");
        request.put("category", taskType.path());
        // The price of one result, also if n is more: the service multiplies (docs/contracts/ima.md section 3.4).
        points(request, "credit", rule);
        request.set("parameters", inner);
        return Json.write(body);
    }

    private static void points(ObjectNode node, String field, CreditRule rule) {
        node.set(field, Values.numberNode(rule.points(), null));
    }

    private static ArrayNode urls(List<URI> images) {
        ArrayNode array = Json.NODES.arrayNode();
        images.forEach(image -> array.add(image.toString()));
        return array;
    }

    /** May take minutes (docs/contracts/ima.md section 5); the engine gives a request five before its create call. */
    HttpCall verifyAsset(URI medium) {
        String body = Json.write(Json.NODES.objectNode().put("url", medium.toString()));
        return open(HttpCall.post("IMA asset check", address.resolve("/open/v1/assets/verify"), HttpBody.json(body)))
                .timeout(Duration.ofMinutes(4));
    }

    /** @param taskId {@code data.id} of the create answer; {@code biz_id} does not work here (docs/contracts/ima.md section 6) */
    HttpCall detail(String taskId) {
        String body = Json.write(Json.NODES.objectNode().put("task_id", taskId));
        return open(HttpCall.post("IMA task", detail, HttpBody.json(body)));
    }

    /** @param query the eleven parameters, of which two are the API key: never show this address */
    HttpCall uploadToken(Map<String, String> query) {
        String encoded = query.entrySet().stream()
                .map(p -> p.getKey() + "=" + URLEncoder.encode(p.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return HttpCall.get("IMA upload token", URI.create(uploadBase + "/api/rest/oss/getuploadtoken?" + encoded));
    }

    /**
     * Without any header of ours: the address is the credential. The service names it, so that it must be public or the
     * account's own: a user's file is not put into somebody's internal network.
     *
     * @param size in bytes. The service's clients give a transfer 60 s whatever its size; here each 256 KiB gets a second
     *     more, so that a slow line can carry the largest file
     */
    HttpCall putMedium(URI presigned, HttpBody content, long size) {
        return HttpCall.put("IMA upload", presigned, content)
                .guard(AddressGuard.publicOr(address::owns))
                .timeout(Duration.ofSeconds(60 + size / (256 << 10)));
    }

    private HttpCall open(HttpCall call) {
        List<Map.Entry<String, String>> open = headers;
        if (open == null) {
            // at the first call, because a missing key fails calls and not the start
            open = List.of(
                    Map.entry("Authorization", "Bearer " + key()),
                    Map.entry("x-app-source", "ima_skills"),
                    Map.entry("x_app_language", language));
            headers = open;
        }
        return call.headers(open);
    }
}
