/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.endpointdsl;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The class that docs/camel-cli.md prints compiles, and its endpoints are those of the component. */
class DocumentedRoutesTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "camel-cli.md");
    private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?class (\\w+).*?)```");

    @TempDir
    Path folder;

    @Test
    void compilesAndAddsItsRoute() throws Exception {
        Matcher snippet = JAVA.matcher(Files.readString(PAGE));
        assertThat(snippet.find()).isTrue();
        Path source = Files.writeString(folder.resolve(snippet.group(2) + ".java"), snippet.group(1));

        int errors = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", System.getProperty("java.class.path"), source.toString());

        assertThat(errors).isZero();
        try (URLClassLoader loader = new URLClassLoader(
                        new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
                DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes((RoutesBuilder)
                    loader.loadClass(snippet.group(2)).getConstructor().newInstance());
            assertThat(camel.getRouteDefinitions())
                    .singleElement()
                    .satisfies(route -> assertThat(route.getOutputs().get(0).getLabel())
                            .contains("genvideo://ima/text_to_video", "duration=10.0", "download=true"));
        }
    }
}
