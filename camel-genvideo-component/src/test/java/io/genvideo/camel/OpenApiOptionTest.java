/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.genvideo.model.ModelInfo;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A description of the service's models, given as a resource; nothing is sent. */
class OpenApiOptionTest {
    private static final String RESOURCE = "io/genvideo/provider/skillsvideo/openapi.json";
    private static final String DESCRIBE = "genvideo:skillsvideo/describe?model=kling-ai/o1/video";

    @TempDir
    private Path folder;

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final GenvideoAccount account = new GenvideoAccount();

    @BeforeEach
    void start() {
        account.setApiKey("sk_test");
        GenvideoComponent component = new GenvideoComponent(camel);
        component.getAccounts().put("skillsvideo", account);
        camel.addComponent("genvideo", component);
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private List<ModelInfo> describe(String uri) {
        List<?> models = camel.createFluentProducerTemplate().to(uri).request(List.class);
        return models.stream().map(ModelInfo.class::cast).toList();
    }

    @Test
    void withoutADocumentTheModelIsNotKnown() {
        assertThat(describe(DESCRIBE).get(0).parameters()).isEmpty();
    }

    @Test
    void aDocumentOnTheClassPathOrOnDisk() throws Exception {
        Path file = folder.resolve("openapi.json");
        try (InputStream in = getClass().getResourceAsStream("/" + RESOURCE)) {
            Files.copy(in, file);
        }

        for (String resource : List.of("classpath:" + RESOURCE, "file:" + file)) {
            assertThat(describe(DESCRIBE + "&openApi=" + resource).get(0).parameters())
                    .extracting(ModelInfo.Parameter::name)
                    .contains("duration", "aspect_ratio");
        }
    }

    @Test
    void anAccountMayBringIt() {
        account.setOpenApi("classpath:" + RESOURCE);

        assertThat(describe(DESCRIBE).get(0).parameters()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://example.com/openapi.json|must begin with classpath: or file:",
                "openapi.json|must begin with classpath: or file:",
                "classpath:nowhere.json|classpath:nowhere.json can't be read",
                "classpath:log4j2-test.xml|openApi"
            })
    void aDocumentThatIsNoneStopsTheStart(String resource, String text) {
        Throwable failure = catchThrowable(() -> describe(DESCRIBE + "&openApi=" + resource));

        assertThat(Stream.iterate(failure, e -> e != null, Throwable::getCause)
                        .map(Throwable::getMessage)
                        .collect(Collectors.joining(" | ")))
                .contains(text);
    }
}
