/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What can be wrong about a command without running it: its syntax, and the profiles, modules, artifacts and files that it names. */
final class ShellCheck {
    private static final Pattern PROFILE = Pattern.compile("\\./mvnw[^\\n|;&]*? -P ?([a-z,-]+)");
    private static final Pattern MODULES = Pattern.compile("\\./mvnw[^\\n|;&]*? (?:-pl|--projects) ?([\\w/,.-]+)");
    private static final Pattern ROUTE_FILE = Pattern.compile("(?<![\\w/:.-])(?:\\./)?((?:routes|examples)/[\\w./-]+)");
    private static final Pattern DEPENDENCY = Pattern.compile("(?:mvn:)?io\\.genvideo:([\\w-]+):([\\w.-]+)");

    private ShellCheck() {}

    static void check(Snippet snippet) throws IOException, InterruptedException {
        String script = snippet.text()
                .lines()
                .filter(line ->
                        !snippet.text().contains("\n$ ") && !snippet.text().startsWith("$ ") || line.startsWith("$ "))
                .map(line -> line.replaceFirst("^\\$ ", ""))
                .collect(Collectors.joining("\n", "", "\n"));
        assertSyntax(snippet, script);
        for (String profile : named(PROFILE, script)) {
            assertThat(profiles()).as("profiles in %s", snippet).contains(profile);
        }
        for (String module : named(MODULES, script)) {
            assertThat(Snippet.ROOT.resolve(module).resolve("pom.xml"))
                    .as("module in %s", snippet)
                    .exists();
        }
        Matcher file = ROUTE_FILE.matcher(script);
        while (file.find()) {
            assertThat(Snippet.ROOT.resolve(file.group(1)))
                    .as("file in %s", snippet)
                    .exists();
        }
        Matcher dependency = DEPENDENCY.matcher(script);
        while (dependency.find()) {
            assertArtifact(snippet, dependency.group(1), dependency.group(2));
        }
    }

    private static void assertSyntax(Snippet snippet, String script) throws IOException, InterruptedException {
        Process bash =
                new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
        try (var in = bash.getOutputStream()) {
            in.write(script.getBytes(StandardCharsets.UTF_8));
        }
        String complaints = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as("%s: %s", snippet, complaints).isZero();
    }

    private static Set<String> named(Pattern option, String script) {
        Set<String> names = new TreeSet<>();
        Matcher found = option.matcher(script);
        while (found.find()) {
            names.addAll(List.of(found.group(1).split(",")));
        }
        return names;
    }

    private static Set<String> profiles() throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher profile = Pattern.compile("<profile>\\s*(?:<!--[^>]*-->\\s*)?<id>([^<]+)</id>")
                .matcher(pom(Snippet.ROOT));
        while (profile.find()) {
            names.add(profile.group(1));
        }
        return names;
    }

    private static String pom(Path module) throws IOException {
        return Files.readString(module.resolve("pom.xml"));
    }

    /** Fails unless this build makes the artifact in that version. */
    static void assertArtifact(Snippet snippet, String artifactId, String version) throws IOException {
        Set<String> artifacts = new TreeSet<>();
        String parent = pom(Snippet.ROOT);
        Matcher module = Pattern.compile("<module>([^<]+)</module>").matcher(parent);
        while (module.find()) {
            artifacts(Snippet.ROOT.resolve(module.group(1)), artifacts);
        }
        assertThat(artifacts).as("artifacts in %s", snippet).contains(artifactId);
        String current = parent.replaceFirst("(?s).*?<version>([^<]+)</version>.*", "$1");
        assertThat(version)
                .as("version of %s in %s", artifactId, snippet)
                .satisfiesAnyOf(
                        v -> assertThat(v).isEqualTo(current),
                        v -> assertThat(v).startsWith("${"));
    }

    private static void artifacts(Path folder, Set<String> into) throws IOException {
        String pom = pom(folder);
        Matcher id = Pattern.compile(
                        "(?:</parent>|--)>?\\s*(?:<groupId>[^<]*</groupId>\\s*)?<artifactId>([^<]+)</artifactId>")
                .matcher(pom);
        if (id.find()) {
            into.add(id.group(1));
        }
        Matcher module = Pattern.compile("<module>([^<]+)</module>").matcher(pom);
        while (module.find()) {
            artifacts(folder.resolve(module.group(1)), into);
        }
    }
}
