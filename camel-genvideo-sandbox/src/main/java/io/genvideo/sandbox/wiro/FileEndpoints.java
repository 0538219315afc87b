/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.media.MediaStore;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/** {@code File/Upload} and {@code File/FolderCreate} (docs/contracts/wiro.md section 10). */
final class FileEndpoints {
    private static final Set<String> TYPES = Set.of(
            "jpg", "png", "gif", "jpeg", "webp", "heic", "mp4", "webm", "mov", "mp3", "wav", "m4a", "pdf", "csv",
            "docx", "xlsx", "pptx", "txt", "md", "epub", "zip");

    private final SandboxConfig config;
    private final Ledger ledger;
    private final MediaStore media;

    FileEndpoints(SandboxConfig config, Ledger ledger, MediaStore media) {
        this.config = config;
        this.ledger = ledger;
        this.media = media;
    }

    private Answer refuse(String answer, String what) {
        ledger.violation(WiroService.NAME, "upload", what);
        return Responses.error(0, answer);
    }

    Answer upload(Request request) throws IOException {
        String type = String.valueOf(request.header("Content-Type"));
        if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            return refuse(Responses.INVALID_PARAMETERS, "Content-Type must be multipart/form-data, not " + type);
        }
        Body body = new Body(media);
        if (body.read(request) == null) {
            return refuse(Responses.INVALID_PARAMETERS, body.problem());
        }
        List<Body.Upload> files =
                body.uploads().stream().filter(f -> f.field().equals("file")).toList();
        if (files.size() != 1) {
            return refuse("Request files [file] required", "there are " + files.size() + " files in the field file");
        }
        Body.Upload file = files.get(0);
        String ending = file.name().substring(file.name().lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (!TYPES.contains(ending)) {
            return refuse(Responses.INVALID_PARAMETERS, "a file name must end in one of the documented types");
        }
        if (file.size() == 0) {
            return refuse(Responses.INVALID_PARAMETERS, "the file is empty");
        }
        ObjectNode entry = entry(file.name(), file.contentType(), file.size());
        entry.put("url", request.origin() + file.path()).put("accesskey", Ledger.hash(file.path()));
        return listed(entry);
    }

    Answer folder(ObjectNode body) {
        String name = body.path("name").asText();
        if (name.isBlank()) {
            return refuse("Request parameter [name] required", "name is missing");
        }
        return listed(entry(name, "folder", 0));
    }

    private ObjectNode entry(String name, String contentType, long size) {
        ObjectNode entry = Json.MAPPER.createObjectNode();
        entry.put("id", UUID.randomUUID().toString().replace("-", ""));
        entry.put("name", name).put("contenttype", contentType);
        entry.put("size", Long.toString(size)).put("parentid", "0");
        return entry.put("addedtime", Long.toString(config.clock().instant().getEpochSecond()));
    }

    private static Answer listed(ObjectNode entry) {
        ObjectNode answer = Responses.success();
        answer.putArray("list").add(entry);
        return Responses.ok(answer);
    }
}
