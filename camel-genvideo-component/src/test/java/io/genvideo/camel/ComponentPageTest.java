/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/genvideo.md equal the catalog, row by row and in both directions. A table stands below a comment
 * {@code <!-- table: name -->}. After a change of an annotation the system property {@code genvideo.docs.write=true} makes
 * this test write the tables: {@code ./mvnw -pl camel-genvideo-component -am test -Dtest=ComponentPageTest
 * -Dgenvideo.docs.write=true}.
 */
class ComponentPageTest {
    private static final Path PAGE = Path.of("../docs/genvideo.md");
    private static final Pattern TABLE =
            Pattern.compile("(<!-- table: ([a-z ]+) -->\\R)((?:\\|[^\\n]*\\R)*)", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`([a-z_]+)`");

    /** Camel's own, about the start of endpoints: no route of this component has a use for them. */
    private static final Set<String> OF_CAMEL = Set.of("lazyStartProducer", "autowiredEnabled", "configuration");

    /** Read and set: the catalog has no label for both. */
    private static final Set<String> READ_WITHOUT_LABEL = Set.of("CamelGenvideoReference");

    private JsonNode model;

    @BeforeEach
    void read() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/META-INF/io/genvideo/camel/genvideo.json")) {
            model = new ObjectMapper().readTree(in);
        }
    }

    @Test
    void tablesEqualTheCatalog() throws IOException {
        String page = Files.readString(PAGE);
        Map<String, String> wanted = wanted();
        StringBuilder written = new StringBuilder();
        Map<String, String> found = new TreeMap<>();
        Matcher table = TABLE.matcher(page);
        while (table.find()) {
            found.put(table.group(2), table.group(3).replace("\r\n", "\n"));
            table.appendReplacement(
                    written, Matcher.quoteReplacement(table.group(1) + wanted.getOrDefault(table.group(2), "")));
        }
        table.appendTail(written);
        if (Boolean.getBoolean("genvideo.docs.write")) {
            Files.writeString(PAGE, written);
        } else {
            assertThat(found)
                    .as("tables of docs/genvideo.md; -Dgenvideo.docs.write=true writes them")
                    .containsExactlyInAnyOrderEntriesOf(wanted);
        }
    }

    @Test
    void operationsEqualTheCode() throws IOException {
        String page = Files.readString(PAGE);
        String table = page.substring(page.indexOf("| operation |"), page.indexOf("## Configuring"));
        Set<String> documented = new TreeSet<>();
        for (String row : table.lines().skip(2).filter(l -> l.startsWith("|")).toList()) {
            Matcher name = NAME.matcher(row.split("\\|")[1]);
            while (name.find()) {
                documented.add(name.group(1));
            }
        }
        Set<String> known = new TreeSet<>();
        Arrays.stream(Operation.values()).forEach(o -> known.add(o.path()));
        assertThat(documented).isEqualTo(known);
    }

    @Test
    void exceptionsEqualTheCode() throws IOException {
        String page = Files.readString(PAGE);
        String table = page.substring(page.indexOf("## Errors"), page.indexOf("## Writing a provider"));
        Set<String> documented = new TreeSet<>();
        Matcher row =
                Pattern.compile("(?m)^\\| `([A-Za-z]+)` .*\\| (\\d+) \\|$").matcher(table);
        while (row.find()) {
            documented.add(row.group(1) + " " + row.group(2));
        }
        Set<String> known = new TreeSet<>();
        for (ErrorCategory category : ErrorCategory.values()) {
            GenvideoException exception = GenerationError.of(category, "p", "m").toException();
            known.add(exception.getClass().getSimpleName() + " " + exception.getHttpResponseCode());
        }
        assertThat(documented).isEqualTo(known);
    }

    private Map<String, String> wanted() {
        Map<String, String> tables = new LinkedHashMap<>();
        Set<String> ofEndpoint = new TreeSet<>();
        model.path("properties").fieldNames().forEachRemaining(ofEndpoint::add);
        tables.put("options", options("properties", o -> !ofConsumer(o)));
        tables.put("consumer options", options("properties", ComponentPageTest::ofConsumer));
        tables.put("component options", options("componentProperties", o -> !ofEndpoint.contains(name(o))));
        tables.put("headers read", headers(true));
        tables.put("headers set", headers(false));
        return tables;
    }

    private static String name(Map.Entry<String, JsonNode> option) {
        return option.getKey();
    }

    private static boolean ofConsumer(Map.Entry<String, JsonNode> option) {
        String group = option.getValue().path("group").asText();
        return group.startsWith("consumer") || group.equals("scheduler");
    }

    private String options(String part, Predicate<Map.Entry<String, JsonNode>> which) {
        List<String> rows = new ArrayList<>(List.of("| option | value | default | meaning |", "|---|---|---|---|"));
        for (Map.Entry<String, JsonNode> option : model.path(part).properties()) {
            JsonNode value = option.getValue();
            boolean isPath = value.path("kind").asText().equals("path");
            if (!isPath && !OF_CAMEL.contains(name(option)) && which.test(option)) {
                String prefix = value.path("prefix").asText();
                String name = prefix.isEmpty() ? option.getKey() : prefix + "<name>";
                // Camel invents a default for a Boolean that may be absent
                boolean hasDefault = value.has("defaultValue")
                        && !value.path("javaType").asText().equals("java.lang.Boolean");
                String normally = hasDefault ? "`" + value.path("defaultValue").asText() + "`" : "";
                rows.add("| `" + name + "`"
                        + (value.path("secret").asBoolean() ? " (secret)" : "")
                        + " | " + type(value)
                        + " | " + normally
                        + " | " + text(value) + " |");
            }
        }
        return String.join("\n", rows) + "\n";
    }

    private String headers(boolean read) {
        List<String> rows = new ArrayList<>(List.of("| header | type | meaning |", "|---|---|---|"));
        for (Map.Entry<String, JsonNode> header : model.path("headers").properties()) {
            boolean isRead = header.getValue().path("label").asText().equals("producer")
                    || READ_WITHOUT_LABEL.contains(header.getKey());
            if (isRead == read) {
                rows.add("| `" + header.getKey() + "` | " + simple(header.getValue()) + " | " + text(header.getValue())
                        + " |");
            }
        }
        return String.join("\n", rows) + "\n";
    }

    private static String type(JsonNode option) {
        if (option.has("enum")) {
            List<String> values = new ArrayList<>();
            option.path("enum").forEach(v -> values.add(v.asText()));
            return String.join(", ", values);
        }
        String type = option.path("type").asText();
        if (option.has("prefix") || option.path("javaType").asText().startsWith("java.util.Map")) {
            return "map";
        }
        return switch (type) {
            case "string" -> "text";
            case "object" -> simple(option);
            default -> type;
        };
    }

    private static String simple(JsonNode value) {
        String type = value.path("javaType").asText();
        return type.substring(type.lastIndexOf('.') + 1);
    }

    private static String text(JsonNode value) {
        return value.path("description").asText().replace("|", "\\|").replaceAll("\\s+", " ");
    }
}
