/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package com.example.northlight;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.provider.support.ApiKey;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceAddress;
import io.genvideo.spi.AccountSettings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Every call that leaves for Northlight: nothing else knows an address, and the key is nowhere else. */
final class NorthlightRequests {
    static final String BASE_URL = "https://api.northlight.example";

    private final ApiKey key;
    private final ServiceAddress address;

    NorthlightRequests(AccountSettings account) {
        key = new ApiKey(account.apiKey(), "NORTHLIGHT_API_KEY", NorthlightErrors.KEYS, NorthlightErrors.ERRORS);
        address = ServiceAddress.of(account.baseUrl(), BASE_URL, NorthlightErrors.ERRORS);
    }

    String key() {
        return key.value();
    }

    ServiceAddress address() {
        return address;
    }

    HttpCall create(JsonNode body) {
        return HttpCall.post("Northlight create", address.resolve("/v1/jobs"), HttpBody.json(Json.write(body)))
                .header("Authorization", "Bearer " + key());
    }

    HttpCall job(String id) {
        String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        return HttpCall.get("Northlight job", address.resolve("/v1/jobs/" + encoded))
                .header("Authorization", "Bearer " + key());
    }
}
