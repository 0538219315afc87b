/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.media;

import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.SandboxConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renders on a few background threads, each distinct request once. */
public final class Renderer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Renderer.class);
    private static final RenderRequest SAMPLE = new RenderRequest("sample", "", List.of(), 96, "16:9", 1);
    private static final RenderRequest SAMPLE_STILL = new RenderRequest("sample", "", List.of(), 96, "16:9", 0);

    private static final int CLOSE_SECONDS = 10;

    private final SandboxConfig config;
    private final MediaStore store;
    private final ExecutorService pool;
    private final Optional<Path> ffmpeg;
    private final Map<String, CompletableFuture<Rendered>> cache = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Still>> stills = new ConcurrentHashMap<>();

    public Renderer(SandboxConfig config, MediaStore store) {
        this.config = config;
        this.store = store;
        this.ffmpeg = config.useFfmpeg() == SandboxConfig.Ffmpeg.AUTO ? FfmpegEncoder.find() : Optional.empty();
        this.pool = Executors.newFixedThreadPool(config.renderThreads(), task -> {
            Thread thread = new Thread(task, "sandbox-render");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Renders, or attaches to an equal rendering.
     *
     * @return completes with the files, or exceptionally if they could not be made
     */
    public CompletableFuture<Rendered> render(RenderRequest asked) {
        RenderRequest request = config.rendering() == SandboxConfig.Rendering.SAMPLE ? SAMPLE : asked;
        return cache.compute(
                request.key(),
                (key, old) -> old != null && usable(old, Rendered::video)
                        ? old
                        : CompletableFuture.supplyAsync(() -> renderNow(request), pool));
    }

    /**
     * Paints a picture, or attaches to an equal one.
     *
     * @return completes with the file, or exceptionally if it could not be made
     */
    public CompletableFuture<Still> still(RenderRequest asked) {
        RenderRequest request = config.rendering() == SandboxConfig.Rendering.SAMPLE ? SAMPLE_STILL : asked;
        return stills.compute(
                request.key(),
                (key, old) -> old != null && usable(old, Still::file)
                        ? old
                        : CompletableFuture.supplyAsync(() -> paintNow(request), pool));
    }

    /** A rendering can have been deleted to keep the disk bounded, or have failed. */
    private static <T> boolean usable(CompletableFuture<T> future, Function<T, Path> file) {
        return !future.isDone() || (!future.isCompletedExceptionally() && Files.exists(file.apply(future.join())));
    }

    private Still paintNow(RenderRequest request) {
        Path file = store.newFile(".png");
        try {
            Scene scene = Scene.of(request, config.maxDimension());
            BufferedImage image = scene.newFrame();
            scene.paint(image, 0);
            if (!ImageIO.write(image, "png", file.toFile())) {
                throw new IOException("this Java has no PNG writer");
            }
            store.keep(file);
            return new Still(file, scene.width(), scene.height(), hash(file));
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private Rendered renderNow(RenderRequest request) {
        long start = System.nanoTime();
        Path video = store.newFile(".mp4");
        Path cover = store.newFile(".jpg");
        try {
            Scene scene = Scene.of(request, config.maxDimension());
            int rate = Math.max(
                    1, Math.min(config.frameRate(), SandboxConfig.MAX_FRAMES / Math.max(1, request.seconds())));
            int frames = rate * request.seconds();
            writeCover(scene, cover);
            try (FrameEncoder encoder = encoder(video, scene, rate)) {
                BufferedImage frame = scene.newFrame();
                for (int i = 0; i < frames; i++) {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new InterruptedIOException("the sandbox was closed");
                    }
                    scene.paint(frame, frames == 1 ? 0 : i / (double) (frames - 1));
                    encoder.add(frame);
                }
                encoder.finish();
            }
            store.keep(video);
            store.keep(cover);
            LOG.debug(
                    "rendered {} s, {} frames of {}x{} in {} ms",
                    request.seconds(),
                    frames,
                    scene.width(),
                    scene.height(),
                    (System.nanoTime() - start) / 1_000_000);
            return new Rendered(
                    video, cover, scene.width(), scene.height(), request.seconds(), hash(video), hash(cover));
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private FrameEncoder encoder(Path video, Scene scene, int rate) throws IOException {
        return ffmpeg.isPresent()
                ? new FfmpegEncoder(ffmpeg.get(), video, scene.width(), scene.height(), rate)
                : new JcodecEncoder(video, scene.width(), scene.height(), rate);
    }

    private static void writeCover(Scene scene, Path cover) throws IOException {
        BufferedImage first = scene.newFrame();
        scene.paint(first, 0);
        if (!ImageIO.write(first, "jpeg", cover.toFile())) {
            throw new IOException("this Java has no JPEG writer");
        }
    }

    private static String hash(Path file) throws IOException {
        return MediaStore.hex(Ledger.sha256().digest(Files.readAllBytes(file)));
    }

    /** Stops; renderings that wait are dropped, and no file is written any more when this returns. */
    @Override
    public void close() {
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a rendering does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
