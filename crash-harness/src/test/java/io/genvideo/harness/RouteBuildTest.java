/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.camel.GenvideoComponent;
import io.genvideo.sandbox.Sandbox;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The class path of a node that runs another build of the component. */
class RouteBuildTest {
    @TempDir
    Path folder;

    private static List<String> entries(RouteBuild build) {
        return Arrays.asList(build.classPath().split(File.pathSeparator, -1));
    }

    private static String location(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    private void copyOf(Class<?> type) throws IOException {
        String name = "/" + type.getName().replace('.', '/') + ".class";
        Path copy = folder.resolve(name.substring(1));
        Files.createDirectories(copy.getParent());
        try (InputStream in = type.getResourceAsStream(name)) {
            Files.copy(in, copy);
        }
    }

    @Test
    void theOtherComponentTakesThePlaceOfThisOneAndOfTheSandbox() throws Exception {
        copyOf(GenvideoComponent.class);
        RouteBuild build = RouteBuild.of(folder.toString());
        assertThat(build.isOwn()).isFalse();
        assertThat(entries(build))
                .startsWith(folder.toString())
                .contains(location(RouteMain.class))
                .doesNotContain(location(GenvideoComponent.class), location(Sandbox.class));
    }

    @Test
    void thisBuildHasTheClassPathOfTheHarness() {
        assertThat(RouteBuild.own().isOwn()).isTrue();
        assertThat(RouteBuild.own().classPath()).isEqualTo(System.getProperty("java.class.path"));
    }

    @Test
    void optionsThatAJournalDoesNotHaveAreLeftOut() {
        assertThat(RouteBuild.own().hasJournalOption("startTimeout")).isTrue();
        assertThat(RouteBuild.own().hasJournalOption("bringsCoffee")).isFalse();
    }

    @Test
    void rejectsAClassPathWithoutTheComponent() {
        assertThatThrownBy(() -> RouteBuild.of(folder.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("harness.other=" + folder)
                .hasMessageContaining("GenvideoComponent is not in it");
    }

    @Test
    void rejectsAnEntryThatDoesNotExist() {
        assertThatThrownBy(() -> RouteBuild.of(folder.resolve("no.jar").toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no.jar does not exist");
    }
}
