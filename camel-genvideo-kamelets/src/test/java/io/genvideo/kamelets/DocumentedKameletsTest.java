/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.kamelets;

import static io.genvideo.kamelets.KameletApplication.awaitFile;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file drop as it is printed in docs/camel-cli.md; only its folder is replaced. */
class DocumentedKameletsTest {
    private static final Path PAGE = Path.of("..", "docs", "camel-cli.md");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"yaml", "xml"})
    void makesVideoOfPicture(String language) throws Exception {
        Matcher snippet = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(Files.readString(PAGE));
        assertThat(snippet.find()).isTrue();
        Path routes = Files.writeString(
                folder.resolve("documented.camel." + language), snippet.group(1).replace("./demo", folder.toString()));

        try (KameletApplication application = new KameletApplication(folder)) {
            application.start("file:" + routes, Map.of());
            KameletApplication.drop(folder, "photo", "birds over the lake");

            awaitFile(folder.resolve("outbox/photo.mp4"));
            assertThat(application.charges("birds over the lake")).isEqualTo(1);
        }
    }
}
