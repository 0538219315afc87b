/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.InputUrls;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.media.MediaFormat;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.media.RenderRequest.Picture;
import io.undertow.server.handlers.form.FormData;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Takes the files of a session, as a form or as URLs (docs/contracts/nemo.md section 7). */
final class UploadEndpoint {
    static final String ROUTE = "upload";

    private static final String FIELD = "files";
    private static final int MAX_FILES = 20;
    private static final long MAX_BYTES = 20L << 20;
    private static final int MAX_BODY = 1 << 20;

    private final Ledger ledger;
    private final MediaStore media;
    private final InputUrls inputUrls;
    private final Responses responses;
    private final Sessions sessions;

    UploadEndpoint(Ledger ledger, MediaStore media, InputUrls inputUrls, Responses responses, Sessions sessions) {
        this.ledger = ledger;
        this.media = media;
        this.inputUrls = inputUrls;
        this.responses = responses;
        this.sessions = sessions;
    }

    /** A file that is accepted. */
    private record Accepted(ObjectNode info, Picture picture, Optional<String> path) {}

    /** Why an upload is refused. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;
        private final boolean violation;

        RefusedException(int code, boolean violation, String what) {
            super(what);
            this.code = code;
            this.violation = violation;
        }
    }

    private static RefusedException invalid(String what) {
        return new RefusedException(Responses.INVALID, true, what);
    }

    Answer upload(Request request, Tokens.Owner owner, String sessionId) throws IOException {
        Optional<Session> session = sessions.find(sessionId, owner.account());
        if (session.isEmpty()) {
            return sessions.unknown(sessionId, ROUTE);
        }
        try {
            List<Accepted> files = Access.isJson(request) ? urls(request) : form(request);
            files.forEach(f -> session.get().addFile(f.info(), f.picture(), f.path()));
            ObjectNode data = Json.MAPPER.createObjectNode();
            data.putArray("files").addAll(files.stream().map(Accepted::info).toList());
            return Responses.success(data.put("session_state_applied", true));
        } catch (RefusedException e) {
            String what = String.valueOf(e.getMessage());
            if (e.violation) {
                ledger.violation(NemoService.NAME, ROUTE, what);
            }
            return responses.error(e.code, e.code == Responses.INVALID ? what : "");
        }
    }

    private List<Accepted> urls(Request request) throws IOException, RefusedException {
        byte[] body = request.body(MAX_BODY);
        JsonNode json = Json.parse(body == null ? new byte[0] : body);
        JsonNode urls = json.path("urls");
        boolean valid = json.size() == 2
                && json.path("source_type").asText().equals("url")
                && urls.isArray()
                && !urls.isEmpty()
                && urls.size() <= MAX_FILES;
        if (!valid) {
            throw invalid("the body must be {\"urls\":[\"https://...\"],\"source_type\":\"url\"} with 1 to " + MAX_FILES
                    + " URLs");
        }
        List<Accepted> files = new ArrayList<>();
        for (JsonNode url : urls) {
            files.add(url(request, url.isTextual() ? url.asText() : ""));
        }
        return files;
    }

    private Accepted url(Request request, String url) throws RefusedException {
        Optional<String> complaint = inputUrls.complaint(url, request::ownPath);
        if (complaint.isPresent()) {
            throw invalid("a URL " + complaint.get());
        }
        String name = url.replaceAll("[?#].*", "").replaceAll(".*/", "");
        FileType type = FileType.of(name).orElse(null);
        if (type == null) {
            throw new RefusedException(Responses.FILE_TYPE, false, "a URL of another type");
        }
        Optional<String> path = request.ownPath(url);
        Picture picture = media.picture(url, path);
        return new Accepted(type.info(name, url, picture), picture, path);
    }

    private List<Accepted> form(Request request) throws IOException, RefusedException {
        String type = String.valueOf(request.header("Content-Type"));
        if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            throw invalid("Content-Type must be multipart/form-data or application/json, not " + type);
        }
        Map<String, List<FormData.FormValue>> parts;
        try {
            parts = request.parts();
        } catch (IOException e) {
            throw invalid("the multipart body cannot be read: " + e.getMessage());
        }
        List<FormData.FormValue> files = parts.getOrDefault(FIELD, List.of());
        if (parts.size() != 1 || files.isEmpty() || files.size() > MAX_FILES) {
            throw invalid("the form must have the field " + FIELD + " only, with 1 to " + MAX_FILES + " files; it has "
                    + parts.keySet());
        }
        List<Accepted> accepted = new ArrayList<>();
        for (FormData.FormValue part : files) {
            if (!part.isFileItem()) {
                throw invalid(FIELD + " holds a text instead of a file");
            }
            check(part);
        }
        for (FormData.FormValue part : files) {
            accepted.add(keep(request, part));
        }
        return accepted;
    }

    private static String name(FormData.FormValue part) {
        return Request.fileName(part);
    }

    private static void check(FormData.FormValue part) throws IOException, RefusedException {
        Optional<FileType> type = FileType.of(name(part));
        if (type.isEmpty()) {
            throw new RefusedException(Responses.FILE_TYPE, false, "a file of another type");
        }
        long size = part.getFileItem().getFileSize();
        if (size == 0) {
            throw invalid("a file is empty");
        }
        if (size > MAX_BYTES) {
            throw new RefusedException(Responses.FILE_SIZE, false, "a file of more than 20 MB");
        }
        byte[] head;
        try (InputStream in = part.getFileItem().getInputStream()) {
            head = in.readNBytes(MediaFormat.HEAD_BYTES);
        }
        String content = MediaFormat.contentType(head).orElse("no picture, video or audio");
        if (!type.get().covers(content)) {
            throw new RefusedException(
                    Responses.FILE_TYPE,
                    true,
                    "a file is " + content + " by its content, not "
                            + type.get().kind());
        }
    }

    private Accepted keep(Request request, FormData.FormValue part) throws IOException {
        String name = name(part);
        FileType type = FileType.of(name).orElseThrow();
        String path = "/media/in/nemo/" + UUID.randomUUID() + "." + type.ending();
        MediaStore.Media stored;
        try (InputStream in = part.getFileItem().getInputStream()) {
            stored = media.uploadAny(NemoService.NAME, path, type.contentType(), in);
        }
        part.getFileItem().delete();
        Picture picture = new Picture(stored.file(), name, stored.hash());
        return new Accepted(type.info(name, request.origin() + path, picture), picture, Optional.of(path));
    }
}
