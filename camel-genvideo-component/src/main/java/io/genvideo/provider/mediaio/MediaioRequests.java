/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.provider.support.ApiKey;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceAddress;
import io.genvideo.spi.AccountSettings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Every call that leaves for Media.io, with its address, headers and body (docs/contracts/mediaio.md sections 1 to 4). All of
 * them are POST. Nothing else in this package knows a URL.
 */
final class MediaioRequests {
    static final String DEFAULT_BASE_URL = "https://openapi.media.io";

    /** A call without fields has this body, not one with empty {@code data}. */
    private static final String NO_FIELDS = "{}";

    private final ApiKey key;
    private final ServiceAddress address;

    MediaioRequests(AccountSettings account) {
        key = new ApiKey(account.apiKey(), "MEDIAIO_API_KEY or API_KEY", MediaioErrors.SITE, MediaioErrors.ERRORS);
        address = ServiceAddress.of(account.baseUrl(), DEFAULT_BASE_URL, MediaioErrors.ERRORS);
    }

    /** The account's API key; fails as {@link ApiKey#value}. */
    String key() {
        return key.value();
    }

    ServiceAddress address() {
        return address;
    }

    /** @param body of {@link #createBody} */
    HttpCall create(MediaioModel model, String body) {
        return post("Media.io create", model.endpoint(), body);
    }

    /** The body of the paid call: the fields in the order of the model's definition. */
    static String createBody(MediaioModel model, Map<String, JsonNode> values) {
        ObjectNode body = Json.NODES.objectNode();
        ObjectNode data = body.putObject("data");
        model.fields().forEach(field -> {
            JsonNode value = values.get(field.name());
            if (value != null) {
                data.set(field.name(), value);
            }
        });
        return Json.write(body);
    }

    HttpCall result(String taskId) {
        String encoded = URLEncoder.encode(taskId, StandardCharsets.UTF_8).replace("+", "%20");
        return post("Media.io task", "/generation/result/" + encoded, NO_FIELDS);
    }

    HttpCall credits() {
        return post("Media.io credits", "/user/credits", NO_FIELDS);
    }

    private HttpCall post(String label, String path, String body) {
        return HttpCall.post(label, address.resolve(path), HttpBody.json(body)).header("X-API-KEY", key());
    }
}
