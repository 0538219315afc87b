/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.media.MediaStore;
import io.undertow.server.handlers.form.FormData;
import io.undertow.util.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as JSON, in whichever of the content types of docs/contracts/wiro.md section 3 it was sent. Files become
 * media of this sandbox and are represented by their URLs.
 */
final class Body {
    private static final int MAX_BODY = 1 << 20;

    /**
     * A file that was sent.
     *
     * @param path where it is kept on this server
     */
    record Upload(String field, String name, String path, String contentType, long size) {}

    private final MediaStore media;
    private final List<Upload> uploads = new ArrayList<>();
    private String problem = "";
    private boolean urlEncoded;

    Body(MediaStore media) {
        this.media = media;
    }

    /** Why nothing was read. */
    String problem() {
        return problem;
    }

    List<Upload> uploads() {
        return uploads;
    }

    /** Whether it had a content type that the vendor does not document. */
    boolean isUrlEncoded() {
        return urlEncoded;
    }

    /** Returns the fields; null if the body is not readable, see {@link #problem}. */
    @Nullable
    ObjectNode read(Request request) throws IOException {
        String header = String.valueOf(request.header("Content-Type"));
        String type = header.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        switch (type) {
            case "application/json" -> {
                byte[] body = request.body(MAX_BODY);
                JsonNode json = Json.parse(body == null ? new byte[0] : body);
                if (json instanceof ObjectNode fields) {
                    return fields;
                }
                problem = "the body is not a JSON object of at most " + MAX_BODY + " bytes";
            }
            case "multipart/form-data" -> {
                return multipart(request, header);
            }
            case "application/x-www-form-urlencoded" -> {
                urlEncoded = true;
                return urlEncoded(request.body(MAX_BODY));
            }
            default -> problem = "Content-Type must be application/json or multipart/form-data, not " + type;
        }
        return null;
    }

    private @Nullable ObjectNode multipart(Request request, String header) throws IOException {
        if (!header.toLowerCase(Locale.ROOT).contains("boundary=")) {
            problem = "Content-Type is multipart/form-data without a boundary";
            return null;
        }
        ObjectNode fields = Json.MAPPER.createObjectNode();
        Map<String, List<FormData.FormValue>> parts;
        try {
            parts = request.parts();
        } catch (IOException e) {
            problem = "the multipart body cannot be read: " + e.getMessage();
            return null;
        }
        for (Map.Entry<String, List<FormData.FormValue>> e : parts.entrySet()) {
            List<String> values = new ArrayList<>();
            for (FormData.FormValue part : e.getValue()) {
                values.add(part.isFileItem() ? file(request, e.getKey(), part) : part.getValue());
            }
            put(fields, e.getKey(), values);
        }
        return fields;
    }

    private static void put(ObjectNode fields, String name, List<String> values) {
        if (values.size() == 1) {
            fields.put(name, values.get(0));
        } else {
            ArrayNode list = fields.putArray(name);
            values.forEach(list::add);
        }
    }

    private String file(Request request, String field, FormData.FormValue part) throws IOException {
        String declared = part.getHeaders() == null ? null : part.getHeaders().getFirst(Headers.CONTENT_TYPE);
        String type = declared == null ? "application/octet-stream" : declared;
        String name = Request.fileName(part);
        String ending = name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
        String path = "/media/in/wiro/" + UUID.randomUUID() + (ending.matches("[0-9A-Za-z]{1,8}") ? "." + ending : "");
        long size = part.getFileItem().getFileSize();
        try (InputStream in = part.getFileItem().getInputStream()) {
            media.uploadAny(WiroService.NAME, path, type, in);
        }
        part.getFileItem().delete();
        uploads.add(new Upload(field, name, path, type, size));
        return request.origin() + path;
    }

    private @Nullable ObjectNode urlEncoded(byte @Nullable [] body) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        String text = body == null ? "" : new String(body, StandardCharsets.UTF_8);
        try {
            for (String pair : text.split("&", -1)) {
                String[] parts = pair.split("=", 2);
                String value = parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
                values.computeIfAbsent(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), n -> new ArrayList<>())
                        .add(value);
            }
        } catch (IllegalArgumentException e) {
            problem = "the body is not URL-encoded";
            return null;
        }
        ObjectNode fields = Json.MAPPER.createObjectNode();
        values.forEach((name, all) -> put(fields, name, all));
        return fields;
    }
}
