/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Writes Spring's configuration metadata: one property for each option of the component, read from its catalog on the class
 * path, and the starter's own. Run by the build; arguments: the starter's own properties, the file to write.
 */
final class ConfigurationMetadata {
    private static final String CATALOG = "META-INF/io/genvideo/camel/genvideo.json";
    private static final String PREFIX = "camel.component.genvideo";
    private static final Map<String, String> BOXES = Map.of(
            "boolean", "java.lang.Boolean",
            "int", "java.lang.Integer",
            "long", "java.lang.Long",
            "double", "java.lang.Double");

    private final ObjectMapper mapper = new ObjectMapper();
    private final ArrayNode properties = mapper.createArrayNode();
    private final ArrayNode hints = mapper.createArrayNode();

    public static void main(String[] arguments) throws Exception {
        Path starter = Path.of(arguments[0]);
        Path target = Path.of(arguments[1]);
        ConfigurationMetadata metadata = new ConfigurationMetadata();
        try (InputStream catalog = ConfigurationMetadata.class.getClassLoader().getResourceAsStream(CATALOG)) {
            if (catalog == null) {
                throw new IllegalStateException("the component's catalog " + CATALOG + " is not on the class path");
            }
            metadata.addOptions(metadata.mapper.readTree(catalog).get("componentProperties"));
        }
        metadata.properties.addAll((ArrayNode) metadata.mapper.readTree(starter.toFile()));
        Files.createDirectories(target.getParent());
        metadata.mapper.writerWithDefaultPrettyPrinter().writeValue(target.toFile(), metadata.root());
    }

    private void addOptions(JsonNode options) {
        options.properties().forEach(option -> {
            // its fields are options of the component
            if (!option.getKey().equals("configuration")) {
                add(option.getKey(), option.getValue());
            }
        });
    }

    private void add(String option, JsonNode catalog) {
        String name = PREFIX + "." + kebab(option);
        ObjectNode property = properties.addObject();
        property.put("name", name);
        property.put("type", type(catalog));
        property.put("description", catalog.get("description").asText());
        if (catalog.has("defaultValue")) {
            property.set("defaultValue", catalog.get("defaultValue"));
        }
        if (catalog.path("deprecated").asBoolean()) {
            property.putObject("deprecation");
        }
        if (catalog.has("enum")) {
            ArrayNode values = hints.addObject().put("name", name).putArray("values");
            catalog.get("enum").forEach(value -> values.addObject().set("value", value));
        }
    }

    /** A bean is given by its name, as {@code #bean:name}. */
    private static String type(JsonNode catalog) {
        String type = catalog.get("javaType").asText().replace(" ", "");
        boolean isBean = catalog.get("type").asText().equals("object") && !type.startsWith("java.util.Map");
        return isBean ? "java.lang.String" : BOXES.getOrDefault(type, type);
    }

    private ObjectNode root() {
        ObjectNode root = mapper.createObjectNode();
        ArrayNode groups = root.putArray("groups");
        groups.addObject().put("name", PREFIX).put("description", "Options of the Camel component genvideo.");
        groups.addObject().put("name", "genvideo").put("description", "The journal of the Camel component genvideo.");
        root.set("properties", properties);
        root.set("hints", hints);
        return root;
    }

    private static String kebab(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
