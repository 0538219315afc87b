/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.kamelets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What editors, catalogs and the command line read from the files. */
class KameletFilesTest {
    private static final Path FOLDER = Path.of("..", "routes", "kamelets");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\??)(\\w+)}}");
    private static final Set<String> SECRETS = Set.of("apiKey", "secretKey");

    /** A file, its text and what it declares. */
    record Kamelet(String file, String text, Map<?, ?> content) {
        private static Kamelet of(Path file) {
            try {
                String text = Files.readString(file);
                Object content = new Load(LoadSettings.builder().build()).loadFromString(text);
                return new Kamelet(file.getFileName().toString(), text, (Map<?, ?>) content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Object at(String... path) {
            Object here = content;
            for (String name : path) {
                here = Objects.requireNonNull(((Map<?, ?>) here).get(name), () -> file + " has no " + name);
            }
            return here;
        }

        private Map<?, ?> properties() {
            return (Map<?, ?>) at("spec", "definition", "properties");
        }

        private boolean isAlwaysThere(String property) {
            Map<?, ?> definition = (Map<?, ?>) at("spec", "definition");
            return ((Map<?, ?>) properties().get(property)).containsKey("default")
                    || definition.get("required") instanceof List<?> required && required.contains(property);
        }

        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Kamelet> kamelets() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().map(Kamelet::of).toList().stream();
        }
    }

    @Test
    void areOnTheClassPathByteForByte() throws Exception {
        assertThat(kamelets())
                .hasSize(5)
                .allSatisfy(
                        kamelet -> assertThat(KameletFilesTest.class.getResourceAsStream("/kamelets/" + kamelet.file()))
                                .hasContent(kamelet.text()));
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void isNamedLikeItsFileAndItsType(Kamelet kamelet) {
        Object name = kamelet.at("metadata", "name");

        assertThat(kamelet.file()).isEqualTo(name + ".kamelet.yaml");
        assertThat(name.toString()).endsWith("-" + kamelet.at("metadata", "labels", "camel.apache.org/kamelet.type"));
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void dependsOnThisVersionOfTheComponent(Kamelet kamelet) {
        assertThat((List<?>) kamelet.at("spec", "dependencies"))
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .contains("camel:kamelet", "mvn:io.genvideo:camel-genvideo:" + System.getProperty("genvideo.version"))
                .allMatch(dependency -> dependency.matches("camel:[a-z-]+|mvn:[^:]+:[^:]+:[^:]+"));
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void usesEachPropertyAndDeclaresEachThatItUses(Kamelet kamelet) {
        List<MatchResult> used = PLACEHOLDER
                .matcher(kamelet.text().substring(kamelet.text().indexOf("  template:")))
                .results()
                .toList();

        assertThat(used.stream().map(u -> u.group(2)).distinct())
                .containsExactlyInAnyOrderElementsOf(kamelet.properties().keySet().stream()
                        .map(Object::toString)
                        .toList());
        assertThat(used)
                .as("an option without a value is left out by ?")
                .allSatisfy(u ->
                        assertThat(u.group(1).isEmpty()).as(u.group()).isEqualTo(kamelet.isAlwaysThere(u.group(2))));
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void describesEachPropertyAndHidesCredentials(Kamelet kamelet) {
        kamelet.properties().forEach((name, property) -> {
            Map<?, ?> declared = (Map<?, ?>) property;
            assertThat(declared.keySet().stream().map(Object::toString))
                    .as("%s of %s", name, kamelet)
                    .contains("title", "description", "type");
            assertThat("password".equals(declared.get("format")))
                    .as("%s of %s is a password", name, kamelet)
                    .isEqualTo(SECRETS.contains(name));
        });
    }
}
