/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaSource;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes of pictures and videos are read from their headers, and damaged ones have none. */
class MediaHeadersTest {
    private static final ServiceErrors ERRORS = new ServiceErrors("test");

    @TempDir
    Path folder;

    private static Medium medium(byte[] content) {
        return Medium.of(MediaInput.of(new MediaSource.Bytes(content, null, null)), ERRORS);
    }

    private Medium file(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("medium"), content);
        return Medium.of(MediaInput.of(new MediaSource.Local(file, null)), ERRORS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp", "image/heic"})
    void readsSizeOfEachFormat(String type) throws IOException {
        byte[] picture = PictureSamples.picture(type, 1234, 777);

        assertThat(PictureSize.of(medium(picture))).contains(new PictureSize(1234, 777));
        assertThat(PictureSize.of(file(picture))).contains(new PictureSize(1234, 777));
    }

    @ParameterizedTest
    @ValueSource(strings = {"VP8 ", "VP8L", "VP8X"})
    void readsEachFormOfWebp(String form) throws IOException {
        assertThat(PictureSize.of(medium(PictureSamples.webp(form, 16_000, 9)))).contains(new PictureSize(16_000, 9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
    void readsWhatAnEncoderWrites(String format) throws IOException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        assertThat(ImageIO.write(new BufferedImage(321, 123, BufferedImage.TYPE_INT_RGB), format, encoded))
                .isTrue();

        assertThat(PictureSize.of(medium(encoded.toByteArray()))).contains(new PictureSize(321, 123));
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp", "image/heic"})
    void truncatedHeaderHasNoSize(String type) throws IOException {
        byte[] picture = PictureSamples.picture(type, 1234, 777);
        Medium truncated = medium(Arrays.copyOf(picture, 20));

        assertThat(PictureSize.of(truncated)).isEmpty();
    }

    @Test
    void readsVideoWhereverItsHeaderStands() throws IOException {
        VideoTrack track =
                VideoTrack.of(file(PictureSamples.video(1280, 720, 5.04, 126))).orElseThrow();

        assertThat(track.width()).isEqualTo(1280);
        assertThat(track.height()).isEqualTo(720);
        assertThat(track.seconds()).isCloseTo(5.04, within(0.001));
        assertThat(track.frameRate()).isCloseTo(25.0, within(0.001));
    }

    @Test
    void videoInFragmentsHasNoLengthInItsHeader() throws IOException {
        VideoTrack track =
                VideoTrack.of(medium(PictureSamples.video(1280, 720, 0, 1))).orElseThrow();

        assertThat(track.seconds()).isNull();
        assertThat(track.frameRate()).isNull();
    }

    @Test
    void truncatedVideoHasNoHeader() throws IOException {
        byte[] video = PictureSamples.video(1280, 720, 5, 125);

        assertThat(VideoTrack.of(medium(Arrays.copyOf(video, 15_000)))).isEmpty();
        assertThat(VideoTrack.of(medium(Arrays.copyOf(video, video.length - 40))))
                .isEmpty();
    }

    @Test
    void readsLargeSizesOfBoxes() throws IOException {
        byte[] video = PictureSamples.video(1280, 720, 5, 125);
        byte[] large = ByteBuffer.allocate(16)
                .putInt(1)
                .put(new byte[] {'f', 'r', 'e', 'e'})
                .putLong(16)
                .array();

        byte[] mixed =
                PictureSamples.join(Arrays.copyOf(video, 20), large, Arrays.copyOfRange(video, 20, video.length));

        assertThat(VideoTrack.of(medium(mixed))).isPresent();
    }

    /** Whatever a header claims, reading it takes little and ends. */
    @ParameterizedTest
    @ValueSource(
            strings = {"image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp", "image/heic", "video/mp4"})
    void damagedHeaderEndsQuietly(String type) throws IOException {
        Random random = new Random(42);
        byte[] sample = type.equals("video/mp4")
                ? PictureSamples.video(1280, 720, 5, 125)
                : PictureSamples.picture(type, 1234, 777);
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = sample.clone();
            int changes = 1 + random.nextInt(8);
            for (int c = 0; c < changes; c++) {
                int at = type.equals("video/mp4") && random.nextBoolean()
                        ? damaged.length - 1 - random.nextInt(400)
                        : 12 + random.nextInt(Math.min(damaged.length, 1300) - 12);
                damaged[at] = (byte) (random.nextBoolean() ? 0xFF : random.nextInt(256));
            }
            Medium medium = medium(damaged);
            if (type.equals("video/mp4")) {
                VideoTrack.of(medium).ifPresent(t -> assertThat(t.width()).isPositive());
            } else {
                PictureSize.of(medium).ifPresent(s -> assertThat(s.width()).isPositive());
            }
        }
    }
}
