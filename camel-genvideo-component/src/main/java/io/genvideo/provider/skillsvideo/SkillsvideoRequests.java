/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.spi.AccountSettings;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Every call that leaves for skills.video, with its address and headers (contract 1 and 2). Nothing else in this package knows a URL. */
final class SkillsvideoRequests {
    static final String DEFAULT_BASE_URL = "https://open.skills.video/api/v1";

    /** The same in the notation of the service's documentation, whose paths begin with the version. */
    private static final String DOCUMENTED_BASE_URL = "https://open.skills.video/api";

    private final @Nullable String key;
    private final String base;
    private final Origin service;

    SkillsvideoRequests(AccountSettings account) {
        key = account.apiKey() == null || account.apiKey().isBlank()
                ? null
                : account.apiKey().trim();
        base = address(account.baseUrl());
        service = Origin.required("baseUrl", base);
    }

    /**
     * The account's API key. Fails with an {@code AUTHENTICATION} error that says where to get one. Whether a key is valid
     * is for the service to say; refused here is only what no header can carry, because the HTTP client would quote it.
     */
    String key() {
        if (key == null) {
            throw noKey("no API key: set option apiKey or the environment variable SKILLS_VIDEO_API_KEY; get one at ");
        }
        if (!key.matches("[\\x21-\\x7E]+")) {
            throw noKey("the API key holds spaces or characters that are not ASCII; copy it again from ");
        }
        return key;
    }

    private static GenvideoException noKey(String message) {
        return GenerationError.of(
                        ErrorCategory.AUTHENTICATION,
                        SkillsvideoProviderFactory.NAME,
                        message + SkillsvideoErrors.KEY_PAGE)
                .toException();
    }

    boolean ownsOrigin(URI uri) {
        return service.equals(Origin.of(uri));
    }

    /** Whether the service can fetch from this origin: not if it is out on the internet and the origin is not. */
    boolean canFetch(URI uri) {
        Origin origin = Origin.of(uri);
        return origin != null && (!service.isPublic() || origin.isPublic() || origin.equals(service));
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

    /**
     * The files of a form travel within the create call. Each 256 KiB gets a second more than a call without any, so that a
     * slow line can carry the largest: a create that is cut off half-way is uncertain.
     */
    private HttpCall paid(String path, RequestBody.Written body) {
        HttpBody content = body.content();
        HttpCall call = authorised(HttpCall.post("skills.video create", URI.create(base + path), content));
        return body.fileBytes() == 0 ? call : call.timeout(Duration.ofSeconds(60 + body.fileBytes() / (256 << 10)));
    }

    private HttpCall read(String label, String path) {
        return authorised(HttpCall.get(label, URI.create(base + path))).header("Accept", "application/json");
    }

    private HttpCall authorised(HttpCall call) {
        return call.header("Authorization", "Bearer " + key());
    }

    private static String address(@Nullable String given) {
        String base = given == null || given.isBlank()
                ? DEFAULT_BASE_URL
                : given.trim().replaceAll("/+$", "");
        return base.equals(DOCUMENTED_BASE_URL) ? DEFAULT_BASE_URL : base;
    }
}
