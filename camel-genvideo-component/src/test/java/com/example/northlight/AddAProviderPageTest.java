/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package com.example.northlight;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * docs/add-a-provider.md shows the sources of this package, without licence, package and imports. A listing stands below a comment
 * {@code <!-- source: Name.java -->}; the system property {@code genvideo.docs.write=true} makes this test write the listings.
 */
class AddAProviderPageTest {
    private static final Path PAGE = Path.of("../docs/add-a-provider.md");
    private static final Path SOURCES = Path.of("src/test/java/com/example/northlight");
    private static final Pattern LISTING =
            Pattern.compile("(<!-- source: (\\w+\\.java) -->\\R```java\\R)(.*?)(```)", Pattern.DOTALL);
    private static final List<String> PROVIDER = List.of(
            "NorthlightProviderFactory.java",
            "NorthlightErrors.java",
            "NorthlightRequests.java",
            "ParameterResolver.java",
            "CreateResponseMapper.java",
            "PollResponseMapper.java",
            "NorthlightProvider.java");
    private static final int MOST_LINES = 300;

    @Test
    void listingsAreTheSources() throws IOException {
        String page = Files.readString(PAGE);
        StringBuilder written = new StringBuilder();
        Map<String, String> shown = new TreeMap<>();
        Map<String, String> sources = new TreeMap<>();
        Matcher listing = LISTING.matcher(page);
        while (listing.find()) {
            String source = source(listing.group(2));
            shown.put(listing.group(2), listing.group(3));
            sources.put(listing.group(2), source);
            listing.appendReplacement(written, Matcher.quoteReplacement(listing.group(1) + source + listing.group(4)));
        }
        listing.appendTail(written);
        if (Boolean.getBoolean("genvideo.docs.write")) {
            Files.writeString(PAGE, written);
            return;
        }
        assertThat(shown.keySet()).containsAll(PROVIDER).contains("NorthlightProtocol.java");
        assertThat(shown)
                .as("listings of docs/add-a-provider.md; -Dgenvideo.docs.write=true writes them")
                .containsExactlyInAnyOrderEntriesOf(sources);
    }

    @Test
    void providerHasFewerThan300LinesOfItsOwn() throws IOException {
        long lines = 0;
        for (String file : PROVIDER) {
            lines += source(file).lines().filter(line -> !line.isBlank()).count();
        }

        assertThat(lines).isLessThan(MOST_LINES);
    }

    @Test
    void providerUsesThePublicApiOnly() {
        DescribedPredicate<JavaClass> publicApi = resideInAnyPackage(
                "io.genvideo.spi", "io.genvideo.model", "io.genvideo.http", "io.genvideo.provider.support..");
        classes()
                .that()
                .haveNameMatching(PROVIDER.stream()
                        .map(file -> "com\\.example\\.northlight\\." + file.replace(".java", "(\\$.*)?"))
                        .collect(Collectors.joining("|")))
                .should(onlyDependOnClassesThat(
                        publicApi.or(DescribedPredicate.not(resideInAPackage("io.genvideo..")))))
                .check(new ClassFileImporter().importPackages("com.example.northlight"));
    }

    @Test
    void kitNeedsTheDependenciesThatThePageNames() {
        classes()
                .that()
                .resideInAPackage("io.genvideo.conformance")
                .should(onlyDependOnClassesThat(resideInAnyPackage(
                        "java..",
                        "io.genvideo.conformance",
                        // main jar, with what it brings
                        "io.genvideo.engine",
                        "io.genvideo.spi",
                        "io.genvideo.model",
                        "io.genvideo.http..",
                        "io.genvideo.repository.memory",
                        "com.fasterxml.jackson..",
                        "org.jspecify..",
                        // junit-jupiter, assertj-core, log4j-slf4j2-impl
                        "org.junit.jupiter.api..",
                        "org.assertj.core..",
                        "org.apache.logging.log4j..")))
                .check(new ClassFileImporter().importPackages("io.genvideo.conformance"));
    }

    /** From the comment of its class on. */
    private static String source(String file) throws IOException {
        String text = Files.readString(SOURCES.resolve(file)).replace("\r\n", "\n");
        return text.substring(text.indexOf("\n/**") + 1);
    }
}
