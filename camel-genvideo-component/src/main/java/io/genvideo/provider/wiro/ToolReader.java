/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.MediaKind;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.provider.support.schema.SchemaField;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a model's description as Tool/Detail and Tool/List give it (docs/contracts/wiro.md section 10). A type of parameter that
 * the contract does not know takes any value, so that nothing is refused for the description's sake.
 */
final class ToolReader {
    private static final Map<String, WiroModel.FileType> FILE_TYPES = Map.of(
            "fileinput", WiroModel.FileType.SINGLE,
            "multifileinput", WiroModel.FileType.SEVERAL,
            "combinefileinput", WiroModel.FileType.COMBINED);

    private static final Set<String> TEXTS = Set.of("text", "textarea", "string");
    private static final Set<String> NUMBERS = Set.of("range", "number");

    /** A description with more parameters is none. */
    private static final int MAX_PARAMETERS = 500;

    private static final int MAX_NAME = 100;

    /** Of all parameters together: one that would need more takes any value. */
    private static final int MAX_OPTIONS = 2000;

    private static final int MAX_OPTION = 200;

    private final ServiceText text;

    /** @param text hides the account's credentials, should a description quote them: names and values stand in messages */
    ToolReader(ServiceText text) {
        this.text = text;
    }

    /** @param id as the user names it; {@code null} for the service's own spelling */
    WiroModel model(JsonNode tool, @Nullable String id) {
        List<SchemaField> fields = new ArrayList<>();
        AtomicInteger optionsLeft = new AtomicInteger(MAX_OPTIONS);
        Map<String, WiroModel.FileType> fileTypes = new HashMap<>();
        Json.elements(tool.get("parameters"))
                .flatMap(group -> Json.elements(group.get("items")))
                .limit(MAX_PARAMETERS)
                .forEach(item -> {
                    String name = Json.text(item.get("id"));
                    if (name != null && isShowable(name, MAX_NAME) && !name.equals("callbackUrl")) {
                        String type = item.path("type").asText().toLowerCase(Locale.ROOT);
                        WiroModel.FileType files = FILE_TYPES.get(type);
                        fields.add(field(name, type, files, item, optionsLeft));
                        if (files != null) {
                            fileTypes.put(name, files);
                        }
                    }
                });
        String slug = id == null ? text.shown(slug(tool)) : id;
        return new WiroModel(
                slug,
                kind(tool, slug),
                Objects.requireNonNullElse(shown(Json.text(tool.get("title"))), slug),
                shown(Json.text(tool.get("description"))),
                fields,
                fileTypes);
    }

    private @Nullable String shown(@Nullable String words) {
        return words == null ? null : text.shown(words);
    }

    /** Whether a message may show it as it is. */
    private boolean isShowable(String name, int most) {
        return name.length() <= most && text.shown(name).equals(name);
    }

    static String slug(JsonNode tool) {
        return tool.path("slugowner").asText() + "/" + tool.path("slugproject").asText();
    }

    private SchemaField field(
            String name, String type, WiroModel.@Nullable FileType files, JsonNode item, AtomicInteger optionsLeft) {
        boolean required = item.path("required").asBoolean();
        String note = Json.text(item.get("note"));
        String label = Json.text(item.get("label"));
        List<JsonNode> allowed = options(item, optionsLeft);
        boolean isNumber = NUMBERS.contains(type);
        // The default of a text is an example of the vendor's, for which nobody wants to pay
        JsonNode preset = isNumber || !allowed.isEmpty() ? preset(item.get("default")) : null;
        boolean isList = files == WiroModel.FileType.COMBINED || files == WiroModel.FileType.SEVERAL;
        return new SchemaField(
                name,
                files != null
                        ? isList ? "array" : "string"
                        : !allowed.isEmpty() || TEXTS.contains(type) ? "string" : isNumber ? "number" : "",
                isList ? SchemaField.text(name) : null,
                preset,
                allowed,
                isNumber ? number(item.get("min")) : null,
                isNumber ? number(item.get("max")) : null,
                required,
                files != null,
                shown(label == null ? note : label));
    }

    /** The values as text: that is what the service's own clients send for them (section 3). */
    private List<JsonNode> options(JsonNode item, AtomicInteger left) {
        List<JsonNode> options = Json.elements(item.get("options"))
                .map(o -> o.isObject() ? o.path("value") : o)
                .filter(v -> v.isValueNode() && !v.isNull())
                .map(v -> (JsonNode) Json.NODES.textNode(v.asText()))
                .limit(MAX_OPTIONS + 1L)
                .toList();
        boolean fits =
                options.size() <= left.get() && options.stream().allMatch(o -> isShowable(o.textValue(), MAX_OPTION));
        if (!fits) {
            return List.of();
        }
        left.addAndGet(-options.size());
        return options;
    }

    private static @Nullable JsonNode preset(@Nullable JsonNode given) {
        if (given == null || given.isBoolean()) {
            return given;
        }
        String text = Json.text(given);
        return text == null || text.length() > MAX_OPTION ? null : given;
    }

    private static @Nullable BigDecimal number(@Nullable JsonNode node) {
        return Json.decimal(node);
    }

    /** What a model makes, by its categories, else by its name; {@code null} if they say neither or both. */
    static @Nullable MediaKind kind(JsonNode tool, String slug) {
        MediaKind byCategory = made(Json.elements(tool.get("categories")).map(JsonNode::asText));
        return byCategory != null ? byCategory : made(Stream.of(slug));
    }

    private static @Nullable MediaKind made(Stream<String> words) {
        List<String> made = words.map(w -> w.toLowerCase(Locale.ROOT))
                .map(w -> w.contains("-to-") ? w.substring(w.lastIndexOf("-to-") + 4) : w)
                .toList();
        boolean video = made.stream().anyMatch(w -> w.contains("video"));
        boolean image = made.stream().anyMatch(w -> w.contains("image"));
        return video == image ? null : video ? MediaKind.VIDEO : MediaKind.IMAGE;
    }
}
