/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.media.MediaStore;
import io.undertow.server.handlers.form.FormData;
import io.undertow.util.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A multipart body as the equivalent JSON (docs/contracts/skillsvideo.md section 2): text takes the type of its field, a
 * list is a repeated name, and a file becomes a medium of this sandbox.
 */
final class Form {
    private static final Set<String> NUMBERS = Set.of("n", "duration", "seconds", "seed");

    private final Model model;
    private final MediaStore media;
    private final CreateCheck check;
    private boolean refusedFile;

    Form(Model model, MediaStore media, CreateCheck check) {
        this.model = model;
        this.media = media;
        this.check = check;
    }

    /** Reads the body; adds what is wrong with it to the check. Missing if a file was refused. */
    JsonNode read(Request request) throws IOException {
        ObjectNode body = Json.MAPPER.createObjectNode();
        for (Map.Entry<String, List<FormData.FormValue>> e : request.parts().entrySet()) {
            String name = e.getKey();
            ArrayNode values = Json.MAPPER.createArrayNode();
            for (FormData.FormValue part : e.getValue()) {
                values.add(part.isFileItem() ? file(request, name, part) : text(name, part.getValue()));
            }
            if (model.isList(name)) {
                body.set(name, values);
            } else {
                body.set(name, values.get(0));
                if (values.size() > 1) {
                    check.bad(name + " was sent " + values.size() + " times, but takes one value");
                }
            }
        }
        return refusedFile ? Json.MAPPER.missingNode() : body;
    }

    private JsonNode text(String name, String text) {
        String type = model.field(name).path("type").asText();
        boolean number = model.schema() == null ? NUMBERS.contains(name) : type.equals("integer");
        boolean flag = model.schema() == null || type.equals("boolean");
        if (number && text.matches("-?\\d{1,18}")) {
            return new LongNode(Long.parseLong(text));
        } else if (flag && (text.equals("true") || text.equals("false"))) {
            return BooleanNode.valueOf(text.equals("true"));
        }
        return new TextNode(text);
    }

    private JsonNode file(Request request, String name, FormData.FormValue part) throws IOException {
        int before = check.problems().size();
        String type = part.getHeaders() == null ? null : part.getHeaders().getFirst(Headers.CONTENT_TYPE);
        if (!model.isMedia(name)) {
            check.bad("field " + name + " takes no file");
        } else if (type == null || !type.startsWith(Model.kind(name) + "/")) {
            check.bad("the file in " + name + " must come with a Content-Type of " + Model.kind(name) + "/..., not "
                    + type);
        }
        String ending = Request.fileName(part).replaceAll(".*\\.", "");
        String path =
                "/media/in/skillsvideo/" + UUID.randomUUID() + (ending.matches("[0-9A-Za-z]{1,8}") ? "." + ending : "");
        try (InputStream in = part.getFileItem().getInputStream()) {
            if (check.problems().size() == before) {
                media.upload(SkillsvideoService.NAME, path, String.valueOf(type), in);
            }
        } catch (MediaStore.NotMediaException e) {
            check.bad(name + ": " + e.getMessage());
        }
        refusedFile |= check.problems().size() > before;
        // Otherwise it would lie there twice as long as a stream is open.
        part.getFileItem().delete();
        return new TextNode(request.origin() + path);
    }
}
