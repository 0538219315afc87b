/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A piece of code on a page.
 *
 * @param line of the page, of its first line
 * @param language as the page names it; empty if it names none
 * @param marker the comment above it, without its brackets; empty if there is none
 */
record Snippet(String page, int line, String language, String marker, String text) {
    static final Path ROOT = Path.of("..");
    private static final Pattern FENCE = Pattern.compile("^( *)```([a-z]*) *$");
    private static final Pattern COMMENT = Pattern.compile("^ *<!-- *(.*?) *-->$");
    private static final Pattern COMMAND =
            Pattern.compile("(?s)^(\\$ |\\./|camel |curl |mvn |java |docker |kubectl |psql |pg_|export |jbang ).*");
    private static final Pattern CAMEL_YAML = Pattern.compile("(?s)(#[^\\n]*\\n|\\s)*- .*");
    private static final Pattern CAMEL_XML = Pattern.compile("(?s).*<(routes?|camel|to|from|beans|rests?)[ >/].*");

    /** Pages of modules that have other class paths and tests of their own: what they print is loaded, not started. */
    private static final Set<String> OF_OTHER_MODULES = Set.of(
            "docs/spring-boot.md",
            "docs/quarkus.md",
            "docs/camel-cli.md",
            "docs/operations.md",
            "docs/add-a-provider.md");

    /** What a snippet is, whatever its page calls it. */
    enum Kind {
        YAML_ROUTE,
        XML_ROUTE,
        YAML,
        XML,
        JAVA,
        PROPERTIES,
        JSON,
        SHELL,
        SQL,
        /** No code: a diagram, or what a program prints. */
        TEXT
    }

    /** The snippets of README.md, docs/*.md, docs/providers/*.md and of the READMEs of modules and folders. */
    static Stream<Snippet> all() throws IOException {
        List<Snippet> found = new ArrayList<>();
        for (Path page : pages()) {
            read(page, found);
        }
        return found.stream();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        for (String folder : List.of("docs", "docs/providers")) {
            try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
                files.filter(f -> f.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        for (String folder : List.of("routes", "camel-genvideo-sandbox", "benchmarks")) {
            pages.add(ROOT.resolve(folder).resolve("README.md"));
        }
        return pages.stream().filter(Files::isRegularFile).toList();
    }

    private static void read(Path file, List<Snippet> found) throws IOException {
        String page = ROOT.relativize(file).toString().replace('\\', '/');
        List<String> lines = Files.readAllLines(file);
        for (int n = 0; n < lines.size(); n++) {
            Matcher fence = FENCE.matcher(lines.get(n));
            if (!fence.matches()) {
                continue;
            }
            int first = n + 1;
            StringBuilder text = new StringBuilder();
            for (n = first; n < lines.size() && !lines.get(n).strip().equals("```"); n++) {
                String line = lines.get(n);
                int indent = Math.min(fence.group(1).length(), line.length());
                text.append(line.substring(indent)).append('\n');
            }
            found.add(new Snippet(page, first + 1, fence.group(2), marker(lines, first - 2), text.toString()));
        }
    }

    private static String marker(List<String> lines, int above) {
        int n = above;
        while (n > 0 && lines.get(n).isBlank()) {
            n--;
        }
        Matcher comment = COMMENT.matcher(n < 0 ? "" : lines.get(n));
        return comment.matches() ? comment.group(1) : "";
    }

    Kind kind() {
        return switch (language) {
            case "yaml" -> CAMEL_YAML.matcher(text).matches() ? Kind.YAML_ROUTE : Kind.YAML;
            case "xml" -> CAMEL_XML.matcher(text).matches() ? Kind.XML_ROUTE : Kind.XML;
            case "java" -> Kind.JAVA;
            case "properties" -> Kind.PROPERTIES;
            case "json" -> Kind.JSON;
            case "sh", "shell", "bash", "console" -> Kind.SHELL;
            case "sql" -> Kind.SQL;
            case "" -> COMMAND.matcher(text.stripLeading()).matches() ? Kind.SHELL : Kind.TEXT;
            case "text", "http", "mermaid" -> Kind.TEXT;
            default -> throw new IllegalStateException(this + ": no test knows the language " + language);
        };
    }

    /** Whether the page says why nothing can run it. */
    boolean isFragment() {
        return marker.startsWith("fragment:");
    }

    /** Whether it equals a source that the build compiles, which AddAProviderPageTest checks. */
    boolean isListing() {
        return marker.startsWith("source:") && page.equals("docs/add-a-provider.md");
    }

    boolean isOfOtherModule() {
        return OF_OTHER_MODULES.contains(page);
    }

    /** The name of the example that this is one form of; empty if it is none. */
    String example() {
        return marker.startsWith("example:")
                ? marker.substring("example:".length()).strip()
                : "";
    }

    @Override
    public String toString() {
        return page + ":" + line + " " + language;
    }
}
