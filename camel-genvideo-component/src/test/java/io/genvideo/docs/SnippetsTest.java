/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
            case PROPERTIES -> start(snippet);
            case YAML -> startProperties(snippet);
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

    /** Those of the component; what other frameworks read is a matter of their modules. */
    private void startProperties(Snippet snippet) throws Exception {
        Map<String, String> ours = new TreeMap<>(YamlProperties.read(snippet.text()));
        ours.keySet().removeIf(name -> !name.startsWith("camel.component.genvideo."));
        try (SandboxMain context = new SandboxMain(folder)) {
            ours.forEach(context::property);
            context.start();

            assertThat(context.camel().isStarted()).isTrue();
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
