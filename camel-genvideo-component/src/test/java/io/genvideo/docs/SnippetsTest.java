/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;

/**
 * Every snippet of the documentation does what its kind can do: routes and properties start against the sandbox, Java
 * compiles, commands name what exists. {@link ExamplesTest} runs the examples. A snippet that nothing can run says why in a comment {@code <!-- fragment: reason -->}.
 */
class SnippetsTest {
    private static final Pattern ARTIFACT = Pattern.compile(
            "<groupId>io\\.genvideo</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*(?:<version>([^<]+)</version>)?");

    private static final String PREFIX = "camel.component.genvideo.";

    @TempDir
    Path folder;

    static Stream<Snippet> snippets() throws IOException {
        return Snippet.all()
                .filter(s -> !s.isFragment() && !s.isListing() && s.kind() != Snippet.Kind.TEXT)
                .filter(s -> s.example().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void runsOrLoads(Snippet snippet) throws Exception {
        switch (snippet.kind()) {
            case YAML_ROUTE, XML_ROUTE -> {
                if (snippet.isOfOtherModule()) {
                    load(snippet);
                } else {
                    start(snippet);
                }
            }
            case JAVA -> {
                if (snippet.isOfOtherModule()) {
                    JavaSnippets.parse(snippet);
                } else {
                    start(snippet);
                }
            }
            case PROPERTIES -> {
                if (snippet.isOfOtherModule()) {
                    checkOptions(snippet, SandboxMain.properties(snippet.text()).keySet());
                } else {
                    start(snippet);
                }
            }
            case YAML ->
                checkOptions(snippet, YamlProperties.read(snippet.text()).keySet());
            case SQL -> checkTables(snippet);
            case XML -> checkXml(snippet);
            case JSON -> new ObjectMapper().readTree(snippet.text());
            case SHELL -> ShellCheck.check(snippet);
            default -> throw new AssertionError(snippet + ": nothing runs it; say why in <!-- fragment: reason -->");
        }
    }

    @Test
    void everyFragmentHasReason() throws IOException {
        assertThat(Snippet.all().filter(Snippet::isFragment))
                .allSatisfy(fragment -> assertThat(fragment.marker()
                                .substring("fragment:".length())
                                .strip())
                        .as("%s", fragment)
                        .hasSizeGreaterThan(15));
    }

    @Test
    void findsSnippetsOfEachKind() throws IOException {
        assertThat(snippets().map(Snippet::kind))
                .contains(
                        Snippet.Kind.YAML_ROUTE,
                        Snippet.Kind.JAVA,
                        Snippet.Kind.PROPERTIES,
                        Snippet.Kind.XML,
                        Snippet.Kind.JSON,
                        Snippet.Kind.SHELL);
        assertThat(snippets().map(Snippet::page).distinct().count()).isGreaterThan(7);
    }

    private void start(Snippet snippet) throws Exception {
        try (SandboxMain context = new SandboxMain(folder)) {
            context.add(snippet).start();

            assertThat(context.camel().isStarted()).isTrue();
            if (snippet.text().contains("from")) {
                assertThat(context.camel().getRoutes()).as("%s", snippet).isNotEmpty();
            }
        }
    }

    /** Names of the component's options, in either spelling; what other frameworks read is a matter of their modules. */
    private static void checkOptions(Snippet snippet, Set<String> properties) throws IOException {
        Set<String> known = new TreeSet<>();
        try (InputStream catalog =
                SnippetsTest.class.getResourceAsStream("/META-INF/io/genvideo/camel/genvideo.json")) {
            new ObjectMapper()
                    .readTree(catalog)
                    .path("componentProperties")
                    .fieldNames()
                    .forEachRemaining(known::add);
        }
        Set<String> named = properties.stream()
                .filter(name -> name.startsWith(PREFIX))
                .map(name -> name.substring(PREFIX.length()).replaceFirst("^configuration\\.", ""))
                .map(name -> name.replaceFirst("[.\\[].*", ""))
                .map(name -> Pattern.compile("-([a-z])")
                        .matcher(name)
                        .replaceAll(m -> m.group(1).toUpperCase(Locale.ROOT)))
                .filter(name -> !name.equals("customizer"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(known).as("options in %s", snippet).containsAll(named);
    }

    private static void checkTables(Snippet snippet) throws IOException {
        StringBuilder schema = new StringBuilder();
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/io/genvideo/repository/jdbc"))) {
            for (Path file : files.sorted().toList()) {
                schema.append(Files.readString(file).toUpperCase(Locale.ROOT));
            }
        }
        Matcher table = Pattern.compile("GENVIDEO_\\w+").matcher(snippet.text().toUpperCase(Locale.ROOT));
        while (table.find()) {
            assertThat(schema.append(" GENVIDEO_SCHEMA ").toString())
                    .as("tables in %s", snippet)
                    .contains(table.group());
        }
    }

    private static void load(Snippet snippet) throws Exception {
        boolean isYaml = snippet.kind() == Snippet.Kind.YAML_ROUTE;
        String text =
                isYaml ? SandboxMain.inRouteIfSteps(snippet.text()) : SandboxMain.inXmlRouteIfSteps(snippet.text());
        Resource resource = ResourceHelper.fromString("snippet.camel." + (isYaml ? "yaml" : "xml"), text);
        try (CamelContext camel = new DefaultCamelContext()) {
            PluginHelper.getRoutesLoader(camel).loadRoutes(resource);
        }
    }

    private static void checkXml(Snippet snippet) throws Exception {
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(
                        new StringReader("<page>" + snippet.text().replaceFirst("^<\\?.*?\\?>", "") + "</page>")));
        Matcher artifact = ARTIFACT.matcher(snippet.text());
        while (artifact.find()) {
            ShellCheck.assertArtifact(
                    snippet, artifact.group(1), artifact.group(2) == null ? "${managed}" : artifact.group(2));
        }
    }
}
