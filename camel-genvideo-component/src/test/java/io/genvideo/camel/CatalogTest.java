/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tools know about the component, and that everything we write for people is right by it. */
class CatalogTest {
    private static final Pattern URI =
            Pattern.compile("genvideo:[a-z]+/[a-z_-]+(\\?[^\\s\"'`<>)\\]}]*(\\{\\{[^}]*}}[^\\s\"'`<>)\\]}]*)*)?");
    private static final Pattern YAML_STEP = Pattern.compile(
            "(?m)^( *)(?:- )?uri: *[\"']?(genvideo:[a-z]+/[a-z_-]+)[\"']?\\s*\\n\\1(?:  )?parameters:\\s*\\n((?:\\1 {2,}.*\\n?)+)");
    private static final Pattern YAML_PARAMETER = Pattern.compile("(?m)^\\s+([A-Za-z.]+): *(.*?) *$");

    private final DefaultCamelCatalog catalog = new DefaultCamelCatalog();
    private String json;

    @BeforeEach
    void add() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/META-INF/io/genvideo/camel/genvideo.json")) {
            json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        catalog.addComponent("genvideo", GenvideoComponent.class.getName(), json);
    }

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("../routes", "../docs", "../examples", "src/test/resources/io/genvideo/camel")) {
            if (Files.isDirectory(Path.of(folder))) {
                try (Stream<Path> found = Files.walk(Path.of(folder))) {
                    found.filter(f -> f.toString().matches(".*[.](ya?ml|xml|md|properties)"))
                            .filter(f -> !f.toString().contains("/target/"))
                            .forEach(files::add);
                }
            }
        }
        if (Files.isRegularFile(Path.of("../README.md"))) {
            files.add(Path.of("../README.md"));
        }
        return files;
    }

    @Test
    void everyUriThatWeWriteIsRight() throws IOException {
        int seen = 0;
        for (Path file : files()) {
            String text = Files.readString(file);
            for (String uri : uris(text)) {
                EndpointValidationResult result = catalog.validateEndpointProperties(uri);
                assertThat(result.isSuccess())
                        .as("%s: %s%n%s", file, uri, result.summaryErrorMessage(true))
                        .isTrue();
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(8);
    }

    private static List<String> uris(String text) {
        List<String> uris = new ArrayList<>();
        Matcher plain = URI.matcher(text);
        while (plain.find()) {
            uris.add(plain.group().replace("&amp;", "&").replaceAll("[.,;:]+$", ""));
        }
        Matcher step = YAML_STEP.matcher(text);
        while (step.find()) {
            List<String> options = new ArrayList<>();
            Matcher option = YAML_PARAMETER.matcher(step.group(3));
            while (option.find()) {
                options.add(option.group(1) + "=" + value(option.group(2)));
            }
            uris.add(step.group(2) + "?" + String.join("&", options));
        }
        return uris;
    }

    /** A default counts as the value of a placeholder. */
    private static String value(String yaml) {
        String text = yaml.replaceAll("^[\"']|[\"']$", "");
        Matcher placeholder = Pattern.compile("\\{\\{[^:}]*(?::([^}]*))?}}").matcher(text);
        return placeholder.matches() && placeholder.group(1) != null
                ? placeholder.group(1).replace(' ', '+')
                : text.replace(' ', '+');
    }

    @Test
    void theFormOfYamlIsUnderstood() {
        assertThat(uris("""
                        - to:
                            uri: genvideo:ima/image_to_video
                            parameters:
                              model: "{{m:wan2.6-i2v}}"
                              download: true
                        - log: done
                        """)).contains("genvideo:ima/image_to_video?model=wan2.6-i2v&download=true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "genvideo:ima/text_to_video?resolutoin=720p",
                "genvideo:ima/text_to_video?promt=x",
                "genvideo:ima/text_to_video?duration=long",
                "genvideo:ima/text_to_video?download=maybe",
                "genvideo:ima/text_to_video?idempotency=never",
                "genvideo:ima/text_to_video?language=de"
            })
    void aMisspeltOptionIsFound(String uri) {
        assertThat(catalog.validateEndpointProperties(uri).isSuccess()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "genvideo:ima/text_to_video",
                "genvideo:ima/text_to_video?param.shot_type=multi&param.anything=1",
                "genvideo:ima/image-to-video?model=Wan 2.6&timeout=40m&pollInterval=2s&download=true&seed=1"
            })
    void aGoodUriIsGood(String uri) {
        EndpointValidationResult result = catalog.validateEndpointProperties(uri);
        assertThat(result.isSuccess()).as(result.summaryErrorMessage(true)).isTrue();
    }

    @Test
    void everythingIsDescribedAndSecretsAreMarked() throws IOException {
        JsonNode model = new ObjectMapper().readTree(json);
        TreeSet<String> secrets = new TreeSet<>();
        for (String group : List.of("properties", "componentProperties", "headers")) {
            assertThat(model.path(group).properties()).as(group).isNotEmpty();
            for (Map.Entry<String, JsonNode> option : model.path(group).properties()) {
                assertThat(option.getValue().path("description").asText())
                        .as("description of %s", option.getKey())
                        .hasSizeGreaterThan(10)
                        .endsWith(".");
                if (option.getValue().path("secret").asBoolean()) {
                    secrets.add(option.getKey());
                }
            }
        }
        assertThat(secrets).containsExactlyInAnyOrder("apiKey", "secretKey", "webhookVerifyToken");
        assertThat(model.path("component").path("async").asBoolean()).isTrue();
    }

    @Test
    void everyHeaderIsNamedLikeTheComponent() throws IOException {
        JsonNode headers = new ObjectMapper().readTree(json).path("headers");
        for (Map.Entry<String, JsonNode> header : headers.properties()) {
            assertThat(header.getKey()).startsWith("CamelGenvideo");
        }
    }
}
