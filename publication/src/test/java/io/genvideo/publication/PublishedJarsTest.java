/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in the jars that users get. Without jars, in a build that ends before the phase {@code package}, nothing is checked. */
class PublishedJarsTest {
    private static final Path ROOT = Path.of("..");

    /** What a jar has beside its classes, licence, notice, manifest and Maven's files. */
    private static final Map<String, String> RESOURCES = Map.of(
            "camel-genvideo",
            "META-INF/jandex.idx|META-INF/io/genvideo/[\\w/]+/[\\w-]+\\.json|META-INF/services/[\\w./-]+"
                    + "|io/genvideo/(model|provider/\\w+|repository/jdbc)/[\\w.-]+\\.(json|properties|sql|csv|txt)",
            "camel-genvideo-endpointdsl",
            "META-INF/services/[\\w./-]+",
            "camel-genvideo-kamelets",
            "kamelets/genvideo-[a-z-]+-(action|source|sink)\\.kamelet\\.yaml",
            "camel-genvideo-quarkus",
            "META-INF/(jandex\\.idx|(quarkus-config-doc/)?quarkus-[\\w.-]+|beans\\.xml|services/[\\w./-]+)",
            "camel-genvideo-quarkus-deployment",
            "META-INF/(jandex\\.idx|(quarkus-config-doc/)?quarkus-[\\w.-]+|beans\\.xml|services/[\\w./-]+)|dev-ui/[\\w./-]+",
            "camel-genvideo-sandbox",
            "META-INF/services/[\\w./-]+|io/genvideo/sandbox/[\\w/.-]+\\.(json|html|txt)|sandbox-log4j2\\.xml",
            "camel-genvideo-spring-boot",
            "META-INF/(spring\\.factories|spring/[\\w.-]+\\.imports|(additional-)?spring-configuration-metadata\\.json"
                    + "|services/[\\w./-]+)");

    static Stream<Published> published() {
        return Project.at(ROOT).published();
    }

    private static JarFile open(Published module) throws IOException {
        String name = module.artifactId() + "-" + module.version() + ".jar";
        Path jar = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.endsWith(name))
                .findFirst()
                .orElse(Path.of(name));
        assumeTrue(Files.isRegularFile(jar), name + " is not packaged");
        return new JarFile(jar.toFile());
    }

    @ParameterizedTest
    @MethodSource("published")
    void hasNothingButItsOwnFiles(Published module) throws IOException {
        String name = module.artifactId();
        Pattern allowed = Pattern.compile("META-INF/(MANIFEST\\.MF|LICENSE|NOTICE|maven/io\\.genvideo/" + name
                + "/pom\\.(xml|properties))|io/genvideo/[\\w/]+/[\\w$-]+\\.class|" + RESOURCES.get(name));
        Pattern ofTests = Pattern.compile("io/genvideo/(conformance|harness|benchmarks|examples)/.*|.*Test\\.class");

        try (JarFile jar = open(module)) {
            List<String> files = jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(entry -> entry.getName())
                    .toList();
            assertThat(files)
                    .doesNotHaveDuplicates()
                    .allMatch(file -> allowed.matcher(file).matches());
            assertThat(files).noneMatch(file -> ofTests.matcher(file).matches());
            assertThat(files).hasSizeGreaterThan(5);
        }
    }

    @ParameterizedTest
    @MethodSource("published")
    void hasLicenceAndNotice(Published module) throws IOException {
        try (JarFile jar = open(module)) {
            for (String text : List.of("LICENSE", "NOTICE")) {
                assertThat(jar.getInputStream(jar.getJarEntry("META-INF/" + text)))
                        .as(text)
                        .hasBinaryContent(Files.readAllBytes(ROOT.resolve(text)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("published")
    void hasModuleNameAndVersion(Published module) throws IOException {
        try (JarFile jar = open(module)) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
                    .isEqualTo(module.moduleName());
            assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Version"))
                    .isEqualTo(module.version());
        }
    }

    @Test
    void haveModuleNamesOfTheirOwn() {
        assertThat(published().map(Published::moduleName))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("io\\.genvideo(\\.[a-z]+)+") && !name.endsWith(".unpublished"));
    }

    @Test
    void areAllInBomWithItsVersion() {
        Pom bom = Pom.of(ROOT.resolve("camel-genvideo-bom/pom.xml"));

        assertThat(bom.text("version"))
                .isEqualTo(Pom.of(ROOT.resolve("pom.xml")).text("version"));
        assertThat(bom.managed("artifactId").distinct())
                .containsExactlyInAnyOrderElementsOf(
                        published().map(Published::artifactId).toList());
        assertThat(bom.managed("version")).allMatch("${project.version}"::equals);
    }

    @Test
    void haveRulesForTheirContent() {
        assertThat(published().map(Published::artifactId)).containsExactlyInAnyOrderElementsOf(RESOURCES.keySet());
    }
}
