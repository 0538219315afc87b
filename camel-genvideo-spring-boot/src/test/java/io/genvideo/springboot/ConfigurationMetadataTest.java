/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.camel.GenvideoComponent;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.ClassUtils;

/** What editors complete in application.yaml is what the starter accepts: no more, no less. */
class ConfigurationMetadataTest {
    private static final String PREFIX = "camel.component.genvideo.";
    private static final Set<String> SWITCHES = Set.of("enabled", "customizer.enabled");

    private final Map<String, JsonNode> properties = new TreeMap<>();
    private final JsonNode hints;

    ConfigurationMetadataTest() throws IOException {
        JsonNode metadata = null;
        for (URL url : Collections.list(
                getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            JsonNode candidate = new ObjectMapper().readTree(url);
            if (candidate.toString().contains(PREFIX)) {
                metadata = candidate;
            }
        }
        Objects.requireNonNull(metadata, "no configuration metadata")
                .get("properties")
                .forEach(p -> properties.put(p.get("name").asText(), p));
        hints = metadata.get("hints");
    }

    private static JsonNode catalogOptions() throws IOException {
        try (InputStream catalog = GenvideoComponent.class
                .getClassLoader()
                .getResourceAsStream("META-INF/io/genvideo/camel/genvideo.json")) {
            return new ObjectMapper().readTree(catalog).get("componentProperties");
        }
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    @Test
    void describesEachOptionOfTheCatalogAndNothingElse() throws IOException {
        Set<String> expected = new TreeSet<>();
        catalogOptions().fieldNames().forEachRemaining(name -> expected.add(PREFIX + kebab(name)));
        // its fields are options of the component
        expected.remove(PREFIX + "configuration");
        SWITCHES.forEach(name -> expected.add(PREFIX + name));
        expected.addAll(Set.of("genvideo.journal", "genvideo.journal-call-timeout"));

        assertThat(properties.keySet()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void descriptionsDefaultsAndEnumsAreThoseOfTheCatalog() throws IOException {
        catalogOptions().properties().stream()
                .filter(option -> !option.getKey().equals("configuration"))
                .forEach(option -> {
                    JsonNode property = properties.get(PREFIX + kebab(option.getKey()));
                    assertThat(property.get("description"))
                            .isEqualTo(option.getValue().get("description"));
                    assertThat(property.get("defaultValue"))
                            .isEqualTo(option.getValue().get("defaultValue"));
                });
        assertThat(hints)
                .filteredOn(hint -> hint.get("name").asText().equals(PREFIX + "updates"))
                .singleElement()
                .satisfies(hint -> assertThat(hint.get("values").findValuesAsText("value"))
                        .containsExactly("auto", "poll", "stream"));
    }

    @Test
    void everyTypeExists() {
        properties
                .values()
                .forEach(property -> assertThat(List.of(
                                property.get("type").asText().replace(">", "").split("[<,]")))
                        .allMatch(type -> ClassUtils.isPresent(type, getClass().getClassLoader())));
    }

    @Test
    void eachDefaultIsAcceptedByTheComponent() throws IOException {
        StandardEnvironment environment = new StandardEnvironment();
        Map<String, Object> defaults = new TreeMap<>();
        properties.forEach((name, property) -> {
            if (name.startsWith(PREFIX) && property.has("defaultValue")) {
                defaults.put(name, property.get("defaultValue").asText());
            }
        });
        environment.getPropertySources().addFirst(new MapPropertySource("defaults", defaults));
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            GenvideoComponent component = new GenvideoComponent(camel);

            new ComponentBinder(camel, component, environment).bind();

            assertThat(defaults).hasSizeGreaterThan(20);
            // without a value a model decides about audio; the catalog has false for every Boolean
            assertThat(component.getConfiguration())
                    .usingRecursiveComparison()
                    .ignoringFields("audio")
                    .isEqualTo(new GenvideoComponent(camel).getConfiguration());
        }
    }
}
