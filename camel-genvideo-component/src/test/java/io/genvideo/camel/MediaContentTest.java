/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is handed over is the medium that the service has announced. */
class MediaContentTest {
    private static final byte[] MP4 = bytes("\0\0\0\u0020ftypisom\0\0\2\0");
    private static final byte[] UNKNOWN = bytes("\0\1\2\3\4\5 a container that is not known");

    @TempDir
    Path folder;

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    private MediaContent content(byte[] bytes, MediaKind kind, @Nullable String contentType) throws IOException {
        Path file = Files.write(folder.resolve("result"), bytes);
        Media medium = new Media(URI.create("https://media.example/1"), kind, null, null, null, null, null, null);
        return MediaContent.of(file, medium, contentType);
    }

    @Test
    void acceptsTheAnnouncedMediumWhateverTheServerCallsIt() throws IOException {
        assertThat(content(MP4, MediaKind.VIDEO, "video/mp4").mismatch()).isNull();
        assertThat(content(MP4, MediaKind.VIDEO, "application/octet-stream").mismatch())
                .isNull();
        assertThat(content(MP4, MediaKind.VIDEO, null).mismatch()).isNull();
        assertThat(content(ImaContext.picture(1), MediaKind.IMAGE, "text/html").mismatch())
                .isNull();
        assertThat(content(MP4, MediaKind.AUDIO, "audio/mp4").mismatch()).isNull();
    }

    @Test
    void refusesAnotherKindOfMedium() throws IOException {
        assertThat(content(ImaContext.picture(1), MediaKind.VIDEO, "video/mp4").mismatch())
                .isEqualTo("of type image/png, not a video");
        assertThat(content(MP4, MediaKind.IMAGE, "image/png").mismatch()).isEqualTo("of type video/mp4, not an image");
    }

    @Test
    void refusesPagesAndEmptyFiles() throws IOException {
        assertThat(content(bytes("<html>"), MediaKind.VIDEO, "video/mp4").mismatch())
                .isEqualTo("text, not a video");
        assertThat(content(bytes("{\"error\":1}"), MediaKind.AUDIO, "audio/mpeg")
                        .mismatch())
                .isEqualTo("text, not an audio file");
        assertThat(content(bytes("<html>"), MediaKind.OTHER, "text/html; charset=utf-8")
                        .mismatch())
                .isEqualTo("a web page");
        for (MediaKind kind : MediaKind.values()) {
            assertThat(content(new byte[0], kind, "video/mp4").mismatch()).isEqualTo("an empty file");
        }
    }

    @Test
    void trustsTheServerOnlyForContainersThatAreNotKnown() throws IOException {
        assertThat(content(UNKNOWN, MediaKind.VIDEO, "video/mp2t").mismatch()).isNull();
        assertThat(content(UNKNOWN, MediaKind.VIDEO, "application/octet-stream").mismatch())
                .isEqualTo("not recognised as a video");
        assertThat(content(UNKNOWN, MediaKind.OTHER, "model/gltf-binary").mismatch())
                .isNull();
    }

    @Test
    void hasTheExtensionOfItsContent() throws IOException {
        assertThat(content(MP4, MediaKind.VIDEO, "video/webm").extension()).isEqualTo("webm");
        assertThat(content(MP4, MediaKind.VIDEO, "text/plain").extension()).isEqualTo("mp4");
        assertThat(content(ImaContext.picture(1), MediaKind.IMAGE, null).extension())
                .isEqualTo("png");
        assertThat(content(UNKNOWN, MediaKind.OTHER, null).extension()).isEqualTo("bin");
    }
}
