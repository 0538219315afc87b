/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

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
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * The body of the paid call (docs/contracts/skillsvideo.md section 2): a JSON object, or, if a medium is no URL, a form that
 * carries its bytes under the
 * field's own name, with arrays as a repeated name.
 */
record RequestBody(SchemaRequest request) {

    /** @param fileBytes how much of it is files */
    record Written(HttpBody content, long fileBytes) {}

    /** Fails with an {@code INVALID_REQUEST} error if a file has gone meanwhile. */
    RequestBody refreshed() {
        return new RequestBody(request.refreshed(SkillsvideoErrors.ERRORS));
    }

    Written written(RandomGenerator random) {
        List<Medium> files = request.files();
        return files.isEmpty()
                ? new Written(HttpBody.json(Json.write(json())), 0)
                : new Written(
                        MultipartBody.of(form(), random),
                        files.stream().mapToLong(Medium::size).sum());
    }

    private ObjectNode json() {
        ObjectNode body = Json.NODES.objectNode();
        request.fields().forEach(body::set);
        request.media().forEach((field, list) -> {
            if (field.isArray()) {
                ArrayNode urls = body.putArray(field.name());
                list.forEach(m -> urls.add(urlOf(m).toString()));
            } else {
                body.put(field.name(), urlOf(list.get(0)).toString());
            }
        });
        return body;
    }

    private static URI urlOf(Medium medium) {
        return Objects.requireNonNull(medium.url());
    }

    private List<MultipartBody.Part> form() {
        List<MultipartBody.Part> parts = new ArrayList<>();
        request.fields().forEach((name, value) -> Json.elementsOrSelf(value).forEach(v -> parts.add(text(name, v))));
        request.media()
                .forEach((field, list) -> list.forEach(m -> {
                    URI url = m.url();
                    parts.add(
                            url == null
                                    ? MultipartBody.Part.file(field.name(), fileName(field, m), m.body())
                                    : MultipartBody.Part.text(field.name(), url.toString()));
                }));
        return parts;
    }

    /** A name with the extension of the medium's type. Not its own name: that may tell more than is meant for the service. */
    private static String fileName(SchemaField field, Medium medium) {
        return field.name() + "." + Objects.requireNonNullElse(MimeTypes.extensionFor(medium.mimeType()), "bin");
    }

    private static MultipartBody.Part text(String name, JsonNode value) {
        return MultipartBody.Part.text(name, value.isContainerNode() ? Json.write(value) : value.asText());
    }
}
