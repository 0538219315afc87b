/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files live as long as something can read them, and what a killed process has left goes at the next start. */
class WorkFolderTest {
    @TempDir
    Path parent;

    private final DefaultCamelContext camel = new DefaultCamelContext();

    private static Path fileOf(ExchangeFiles files) throws IOException {
        return Files.writeString(files.folder().resolve("lake.mp4"), "video");
    }

    private Path fileOfForgottenExchange(WorkFolder folder) throws IOException {
        return fileOf(folder.newFiles(new DefaultExchange(camel)));
    }

    private static void awaitDeleted(Path file) {
        await().untilAsserted(() -> {
            System.gc();
            assertThat(file).doesNotExist();
            assertThat(file.getParent()).doesNotExist();
        });
    }

    @Test
    void deletesTheFilesOfAnUnreachableExchange() throws IOException {
        try (WorkFolder folder = new WorkFolder(parent)) {
            awaitDeleted(fileOfForgottenExchange(folder));
        }
    }

    @Test
    void keepsTheFilesThatACopyOfTheExchangeCanRead() throws IOException {
        try (WorkFolder folder = new WorkFolder(parent)) {
            Exchange original = new DefaultExchange(camel);
            Path file = fileOf(folder.newFiles(original));
            Exchange copy = original.copy();
            original = null;

            // The collector has run when the file of an exchange without copies is gone
            awaitDeleted(fileOfForgottenExchange(folder));

            assertThat(file).exists();
            assertThat(copy.getProperty(GenvideoConstants.FILES_PROPERTY)).isNotNull();
        }
    }

    @Test
    void keepsTheFilesOfAllStepsOfAnExchange() throws IOException {
        try (WorkFolder folder = new WorkFolder(parent)) {
            Exchange exchange = new DefaultExchange(camel);
            Path first = fileOf(folder.newFiles(exchange));
            Path second = fileOf(folder.newFiles(exchange));

            awaitDeleted(fileOfForgottenExchange(folder));

            assertThat(first).exists();
            assertThat(second).exists();
            assertThat(exchange.getProperty(GenvideoConstants.FILES_PROPERTY)).isNotNull();
        }
    }

    @Test
    void deletesAllFilesWhenItIsClosed() throws IOException {
        WorkFolder folder = new WorkFolder(parent);
        Exchange exchange = new DefaultExchange(camel);
        Path file = fileOf(folder.newFiles(exchange));

        folder.close();

        assertThat(file).doesNotExist();
        assertThat(parent).isEmptyDirectory();
        assertThat(exchange.getProperty(GenvideoConstants.FILES_PROPERTY)).isNotNull();
    }

    @Test
    void deletesWhatAKilledProcessHasLeftAndNothingElse() throws IOException {
        Path left = Files.createDirectories(parent.resolve("camel-genvideo-1/3"));
        Files.writeString(parent.resolve("camel-genvideo-1/in-use.lock"), "");
        Files.writeString(left.resolve("lake.mp4"), "video");
        Path stranger = Files.createDirectories(parent.resolve("camel-genvideo-notes"));
        Path target = Files.createDirectories(parent.resolve("elsewhere"));
        Files.writeString(target.resolve("in-use.lock"), "");
        Files.createSymbolicLink(parent.resolve("camel-genvideo-link"), target);

        try (WorkFolder living = new WorkFolder(parent)) {
            Exchange exchange = new DefaultExchange(camel);
            Path file = fileOf(living.newFiles(exchange));
            try (WorkFolder next = new WorkFolder(parent)) {
                assertThat(fileOf(next.newFiles(exchange))).exists();
                assertThat(file).as("of a living component").exists();
            }
        }

        try (Stream<Path> names = Files.list(parent)) {
            assertThat(names).containsExactlyInAnyOrder(stranger, target, parent.resolve("camel-genvideo-link"));
        }
        assertThat(target.resolve("in-use.lock")).exists();
    }
}
