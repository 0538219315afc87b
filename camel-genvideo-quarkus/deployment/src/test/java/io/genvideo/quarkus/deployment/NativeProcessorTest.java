/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.camel.GeneratedFile;
import io.genvideo.camel.GenvideoComponent;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.InsufficientCreditsException;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.spi.GenerationProviderFactory;
import io.quarkus.deployment.builditem.CombinedIndexBuildItem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.jboss.jandex.Index;
import org.jboss.jandex.IndexReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeProcessorTest {
    private final NativeProcessor processor = new NativeProcessor();

    @Test
    void registersModelExceptionsAndResultsForReflection() throws Exception {
        Index index = indexOfTheComponent();

        assertThat(processor
                        .reflection(new CombinedIndexBuildItem(index, index))
                        .getClassNames())
                .contains(
                        GenerationTask.class.getName(),
                        InsufficientCreditsException.class.getName(),
                        GeneratedFile.class.getName(),
                        JdbcTaskRepository.class.getName());
    }

    @Test
    void registersEveryProvider() {
        assertThat(processor.providers().providers())
                .containsExactlyInAnyOrderElementsOf(ServiceLoader.load(GenerationProviderFactory.class).stream()
                        .map(f -> f.type().getName())
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io/genvideo/provider/skillsvideo/endpoints_2026-03-20.json",
                "io/genvideo/provider/mediaio/operations_2026-03-10.json",
                "io/genvideo/repository/jdbc/V1__tasks.sql"
            })
    void includesCataloguesAndStatementsOfTheJournal(String resource) {
        assertThat(GenvideoComponent.class.getClassLoader().getResource(resource))
                .isNotNull();
        assertThat(processor.resources().getIncludePatterns()).anyMatch(pattern -> Pattern.matches(pattern, resource));
    }

    /** The one in the component's jar, without which Camel Quarkus would not find the component. */
    private static Index indexOfTheComponent() throws IOException {
        String name = GenvideoComponent.class.getName().replace('.', '/') + ".class";
        String type = Objects.requireNonNull(
                        GenvideoComponent.class.getClassLoader().getResource(name))
                .toString();
        URI index = URI.create(type.replace(name, "META-INF/jandex.idx"));
        try (InputStream in = index.toURL().openStream()) {
            return new IndexReader(in).read();
        }
    }
}
