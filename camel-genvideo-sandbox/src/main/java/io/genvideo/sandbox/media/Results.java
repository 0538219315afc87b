/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Renders the results of tasks and serves them. */
public final class Results {
    /**
     * What came out.
     *
     * @param ending of its file names, e.g. {@code .mp4}
     * @param bytes size of each file
     */
    public record Result(int width, int height, String contentType, String ending, long bytes) {
        /** Path of one result on this server. */
        public String path(String mediaId) {
            return "/media/out/" + mediaId + ending;
        }
    }

    private final MediaStore media;
    private final Renderer renderer;

    public Results(MediaStore media, Renderer renderer) {
        this.media = media;
        this.renderer = renderer;
    }

    /**
     * Renders a picture if the length is 0, else a video.
     *
     * @param mediaIds one for each result
     */
    public CompletableFuture<Result> render(String service, List<String> mediaIds, RenderRequest request) {
        if (request.seconds() == 0) {
            return renderer.still(request).thenApply(still -> {
                mediaIds.forEach(id -> media.publish(service, id, still));
                return new Result(still.width(), still.height(), "image/png", ".png", size(mediaIds, ".png"));
            });
        }
        return renderer.render(request).thenApply(video -> {
            mediaIds.forEach(id -> media.publish(service, id, video));
            return new Result(video.width(), video.height(), "video/mp4", ".mp4", size(mediaIds, ".mp4"));
        });
    }

    private long size(List<String> mediaIds, String ending) {
        try {
            Optional<MediaStore.Media> first = media.find("/media/out/" + mediaIds.get(0) + ending);
            return first.isPresent() ? first.get().size() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
