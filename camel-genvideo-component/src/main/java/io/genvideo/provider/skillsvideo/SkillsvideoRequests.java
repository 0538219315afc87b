/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.provider.support.ApiKey;
import io.genvideo.provider.support.ServiceAddress;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.spi.AccountSettings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Every call that leaves for skills.video, with its address and headers (docs/contracts/skillsvideo.md sections 1 and 2). Nothing
 * else in this package knows a URL.
 */
final class SkillsvideoRequests {
    static final String DEFAULT_BASE_URL = "https://open.skills.video/api/v1";

    /** The same in the notation of the service's documentation, whose paths begin with the version. */
    private static final String DOCUMENTED_BASE_URL = "https://open.skills.video/api";

    private final ApiKey key;
    private final ServiceAddress address;

    SkillsvideoRequests(AccountSettings account) {
        key = new ApiKey(
                account.apiKey(), "SKILLS_VIDEO_API_KEY", SkillsvideoErrors.KEY_PAGE, SkillsvideoErrors.ERRORS);
        String base = ServiceAddress.normal(account.baseUrl(), DEFAULT_BASE_URL);
        address = ServiceAddress.of(
                base.equals(DOCUMENTED_BASE_URL) ? DEFAULT_BASE_URL : base, DEFAULT_BASE_URL, SkillsvideoErrors.ERRORS);
    }

    /** The account's API key; fails as {@link ApiKey#value}. */
    String key() {
        return key.value();
    }

    ServiceAddress address() {
        return address;
    }

    /** The create call that is answered at once. */
    HttpCall create(String model, RequestBody.Written body) {
        return paid("/generation/" + model, body).header("Accept", "application/json");
    }

    /** The create call that is answered by a stream. */
    HttpCall createStream(String model, RequestBody.Written body) {
        return paid("/generation/sse/" + model, body).header("Accept", "text/event-stream");
    }

    HttpCall generation(String taskId) {
        String encoded = URLEncoder.encode(taskId, StandardCharsets.UTF_8).replace("+", "%20");
        return read("skills.video task", "/generation/" + encoded);
    }

    HttpCall credits() {
        return read("skills.video credits", "/credits");
    }

    /** The files of a form travel within the create call. */
    private HttpCall paid(String path, RequestBody.Written body) {
        HttpBody content = body.content();
        return authorised(HttpCall.post("skills.video create", address.resolve(path), content))
                .timeout(ServiceCalls.timeoutForFiles(body.fileBytes()));
    }

    private HttpCall read(String label, String path) {
        return authorised(HttpCall.get(label, address.resolve(path))).header("Accept", "application/json");
    }

    private HttpCall authorised(HttpCall call) {
        return call.header("Authorization", "Bearer " + key());
    }
}
