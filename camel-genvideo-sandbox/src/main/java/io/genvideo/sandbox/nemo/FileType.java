/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.media.RenderRequest.Picture;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a file may be, by the ending of its name (docs/contracts/nemo.md section 7).
 *
 * @param kind {@code video}, {@code image} or {@code audio}
 */
record FileType(String ending, String kind, String contentType) {
    private static final double DURATION = 5.0;

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("mp4", "video/mp4"),
            Map.entry("mov", "video/quicktime"),
            Map.entry("avi", "video/x-msvideo"),
            Map.entry("webm", "video/webm"),
            Map.entry("mkv", "video/x-matroska"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("png", "image/png"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("wav", "audio/wav"),
            Map.entry("m4a", "audio/mp4"),
            Map.entry("aac", "audio/aac"));

    /** The type of a file of that name; empty for one that the service does not take. */
    static Optional<FileType> of(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Optional.ofNullable(TYPES.get(ending))
                .map(type -> new FileType(ending, type.substring(0, type.indexOf('/')), type));
    }

    /** Whether content of that type may have this ending; audio also comes in the containers of videos. */
    boolean covers(String content) {
        return content.startsWith(kind + "/")
                || (kind.equals("audio") && content.matches("video/(mp4|webm|quicktime)"));
    }

    /** What the service tells about a file; length and size of what is no picture are those of a stand-in. */
    ObjectNode info(String name, String url, Picture picture) {
        ObjectNode info = Json.MAPPER
                .createObjectNode()
                .put("filename", name)
                .put("file_type", kind)
                .put("cdn_url", url)
                .put("hash", picture.hash());
        if (!kind.equals("image")) {
            info.put("duration", DURATION);
        }
        if (!kind.equals("audio")) {
            info.put("width", 1920).put("height", 1080);
        }
        return kind.equals("video") ? info.put("fps", 30) : info;
    }
}
