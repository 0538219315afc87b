/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.schema.SchemaField;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the properties of a JSON schema as OpenAPI 3.0 and 3.1 write it: references within the document, {@code allOf},
 * nullable types. What it does not understand it leaves open, so that nothing is refused for the schema's sake.
 */
final class SchemaReader {
    /** References may go in circles. */
    private static final int DEEPEST = 8;

    /** And each round may branch: after so many schemas the rest of a model stays undescribed. */
    private static final int MAX_SCHEMAS = 5000;

    private final JsonNode document;
    private int schemas;

    private SchemaReader(JsonNode document) {
        this.document = document;
    }

    /** The properties of an object schema, in its order. */
    static List<SchemaField> fields(JsonNode schema, JsonNode document) {
        SchemaReader reader = new SchemaReader(document);
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        Set<String> required = new TreeSet<>();
        reader.collect(schema, properties, required, DEEPEST);
        return properties.entrySet().stream()
                .map(p -> reader.field(p.getKey(), p.getValue(), required.contains(p.getKey()), DEEPEST))
                .toList();
    }

    /** Whether a schema is marked as a guess, so that nothing must be refused because of it. */
    static boolean isAssumed(JsonNode schema, JsonNode document) {
        return new SchemaReader(document)
                .resolved(schema, DEEPEST)
                .path("x-assumed")
                .asBoolean();
    }

    private void collect(JsonNode schema, Map<String, JsonNode> properties, Set<String> required, int depth) {
        JsonNode object = resolved(schema, depth);
        if (depth <= 0) {
            return;
        }
        Json.elementsOrSelf(object.get("allOf")).forEach(part -> collect(part, properties, required, depth - 1));
        properties.putAll(Json.fields(object.path("properties")));
        Json.elementsOrSelf(object.get("required")).map(JsonNode::asText).forEach(required::add);
    }

    private SchemaField field(String name, JsonNode schema, boolean required, int depth) {
        JsonNode property = single(resolved(schema, depth), depth);
        String type = type(property);
        JsonNode items = property.get("items");
        boolean array = type.equals("array");
        boolean text = type.equals("string");
        return new SchemaField(
                name,
                type,
                items == null || depth <= 0 ? null : field(name, items, false, depth - 1),
                preset(property),
                allowed(property),
                number(property.get(array ? "minItems" : text ? "minLength" : "minimum")),
                number(property.get(array ? "maxItems" : text ? "maxLength" : "maximum")),
                required,
                isFile(property) || items != null && isFile(resolved(items, depth)),
                Json.text(property.get("description")));
    }

    /** Of alternatives one of which is "nothing" the other; of an only part that part. Real alternatives stay open. */
    private JsonNode single(JsonNode property, int depth) {
        for (String word : List.of("allOf", "anyOf", "oneOf")) {
            List<JsonNode> parts = Json.elementsOrSelf(property.get(word))
                    .map(part -> resolved(part, depth))
                    .filter(part -> !part.path("type").asText().equals("null"))
                    .toList();
            if (parts.size() == 1 && depth > 0) {
                return single(parts.get(0), depth - 1);
            }
        }
        return property;
    }

    private JsonNode resolved(JsonNode schema, int depth) {
        schemas++;
        if (schemas > MAX_SCHEMAS) {
            return Json.NODES.objectNode();
        }
        String reference = Json.text(schema.get("$ref"));
        if (reference == null || !reference.startsWith("#/") || depth <= 0) {
            return schema;
        }
        return resolved(document.at(reference.substring(1)), depth - 1);
    }

    /** In 3.1 the type may be a list, of which "null" is no type to send. */
    private static String type(JsonNode property) {
        List<String> types = Json.elementsOrSelf(property.get("type"))
                .map(JsonNode::asText)
                .filter(t -> !t.equals("null"))
                .toList();
        return types.size() == 1 ? types.get(0) : "";
    }

    private static boolean isFile(JsonNode property) {
        return property.path("format").asText().equals("binary") || property.has("contentMediaType");
    }

    private static @Nullable JsonNode preset(JsonNode property) {
        JsonNode value = property.get("default");
        return value == null || value.isNull() ? null : value;
    }

    private static List<JsonNode> allowed(JsonNode property) {
        List<JsonNode> values = new ArrayList<>();
        Stream.concat(Stream.ofNullable(property.get("const")), Json.elementsOrSelf(property.get("enum")))
                .filter(v -> Objects.nonNull(v) && v.isValueNode() && !v.isNull())
                .forEach(values::add);
        return values;
    }

    private static @Nullable BigDecimal number(@Nullable JsonNode node) {
        return node == null || !node.isNumber() ? null : node.decimalValue();
    }
}
