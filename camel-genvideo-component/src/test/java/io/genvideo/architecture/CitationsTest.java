/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every section of docs/design.md and docs/contracts that code cites exists, so that nobody follows a dead reference. */
class CitationsTest {
    private static final Path ROOT = Path.of("..");

    /** Line breaks of a comment count as blanks. */
    private static final Pattern CITATION =
            Pattern.compile("docs/([a-z/]+\\.md) sections? (\\d+(?:\\.\\d+)?(?:(?:, | and | to )\\d+(?:\\.\\d+)?)*)");

    private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)?");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (\\d+(?:\\.\\d+)?)\\.? ");

    @Test
    void citedSectionsExist() throws IOException {
        Map<String, Set<String>> sections = new LinkedHashMap<>();
        List<String> dead = new ArrayList<>();
        int cited = 0;
        for (Path file : sources()) {
            String text = Files.readString(file).replaceAll("\\s*\\R\\s*(?:\\*|//)?\\s*", " ");
            Matcher citation = CITATION.matcher(text);
            while (citation.find()) {
                String document = citation.group(1);
                if (!sections.containsKey(document)) {
                    sections.put(document, sectionsOf(document));
                }
                Matcher number = NUMBER.matcher(citation.group(2));
                while (number.find()) {
                    cited++;
                    if (!sections.get(document).contains(number.group())) {
                        dead.add(file.getFileName() + ": docs/" + document + " section " + number.group());
                    }
                }
            }
        }
        assertThat(dead).isEmpty();
        assertThat(cited).as("citations found").isGreaterThan(100);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(
                            f -> f.toString().endsWith(".java") && f.toString().contains("/src/"))
                    .filter(f -> !f.toString().contains("/target/"))
                    .toList();
        }
    }

    private static Set<String> sectionsOf(String document) throws IOException {
        Set<String> found = new TreeSet<>();
        Path file = ROOT.resolve("docs").resolve(document);
        if (Files.isRegularFile(file)) {
            Matcher heading = HEADING.matcher(Files.readString(file));
            while (heading.find()) {
                found.add(heading.group(1));
            }
        }
        return found;
    }
}
