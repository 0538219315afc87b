/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MediaSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An input is what its content is; what is no medium is refused before anything is sent. */
class MediumTest {
    private static final ServiceErrors ERRORS = new ServiceErrors("test");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "a.jpg,image/jpeg,IMAGE",
        "a.JPEG,image/jpeg,IMAGE",
        "a.png,image/png,IMAGE",
        "a.gif,image/gif,IMAGE",
        "a.webp,image/webp,IMAGE",
        "a.bmp,image/bmp,IMAGE",
        "a.heic,image/heic,IMAGE",
        "a.mp4,video/mp4,VIDEO",
        "a.m4v,video/mp4,VIDEO",
        "a.mov,video/quicktime,VIDEO",
        "a.webm,video/webm,VIDEO",
        "a.mkv,video/x-matroska,VIDEO",
        "a.avi,video/x-msvideo,VIDEO",
        "a.mp3,audio/mpeg,AUDIO",
        "a.wav,audio/wav,AUDIO",
        "a.m4a,audio/mp4,AUDIO",
        "a.aac,audio/aac,AUDIO"
    })
    void recognisesEveryFormatByItsContent(String name, String type, MediaKind kind) {
        Medium named = medium(MediaSamples.named(name), name, null);

        assertThat(named.mimeType()).isEqualTo(type);
        assertThat(named.kind()).isEqualTo(kind);
        assertThat(medium(MediaSamples.named(name), null, null).kind()).isEqualTo(kind);
        assertThat(medium(MediaSamples.named(name), "a.tmp", type).mimeType()).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "a.jpg,-,image/png,image/png,''",
                "a.png,image/webp,image/jpeg,image/jpeg,''",
                "a.mp4,-,image/png,image/png,''",
                "a.jpg,image/jpeg,video/mp4,video/mp4,''",
                "a.jpeg,-,image/jpeg,image/jpeg,jpeg",
                "a.mp4,-,video/quicktime,video/quicktime,''",
                "-,application/octet-stream,image/png,image/png,''"
            })
    void trustsTheContentMoreThanNameAndDeclaredType(
            String name, String declared, String content, String type, String suffix) {
        Medium medium = medium(MediaSamples.ofType(content), name, declared);

        assertThat(medium.mimeType()).isEqualTo(type);
        assertThat(medium.contentType()).isEqualTo(type);
        assertThat(medium.suffix()).isEqualTo(suffix);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pom.xml|<?xml version=\"1.0\"?><project/>|text",
                "picture.jpg|<?xml version=\"1.0\"?><project/>|text",
                "page.png|<!DOCTYPE html><html>|text",
                "a.mp4|{\"error\":\"gone\"}|text",
                "a.svg|<svg xmlns='http://www.w3.org/2000/svg'/>|text",
                "letter.pdf|%PDF-1.7 ........|a PDF document",
                "a.jpg|PK\u0003\u0004............|an archive"
            })
    void refusesWhatIsNoMedium(String name, String content, String what) {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> medium(bytes, name, "image/jpeg"))
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("input " + name + " is no picture, video or audio")
                .hasMessageContaining(what)
                .hasMessageContaining("allowed: JPEG, PNG");
    }

    @Test
    void refusesThreeBytes() {
        assertThatThrownBy(() -> medium(new byte[] {1, 2, 3}, "a.png", null))
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("3 bytes that begin with 01 02 03");
    }

    @Test
    void refusesAFileByItsContentWhateverItsName() throws Exception {
        Path file = Files.writeString(folder.resolve("holiday.jpg"), "this is no picture");

        assertThatThrownBy(() -> Medium.of(MediaInput.of(new MediaSource.Local(file, "image/jpeg")), ERRORS))
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("input holiday.jpg is no picture");
    }

    @Test
    void refusesAFileThatChangedSinceItWasInspected() throws Exception {
        Path file = Files.write(folder.resolve("a.png"), MediaSamples.named("a.png"));
        Medium medium = Medium.of(MediaInput.of(new MediaSource.Local(file, null)), ERRORS);
        Files.write(file, MediaSamples.named("a.mp4"));

        assertThatThrownBy(() -> medium.refreshed(ERRORS))
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("a.png was image/png when the request was checked and is video/mp4 now");
    }

    private static Medium medium(byte[] content, String name, String declared) {
        return Medium.of(MediaInput.of(new MediaSource.Bytes(content, name, declared)), ERRORS);
    }
}
