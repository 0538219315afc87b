/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.GenerationTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consuming late results, as people write it down. */
class LateRoutesTest {
    private final ImaContext ima = new ImaContext();

    @TempDir
    Path folder;

    @BeforeEach
    void addSubmittingRoute() throws Exception {
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:submit").to("genvideo:ima/text_to_video?waitForResult=false");
            }
        });
    }

    @AfterEach
    void stop() {
        ima.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"late-results.camel.yaml", "late-results.camel.xml"})
    void aRouteWithoutJava(String file) throws Exception {
        ima.routes(file).start();
        MockEndpoint late = ima.camel().getEndpoint("mock:late", MockEndpoint.class);
        late.expectedMessageCount(2);

        ima.generate("direct:submit", "a lake");
        ima.generate("direct:submit", "a lake [[fail: too dark]]");

        late.assertIsSatisfied();
        assertThat(late.getExchanges())
                .extracting(e -> e.getMessage().getHeader(GenvideoConstants.STATUS))
                .containsExactlyInAnyOrder("SUCCEEDED", "FAILED");
        assertThat(late.getExchanges()).allMatch(e -> e.getMessage().getBody() instanceof GenerationTask);
        ima.assertCharged(2);
    }

    @Test
    void theShippedRouteWorksByTheClock() throws Exception {
        Map<String, String> properties = Map.of("genvideo.folder", folder.toString(), "genvideo.cron", "0/1 * * * * ?");
        properties.forEach((name, value) -> ima.camel().getPropertiesComponent().addInitialProperty(name, value));
        PluginHelper.getRoutesLoader(ima.camel())
                .loadRoutes(ResourceHelper.resolveMandatoryResource(
                        ima.camel(), "file:../routes/late-results-cron.camel.yaml"));
        ima.start();

        ima.send("direct:submit", "a lake", Map.of(Exchange.FILE_NAME, "trip/photo.jpg"));
        ima.send("direct:submit", "a lake [[fail: too dark]]", Map.of(Exchange.FILE_NAME, "dark.jpg"));

        await().atMost(Duration.ofSeconds(20)).until(() -> files().size() == 3);
        assertThat(files())
                .containsExactly("failed/dark.reason.txt", "outbox/trip/photo.json", "outbox/trip/photo.mp4");
        assertThat(Files.readString(folder.resolve("failed/dark.reason.txt"))).contains("too dark");
        assertThat(Files.readString(folder.resolve("outbox/trip/photo.json"))).contains("\"SUCCEEDED\"");
        await().untilAsserted(() ->
                assertThat(ima.component().getUndeliveredResults()).isZero());
        ima.assertCharged(2);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(f -> !f.getFileName().toString().startsWith("."))
                    .map(f -> folder.relativize(f).toString())
                    .sorted()
                    .toList();
        }
    }
}
