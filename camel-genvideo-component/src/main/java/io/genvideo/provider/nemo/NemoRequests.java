/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.http.MultipartBody;
import io.genvideo.model.MimeTypes;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceAddress;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.SettingSpec;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Every call that leaves for NemoVideo, with its address, headers and body (docs/contracts/nemo.md sections 3 to 8). Nothing else
 * in this package knows a URL.
 */
final class NemoRequests {
    static final String DEFAULT_BASE_URL = "https://mega-api-prod.nemovideo.ai";

    /** The service's only agent, in addresses and bodies. */
    static final String AGENT = "nemo_agent";

    private static final String DEFAULT_SOURCE = "camel-genvideo";
    private static final String DEFAULT_PLATFORM = "unknown";

    /** A draft has everything that is in a video. */
    private static final int MAX_STATE_BYTES = 8 << 20;

    /** The three headers that name the caller; without one of them an export is refused. */
    static final List<SettingSpec> ATTRIBUTION = List.of(
            new SettingSpec(
                    "skillSource",
                    "Value of the header X-Skill-Source, the name of the calling application.",
                    DEFAULT_SOURCE),
            new SettingSpec(
                    "skillVersion",
                    "Value of the header X-Skill-Version, the version of the calling application; default the version of"
                            + " this component.",
                    null),
            new SettingSpec(
                    "skillPlatform",
                    "Value of the header X-Skill-Platform: clawhub, cursor or unknown.",
                    DEFAULT_PLATFORM));

    private final ServiceAddress address;
    private final String language;
    private final Map<String, String> attribution;

    NemoRequests(AccountSettings account) {
        address = ServiceAddress.of(account.baseUrl(), DEFAULT_BASE_URL, NemoErrors.ERRORS);
        language = account.language();
        attribution = new LinkedHashMap<>();
        attribution.put("X-Skill-Source", header(account, "skillSource", DEFAULT_SOURCE));
        attribution.put("X-Skill-Version", header(account, "skillVersion", version()));
        attribution.put("X-Skill-Platform", header(account, "skillPlatform", DEFAULT_PLATFORM));
    }

    private static String version() {
        return Objects.requireNonNullElse(NemoRequests.class.getPackage().getImplementationVersion(), "development");
    }

    private static String header(AccountSettings account, String setting, String usual) {
        String value =
                Objects.requireNonNullElse(account.setting(setting), usual).trim();
        if (!value.matches("[!-~][ -~]{0,99}")) {
            throw NemoErrors.ERRORS.invalid("settings[" + setting
                    + "] cannot be sent as a header; allowed: 1 to 100 printable ASCII characters");
        }
        return value;
    }

    ServiceAddress address() {
        return address;
    }

    /** The only call without a token. */
    HttpCall anonymousToken(String clientId) {
        return attributed(bodyless("NemoVideo anonymous token", "/api/auth/anonymous-token"))
                .header("X-Client-Id", clientId);
    }

    HttpCall session(AccessToken token) {
        ObjectNode body = Json.NODES.objectNode().put("task_name", "project").put("language", language);
        return authorised(post("NemoVideo session", "/api/tasks/me/with-session/" + AGENT, body), token);
    }

    /** The paid call. */
    HttpCall chat(String session, String text, AccessToken token) {
        ObjectNode body = Json.NODES
                .objectNode()
                .put("app_name", AGENT)
                .put("user_id", "me")
                .put("session_id", session);
        body.putObject("new_message").putArray("parts").addObject().put("text", text);
        return authorised(post("NemoVideo message", "/run_sse", body), token).header("Accept", "text/event-stream");
    }

    HttpCall upload(String session, Medium medium, RandomGenerator random, AccessToken token) {
        String name = "input." + Objects.requireNonNullElse(MimeTypes.extensionFor(medium.mimeType()), "bin");
        MultipartBody form = MultipartBody.of(List.of(MultipartBody.Part.file("files", name, medium.body())), random);
        return authorised(HttpCall.post("NemoVideo upload", uploadAddress(session), form), token)
                .timeout(ServiceCalls.timeoutForFiles(medium.size()));
    }

    HttpCall upload(String session, URI url, AccessToken token) {
        ObjectNode body = Json.NODES.objectNode();
        body.putArray("urls").add(url.toString());
        body.put("source_type", "url");
        return authorised(
                HttpCall.post("NemoVideo upload", uploadAddress(session), HttpBody.json(Json.write(body))), token);
    }

    private URI uploadAddress(String session) {
        return address.resolve("/api/upload-video/" + AGENT + "/me/" + session);
    }

    HttpCall state(String session, AccessToken token) {
        return authorised(
                        HttpCall.get(
                                "NemoVideo state",
                                address.resolve("/api/state/" + AGENT + "/me/" + session + "/latest")),
                        token)
                .maxResponseBytes(MAX_STATE_BYTES);
    }

    HttpCall credits(AccessToken token) {
        return authorised(HttpCall.get("NemoVideo credits", address.resolve("/api/credits/balance/simple")), token);
    }

    /**
     * Exports a draft.
     *
     * @param draft the bytes that the service has sent, because a reader and a writer could change a number
     */
    HttpCall render(String id, String session, byte[] draft, AccessToken token) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(draft.length + 256);
        ObjectNode head = Json.NODES.objectNode().put("id", id).put("sessionId", session);
        String before = Json.write(head);
        body.writeBytes(bytes(before.substring(0, before.length() - 1) + ",\"draft\":"));
        body.writeBytes(draft);
        body.writeBytes(bytes(",\"output\":{\"format\":\"mp4\",\"quality\":\"high\"}}"));
        HttpBody json = new HttpBody.Bytes(body.toByteArray(), "application/json");
        return authorised(HttpCall.post("NemoVideo render", address.resolve("/api/render/proxy/lambda"), json), token);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    HttpCall renderStatus(String id, AccessToken token) {
        return authorised(
                HttpCall.get("NemoVideo render status", address.resolve("/api/render/proxy/lambda/" + id)), token);
    }

    HttpCall cancelRender(String id, AccessToken token) {
        return authorised(bodyless("NemoVideo render cancel", "/api/render/proxy/lambda/" + id + "/cancel"), token);
    }

    private HttpCall post(String label, String path, ObjectNode body) {
        return HttpCall.post(label, address.resolve(path), HttpBody.json(Json.write(body)));
    }

    private HttpCall bodyless(String label, String path) {
        @Nullable HttpBody none = null;
        return new HttpCall(
                label,
                "POST",
                address.resolve(path),
                List.of(),
                null,
                none,
                null,
                HttpCall.DEFAULT_MAX_RESPONSE_BYTES,
                null);
    }

    private HttpCall authorised(HttpCall call, AccessToken token) {
        return attributed(call).header("Authorization", "Bearer " + token.value());
    }

    private HttpCall attributed(HttpCall call) {
        HttpCall result = call;
        for (Map.Entry<String, String> header : attribution.entrySet()) {
            result = result.header(header.getKey(), header.getValue());
        }
        return result;
    }
}
