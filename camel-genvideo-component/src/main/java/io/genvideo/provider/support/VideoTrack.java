/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The picture of an MP4 or QuickTime file as its header describes it; nothing is decoded.
 *
 * @param width in pixels, before any rotation
 * @param height in pixels, before any rotation
 * @param seconds how long it plays; {@code null} if the header does not contain it
 * @param frameRate average frames in a second; {@code null} if the header does not contain it
 */
public record VideoTrack(
        int width,
        int height,
        @Nullable Double seconds,
        @Nullable Double frameRate) {

    /**
     * Reads the header of a local video, wherever in the file it is.
     *
     * @return empty if the video is damaged, has no picture, or does not describe it in its header
     * @throws IOException if it cannot be read
     */
    public static Optional<VideoTrack> of(Medium video) throws IOException {
        try (InputStream in = new BufferedInputStream(video.open())) {
            return IsoBoxes.find(in, "moov").stream()
                    .flatMap(moov -> moov.children().stream())
                    .filter(box -> box.type().equals("trak") && isVideo(box))
                    .flatMap(trak -> track(trak).stream())
                    .findFirst();
        } catch (EOFException e) {
            // It ends within a box: the caller decides what a damaged video means
            return Optional.empty();
        }
    }

    private static boolean isVideo(IsoBoxes.Box trak) {
        return trak.at("mdia", "hdlr")
                .flatMap(box -> IsoBoxes.read(box, c -> c.getInt(8) == 0x76696465)) // "vide"
                .orElse(false);
    }

    private static Optional<VideoTrack> track(IsoBoxes.Box trak) {
        @Nullable
        Double seconds = trak.at("mdia", "mdhd")
                .flatMap(box -> IsoBoxes.read(box, VideoTrack::seconds))
                .filter(s -> s > 0 && Double.isFinite(s))
                .orElse(null);
        @Nullable
        Long frames = trak.at("mdia", "minf", "stbl", "stts")
                .flatMap(box -> IsoBoxes.read(box, VideoTrack::frames))
                .filter(n -> n > 0)
                .orElse(null);
        @Nullable Double rate = seconds == null || frames == null ? null : Double.valueOf(frames / seconds);
        return trak.child("tkhd")
                .flatMap(header -> IsoBoxes.read(
                        header,
                        c -> new VideoTrack(
                                c.getInt(c.limit() - 8) >>> 16, c.getInt(c.limit() - 4) >>> 16, seconds, rate)))
                .filter(t -> t.width > 0 && t.height > 0);
    }

    /** The units in all by the units in a second. */
    private static double seconds(ByteBuffer content) {
        boolean isLong = content.get(0) == 1;
        long unit = Integer.toUnsignedLong(content.getInt(isLong ? 20 : 12));
        long all = isLong ? content.getLong(24) : Integer.toUnsignedLong(content.getInt(16));
        return (double) all / unit;
    }

    private static long frames(ByteBuffer content) {
        int entries = content.getInt(4);
        content.position(8);
        long frames = 0;
        for (int i = 0; i < entries; i++) {
            frames += Integer.toUnsignedLong(content.getInt());
            content.getInt();
        }
        return frames;
    }
}
