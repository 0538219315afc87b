/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestMedia;
import io.genvideo.sandbox.media.RenderRequest.Picture;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.jcodec.api.FrameGrab;
import org.jcodec.common.io.FileChannelWrapper;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.scale.AWTUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RendererTest {
    @TempDir
    private Path dir;

    private Renderer renderer;

    @AfterEach
    void close() {
        if (renderer != null) {
            renderer.close();
        }
    }

    private Rendered render(RenderRequest request, SandboxConfig.Ffmpeg ffmpeg) throws Exception {
        SandboxConfig config = SandboxConfig.builder()
                .maxDimension(160)
                .frameRate(8)
                .useFfmpeg(ffmpeg)
                .build();
        renderer = new Renderer(config, new MediaStore(dir, 1 << 30));
        return renderer.render(request).get();
    }

    private static RenderRequest scene(String aspect, int shortSide, int seconds) {
        return new RenderRequest("test", "a prompt", List.of(), shortSide, aspect, seconds);
    }

    private Picture picture(String name, Color color, int width, int height) throws Exception {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(color);
        g.fillRect(0, 0, width, height);
        g.dispose();
        Path file = dir.resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return new Picture(file, name, name);
    }

    /** Top-level and nested boxes as {@code path@offset}, and the fields that the tests want. */
    private static final class Mp4 {
        private final ByteBuffer bytes;
        private final List<String> top = new ArrayList<>();
        private double seconds;
        private int width;
        private int height;
        private String codec = "";
        private int firstChunk;

        private Mp4(Path file) throws Exception {
            bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            walk(0, bytes.limit(), "");
        }

        private void walk(int from, int to, String parent) {
            for (int at = from; at < to; ) {
                int size = bytes.getInt(at);
                String type = new String(bytes.array(), at + 4, 4, StandardCharsets.ISO_8859_1);
                if (parent.isEmpty()) {
                    top.add(type);
                }
                switch (type) {
                    case "moov", "trak", "mdia", "minf", "stbl" -> walk(at + 8, at + size, type);
                    case "mvhd" -> seconds = bytes.getInt(at + 24) / (double) bytes.getInt(at + 20);
                    case "tkhd" -> {
                        width = bytes.getInt(at + size - 8) >> 16;
                        height = bytes.getInt(at + size - 4) >> 16;
                    }
                    case "stsd" -> codec = new String(bytes.array(), at + 20, 4, StandardCharsets.ISO_8859_1);
                    case "stco" -> firstChunk = bytes.getInt(at + 16);
                    case "co64" -> firstChunk = (int) bytes.getLong(at + 16);
                    default -> {}
                }
                at += size == 1 ? (int) bytes.getLong(at + 8) : size;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"16:9,720,2,160,90", "9:16,1080,1,90,160", "1:1,540,1,160,160", "21:9,480,1,160,68", ",720,1,160,90"})
    void makesAPlayableFile(String aspect, int shortSide, int seconds, int width, int height) throws Exception {
        Rendered result = render(scene(aspect, shortSide, seconds), SandboxConfig.Ffmpeg.NEVER);
        check(result, seconds, width, height);
    }

    private static void check(Rendered result, int seconds, int width, int height) throws Exception {
        Mp4 mp4 = new Mp4(result.video());
        assertThat(mp4.top).contains("moov", "mdat");
        assertThat(mp4.top.indexOf("moov")).isLessThan(mp4.top.indexOf("mdat"));
        assertThat(mp4.codec).isEqualTo("avc1");
        assertThat(mp4.seconds).isEqualTo(seconds);
        assertThat(mp4.width).isEqualTo(width).isEqualTo(result.width());
        assertThat(mp4.height).isEqualTo(height).isEqualTo(result.height());
        BufferedImage cover = ImageIO.read(result.cover().toFile());
        assertThat(cover.getWidth()).isEqualTo(width);
        assertThat(cover.getHeight()).isEqualTo(height);
        assertThat(frames(result)).hasSize(8 * seconds);
    }

    private static List<BufferedImage> frames(Rendered result) throws Exception {
        List<BufferedImage> frames = new ArrayList<>();
        try (FileChannelWrapper channel =
                NIOUtils.readableChannel(result.video().toFile())) {
            FrameGrab grab = FrameGrab.createFrameGrab(channel);
            for (var frame = grab.getNativeFrame(); frame != null; frame = grab.getNativeFrame()) {
                frames.add(AWTUtil.toBufferedImage(frame));
            }
        }
        return frames;
    }

    @Test
    void ffmpegMakesTheSame() throws Exception {
        assumeThat(FfmpegEncoder.find()).isPresent();
        check(render(scene("16:9", 720, 2), SandboxConfig.Ffmpeg.AUTO), 2, 160, 90);
    }

    @Test
    void fadesFromTheFirstPictureToTheLast() throws Exception {
        RenderRequest request = new RenderRequest(
                "test",
                "",
                List.of(picture("red.png", Color.RED, 400, 400), picture("blue.png", Color.BLUE, 100, 100)),
                720,
                null,
                2);
        Rendered result = render(request, SandboxConfig.Ffmpeg.NEVER);
        assertThat(result.width()).isEqualTo(result.height());
        List<BufferedImage> frames = frames(result);
        Color first = new Color(frames.get(0).getRGB(80, 80));
        Color last = new Color(frames.get(frames.size() - 1).getRGB(80, 80));
        assertThat(first.getRed()).isGreaterThan(180);
        assertThat(first.getBlue()).isLessThan(80);
        assertThat(last.getBlue()).isGreaterThan(180);
        assertThat(last.getRed()).isLessThan(80);
    }

    @Test
    void theSceneMoves() throws Exception {
        List<BufferedImage> frames = frames(render(scene("1:1", 720, 1), SandboxConfig.Ffmpeg.NEVER));
        int different = 0;
        BufferedImage a = frames.get(0);
        BufferedImage b = frames.get(frames.size() - 1);
        for (int i = 0; i < 160; i++) {
            different += Math.abs((a.getRGB(i, 60) & 255) - (b.getRGB(i, 60) & 255)) > 8 ? 1 : 0;
        }
        assertThat(different).isGreaterThan(20);
    }

    @Test
    void anUnreadablePictureIsReplaced() throws Exception {
        Path broken = Files.writeString(dir.resolve("photo.webp"), "RIFF....WEBP");
        Path cut = dir.resolve("cut.png");
        byte[] png =
                Files.readAllBytes(picture("whole.png", Color.RED, 200, 200).file());
        Files.write(cut, java.util.Arrays.copyOf(png, png.length / 2));
        List<Picture> pictures = List.of(
                new Picture(broken, "photo.webp", "1"),
                new Picture(cut, "cut.png", "2"),
                new Picture(null, "far.jpg", "3"));
        Rendered result = render(new RenderRequest("test", "x", pictures, 720, "16:9", 1), SandboxConfig.Ffmpeg.NEVER);
        check(result, 1, 160, 90);
    }

    @Test
    void equalRequestsAreRenderedOnceAndAgainWhenTheFileIsGone() throws Exception {
        Rendered first = render(scene("1:1", 720, 1), SandboxConfig.Ffmpeg.NEVER);
        assertThat(renderer.render(scene("1:1", 720, 1)).get()).isSameAs(first);
        assertThat(renderer.render(scene("16:9", 720, 1)).get()).isNotEqualTo(first);
        Files.delete(first.video());
        assertThat(renderer.render(scene("1:1", 720, 1)).get().video()).exists();
    }

    @Test
    void theDiskStaysBounded() throws Exception {
        try (MediaStore store = new MediaStore(dir, 1000)) {
            for (int i = 0; i < 10; i++) {
                byte[] picture = Arrays.copyOf(TestMedia.png(2, 2), 400);
                store.upload("ima", "/media/in/" + i, "image/png", new ByteArrayInputStream(picture));
            }
            assertThat(store.find("/media/in/0")).isEmpty();
            assertThat(store.find("/media/in/9")).isPresent();
        }
        try (var files = Files.list(dir)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void longTextIsWrappedAndCut() {
        var metrics = new BufferedImage(10, 10, BufferedImage.TYPE_INT_RGB)
                .createGraphics()
                .getFontMetrics();
        List<String> lines = Caption.wrap("word ".repeat(200) + "x".repeat(500), metrics, 200, 3);
        assertThat(lines)
                .hasSize(3)
                .allSatisfy(l -> assertThat(metrics.stringWidth(l)).isLessThanOrEqualTo(200));
        assertThat(lines.get(2)).endsWith("\u2026");
        assertThat(Caption.wrap("x".repeat(100), metrics, 100, 9)).hasSizeGreaterThan(2);
        assertThat(Caption.wrap("  ", metrics, 100, 3)).isEmpty();
    }
}
