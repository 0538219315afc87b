/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.http.MultipartBody;
import io.genvideo.http.WebSocketCall;
import io.genvideo.model.MimeTypes;
import io.genvideo.provider.support.ApiKey;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceAddress;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.AccountSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every call that leaves for Wiro, with its address and headers (docs/contracts/wiro.md sections 1 to 6). Nothing else in this
 * package knows a URL.
 */
final class WiroRequests {
    static final String DEFAULT_BASE_URL = "https://api.wiro.ai/v1";

    /** The setting for the address of the service's WebSocket. */
    static final String SOCKET_URL = "socketUrl";

    static final String DEFAULT_SOCKET_URL = "wss://socket.wiro.ai/v1";

    /** How many rows of a list one call reads. */
    static final int PAGE = 100;

    /** A tool's description comes with examples and price tables. */
    private static final int MAX_CATALOGUE_BYTES = 16 << 20;

    /** The service pings nobody that the contract knows of, and a video model may be silent for minutes. */
    private static final Duration SOCKET_IDLE = Duration.ofMinutes(5);

    private final ApiKey key;
    private final @Nullable String secret;
    private final @Nullable RequestSignature signature;
    private final ServiceAddress address;
    private final @Nullable URI socket;

    WiroRequests(AccountSettings account, InstantSource clock) {
        key = new ApiKey(account.apiKey(), "WIRO_API_KEY", WiroErrors.KEY_PAGE, WiroErrors.ERRORS);
        String given = account.secretKey();
        secret = given == null || given.isBlank() ? null : given.trim();
        signature = secret == null ? null : new RequestSignature(secret, clock);
        address = ServiceAddress.of(account.baseUrl(), DEFAULT_BASE_URL, WiroErrors.ERRORS);
        String socketUrl = account.setting(SOCKET_URL);
        // The usual socket knows nothing of the tasks of another server
        boolean isUsual =
                ServiceAddress.normal(account.baseUrl(), DEFAULT_BASE_URL).equals(DEFAULT_BASE_URL);
        socket = socketAddress(socketUrl != null || !isUsual ? socketUrl : DEFAULT_SOCKET_URL);
    }

    private static @Nullable URI socketAddress(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            URI uri = new URI(text.trim());
            if (uri.getHost() != null && List.of("ws", "wss").contains(uri.getScheme())) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // its text may hold a credential and stays unsaid
        }
        throw WiroErrors.ERRORS.invalid(SOCKET_URL + " is not a ws or wss address");
    }

    /** Hides the account's credentials. */
    ServiceText text() {
        return ServiceText.hiding(key.value(), secret);
    }

    /** Fails as {@link ApiKey#value}. */
    void checkKey() {
        key.value();
    }

    ServiceAddress address() {
        return address;
    }

    /** The paid call. Its files travel in it. */
    HttpCall run(WiroModel model, RequestBody.Written body) {
        String path = Arrays.stream(model.id().split("/", -1))
                .map(WiroRequests::encoded)
                .collect(Collectors.joining("/", "/Run/", ""));
        return signed(HttpCall.post("Wiro run", address.resolve(path), body.content()))
                .timeout(ServiceCalls.timeoutForFiles(body.fileBytes()));
    }

    HttpCall detail(String taskId) {
        return post("Wiro task", "/Task/Detail", object("taskid", taskId));
    }

    /** The newest tasks of the account. */
    HttpCall newestTasks() {
        ObjectNode body = object("type", "model")
                .put("sort", "id")
                .put("order", "DESC")
                .put("start", "0")
                .put("limit", String.valueOf(PAGE));
        return post("Wiro tasks", "/Task/List", body).maxResponseBytes(MAX_CATALOGUE_BYTES);
    }

    HttpCall cancel(String taskId) {
        return post("Wiro cancel", "/Task/Cancel", object("taskid", taskId));
    }

    HttpCall kill(String taskId) {
        return post("Wiro kill", "/Task/Kill", object("taskid", taskId));
    }

    HttpCall tool(String owner, String project) {
        return post("Wiro model", "/Tool/Detail", object("slugowner", owner).put("slugproject", project))
                .maxResponseBytes(MAX_CATALOGUE_BYTES);
    }

    HttpCall tools(int start) {
        ObjectNode body = object("start", String.valueOf(start))
                .put("limit", String.valueOf(PAGE))
                .put("search", "")
                .put("sort", "id")
                .put("order", "DESC")
                .put("hideworkflows", true)
                .put("summary", true);
        body.putArray("categories");
        return post("Wiro models", "/Tool/List", body).maxResponseBytes(MAX_CATALOGUE_BYTES);
    }

    HttpCall upload(Medium medium, RandomGenerator random) {
        String name = "input." + Objects.requireNonNullElse(MimeTypes.extensionFor(medium.mimeType()), "bin");
        MultipartBody form = MultipartBody.of(List.of(MultipartBody.Part.file("file", name, medium.body())), random);
        return signed(HttpCall.post("Wiro upload", address.resolve("/File/Upload"), form))
                .timeout(ServiceCalls.timeoutForFiles(medium.size()));
    }

    /** @throws io.genvideo.model.InvalidGenerationRequestException if no address is known */
    WebSocketCall socket() {
        if (socket == null) {
            throw WiroErrors.ERRORS.invalid(SOCKET_URL + " is not set");
        }
        return WebSocketCall.to("Wiro task socket", socket).idle(SOCKET_IDLE);
    }

    private static ObjectNode object(String name, String value) {
        return Json.NODES.objectNode().put(name, value);
    }

    private HttpCall post(String label, String path, ObjectNode body) {
        return signed(HttpCall.post(label, address.resolve(path), HttpBody.json(Json.write(body))));
    }

    /** A nonce is for one attempt, not for one call: a read that is repeated gets another. */
    private HttpCall signed(HttpCall call) {
        String apiKey = key.value();
        HttpCall authorised = call.header("Accept", "application/json").header("x-api-key", apiKey);
        RequestSignature signing = signature;
        return signing == null ? authorised : authorised.attemptHeaders(() -> signing.headers(apiKey));
    }

    /** One segment of a path: slugs hold spaces and dots (docs/contracts/wiro.md section 4). */
    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
