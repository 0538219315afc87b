/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Operation;
import io.genvideo.spi.AccountSettings;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every call that leaves for IMA Studio, with its address and headers (contract 1, 2, 4, 6, 7). Nothing else in this
 * package knows a URL.
 */
final class ImaRequests {
    static final String DEFAULT_BASE_URL = "https://api.imastudio.com";
    static final String DEFAULT_UPLOAD_URL = "https://imapi.liveme.com";

    /** Lists are some 90 KB today; this is room to grow, not an expectation. */
    private static final int MAX_LIST_BYTES = 8 << 20;

    private final @Nullable String key;
    private final String language;
    private final String base;
    private final String uploadBase;
    private final Set<Origin> origins;
    private final boolean remote;

    ImaRequests(AccountSettings account) {
        key = account.apiKey() == null || account.apiKey().isBlank()
                ? null
                : account.apiKey().trim();
        language = account.language().startsWith("zh") ? "zh" : "en";
        base = address(account.baseUrl(), DEFAULT_BASE_URL);
        uploadBase = address(account.uploadUrl(), DEFAULT_UPLOAD_URL);
        Origin service = Origin.required("baseUrl", base);
        origins = Stream.of(service, Origin.required("uploadUrl", uploadBase)).collect(Collectors.toUnmodifiableSet());
        remote = service.isPublic();
    }

    /**
     * The account's API key. Fails with an {@code AUTHENTICATION} error that says where to get one. Whether a key is valid
     * is for the service to say; refused here is only what no header can carry, because the HTTP client would quote it.
     */
    String key() {
        if (key == null) {
            throw noKey("no API key: set option apiKey or the environment variable IMA_API_KEY; get one at ");
        }
        if (!key.matches("[\\x21-\\x7E]+")) {
            throw noKey("the API key holds spaces or characters that are not ASCII; copy it again from ");
        }
        return key;
    }

    private static GenvideoException noKey(String message) {
        return GenerationError.of(ErrorCategory.AUTHENTICATION, ImaProviderFactory.NAME, message + ImaErrors.KEY_PAGE)
                .toException();
    }

    boolean ownsOrigin(URI uri) {
        Origin origin = Origin.of(uri);
        return origin != null && origins.contains(origin);
    }

    /** Whether the service can fetch from this origin: not if it is out on the internet and the origin is not. */
    boolean canFetch(URI uri) {
        Origin origin = Origin.of(uri);
        return origin != null && (!remote || origin.isPublic() || origins.contains(origin));
    }

    HttpCall productList(Operation taskType) {
        String query = "?app=ima&platform=web&category=" + taskType.path();
        // The service wants a content type on requests without content, too (contract 1).
        return open(HttpCall.get("IMA models", URI.create(base + "/open/v1/product/list" + query))
                        .header("Content-Type", "application/json"))
                .maxResponseBytes(MAX_LIST_BYTES);
    }

    HttpCall create(String body) {
        return open(HttpCall.post("IMA create", URI.create(base + "/open/v1/tasks/create"), HttpBody.json(body)));
    }

    /** @param taskId {@code data.id} of the create answer; {@code biz_id} does not work here (contract 6) */
    HttpCall detail(String taskId) {
        String body = Json.write(Json.NODES.objectNode().put("task_id", taskId));
        return open(HttpCall.post("IMA task", URI.create(base + "/open/v1/tasks/detail"), HttpBody.json(body)));
    }

    /** @param query the eleven parameters, of which two are the API key: never show this address */
    HttpCall uploadToken(Map<String, String> query) {
        String encoded = query.entrySet().stream()
                .map(p -> p.getKey() + "=" + URLEncoder.encode(p.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return HttpCall.get("IMA upload token", URI.create(uploadBase + "/api/rest/oss/getuploadtoken?" + encoded));
    }

    /**
     * Without any header of ours: the address is the credential.
     *
     * @param size in bytes. The service's clients give a transfer 60 s whatever its size; here each 256 KiB gets a second
     *     more, so that a slow line can carry the largest file
     */
    static HttpCall putMedium(URI presigned, HttpBody content, long size) {
        return HttpCall.put("IMA upload", presigned, content).timeout(Duration.ofSeconds(60 + size / (256 << 10)));
    }

    private HttpCall open(HttpCall call) {
        return call.header("Authorization", "Bearer " + key())
                .header("x-app-source", "ima_skills")
                .header("x_app_language", language);
    }

    private static String address(@Nullable String given, String usual) {
        return given == null || given.isBlank() ? usual : given.trim().replaceAll("/+$", "");
    }
}
