/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.http.HttpBody;
import io.genvideo.http.MultipartBody;
import io.genvideo.model.MimeTypes;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.schema.SchemaField;
import io.genvideo.provider.support.schema.SchemaRequest;
import io.genvideo.provider.wiro.WiroModel.FileType;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The body of Run (docs/contracts/wiro.md sections 3 and 4): a JSON object, or, if a medium is no URL, a form that streams its bytes
 * under the parameter's own name.
 *
 * @param callbackUrl where the service announces the task's end; {@code null} for nowhere
 */
record RequestBody(
        WiroModel model, SchemaRequest request, @Nullable String callbackUrl) {
    private static final String CALLBACK = "callbackUrl";

    /** @param fileBytes how much of it is files */
    record Written(HttpBody content, long fileBytes) {}

    /** Fails with an {@code INVALID_REQUEST} error if a file has gone meanwhile. */
    RequestBody refreshed() {
        return new RequestBody(model, request.refreshed(WiroErrors.ERRORS), callbackUrl);
    }

    /** The same with URLs in place of its files, in the order of {@link SchemaRequest#files}. */
    RequestBody uploaded(List<URI> urls) {
        return new RequestBody(model, request.withUrls(urls), callbackUrl);
    }

    Written written(RandomGenerator random) {
        List<Medium> files = request.files();
        return files.isEmpty()
                ? new Written(HttpBody.json(Json.write(json())), 0)
                : new Written(MultipartBody.of(form(), random), fileBytes());
    }

    /** How many bytes of files travel with the call. */
    long fileBytes() {
        return request.files().stream().mapToLong(Medium::size).sum();
    }

    /** Every parameter of the JSON form as text, except the callback: what the service repeats of the request. */
    Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        Json.fields(json()).forEach((name, value) -> {
            if (!name.equals(CALLBACK)) {
                values.put(name, valueOf(value));
            }
        });
        return values;
    }

    /** The text by which two spellings of one value are the same: a number and its text, a list and its only element. */
    static String valueOf(JsonNode value) {
        JsonNode single = value.isArray() && value.size() == 1 ? value.get(0) : value;
        return single.isContainerNode() ? Json.write(single) : single.asText();
    }

    private ObjectNode json() {
        ObjectNode body = Json.NODES.objectNode();
        request.fields().forEach(body::set);
        request.media().forEach((field, media) -> {
            List<String> urls = media.stream().map(RequestBody::url).toList();
            if (fileType(field) == FileType.COMBINED) {
                ArrayNode list = body.putArray(field.name());
                urls.forEach(list::add);
            } else {
                body.put(urlField(field), String.join(",", urls));
            }
        });
        if (callbackUrl != null) {
            body.put(CALLBACK, callbackUrl);
        }
        return body;
    }

    private List<MultipartBody.Part> form() {
        List<MultipartBody.Part> parts = new ArrayList<>();
        request.fields().forEach((name, value) -> Json.elementsOrSelf(value).forEach(v -> parts.add(text(name, v))));
        request.media().forEach((field, media) -> addMedia(parts, field, media));
        if (callbackUrl != null) {
            parts.add(MultipartBody.Part.text(CALLBACK, callbackUrl));
        }
        return parts;
    }

    private void addMedia(List<MultipartBody.Part> parts, SchemaField field, List<Medium> media) {
        List<Medium> files = media.stream().filter(m -> m.url() == null).toList();
        String urls = media.stream()
                .filter(m -> m.url() != null)
                .map(RequestBody::url)
                .collect(Collectors.joining(","));
        files.forEach(m -> parts.add(MultipartBody.Part.file(field.name(), fileName(field, m), m.body())));
        if (fileType(field) == FileType.COMBINED) {
            media.stream()
                    .filter(m -> m.url() != null)
                    .forEach(m -> parts.add(MultipartBody.Part.text(field.name(), url(m))));
        } else if (!urls.isEmpty()) {
            parts.add(MultipartBody.Part.text(urlField(field), urls));
        } else if (model.takes(field.name() + WiroModel.URL)) {
            // The service wants the other of the two names to be there, empty
            parts.add(MultipartBody.Part.text(field.name() + WiroModel.URL, ""));
        }
    }

    private FileType fileType(SchemaField field) {
        return model.fileTypes().getOrDefault(field.name(), FileType.SINGLE);
    }

    private String urlField(SchemaField field) {
        String companion = field.name() + WiroModel.URL;
        return field.file() && model.takes(companion) ? companion : field.name();
    }

    private static String url(Medium medium) {
        return Objects.requireNonNull(medium.url()).toString();
    }

    /** A name with the extension of the medium's type. Not its own name: that may tell more than is meant for the service. */
    private static String fileName(SchemaField field, Medium medium) {
        return field.name() + "." + Objects.requireNonNullElse(MimeTypes.extensionFor(medium.mimeType()), "bin");
    }

    private static MultipartBody.Part text(String name, JsonNode value) {
        return MultipartBody.Part.text(name, value.isContainerNode() ? Json.write(value) : value.asText());
    }

    /** Without the values: those are the user's. */
    @Override
    public String toString() {
        return "RequestBody[" + model.id() + "]";
    }
}
