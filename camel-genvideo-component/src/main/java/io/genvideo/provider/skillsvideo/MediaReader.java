/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MimeTypes;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.MediaUrls;
import java.math.BigDecimal;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the media of a finished task (docs/contracts/skillsvideo.md section 2). Documented is the shape for images; that for
 * videos is not, so every place
 * where an address may stand is read, and the first that has one counts: {@code images} and {@code image} are the same
 * picture twice.
 */
final class MediaReader {
    private static final String[] ADDRESSES = {"url", "video_url", "image_url", "audio_url"};
    private static final Map<String, MediaKind> PLACES = places();

    private MediaReader() {}

    /** @param task {@code data}, or {@code output} where that is missing; none as long as it has no address */
    static List<Media> read(JsonNode task) {
        JsonNode data = task.hasNonNull("data") ? task.path("data") : task.path("output");
        if (!data.isObject()) {
            return media(data, MediaKind.OTHER);
        }
        MediaKind expected = kindOf(Json.text(data.get("type")));
        return PLACES.entrySet().stream()
                .map(place -> media(
                        data.path(place.getKey()), place.getValue() == MediaKind.OTHER ? expected : place.getValue()))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** Whether there is text where an address should be. */
    static boolean hasUnusableAddress(JsonNode task) {
        JsonNode data = task.hasNonNull("data") ? task.path("data") : task.path("output");
        Stream<JsonNode> places = data.isObject() ? PLACES.keySet().stream().map(data::path) : Stream.of(data);
        return places.flatMap(Json::elementsOrSelf)
                .anyMatch(m -> m.isTextual()
                        ? MediaUrls.isUnusable(m)
                        : Stream.of(ADDRESSES).anyMatch(field -> MediaUrls.isUnusable(m.get(field))));
    }

    private static List<Media> media(JsonNode node, MediaKind kind) {
        return Json.elementsOrSelf(node).flatMap(m -> medium(m, kind).stream()).toList();
    }

    private static Optional<Media> medium(JsonNode node, MediaKind expected) {
        URI url = node.isTextual() ? MediaUrls.read(node) : MediaUrls.first(node, ADDRESSES);
        if (url == null) {
            return Optional.empty();
        }
        String type = Json.text(node.get("content_type"));
        if (type == null && url.getPath() != null) {
            type = MimeTypes.ofName(url.getPath());
        }
        MediaKind kind = MediaKind.ofMimeType(type);
        BigDecimal seconds = Json.decimal(node.get("duration"));
        Long size = Json.whole(node.get("file_size"));
        return Optional.of(new Media(
                url,
                kind == MediaKind.OTHER ? expected : kind,
                type,
                MediaUrls.first(node, "cover_url", "thumbnail_url", "poster_url"),
                seconds == null ? null : seconds.doubleValue(),
                pixels(node.get("width")),
                pixels(node.get("height")),
                size == null ? Json.whole(node.get("size")) : size));
    }

    private static @Nullable Integer pixels(@Nullable JsonNode node) {
        Long number = Json.whole(node);
        return number == null || number > 1_000_000 ? null : Integer.valueOf(number.intValue());
    }

    private static MediaKind kindOf(@Nullable String type) {
        return type == null ? MediaKind.OTHER : MediaKind.ofMimeType(type + "/");
    }

    private static Map<String, MediaKind> places() {
        Map<String, MediaKind> all = new LinkedHashMap<>();
        all.put("videos", MediaKind.VIDEO);
        all.put("video", MediaKind.VIDEO);
        all.put("images", MediaKind.IMAGE);
        all.put("image", MediaKind.IMAGE);
        all.put("audios", MediaKind.AUDIO);
        all.put("audio", MediaKind.AUDIO);
        all.put("url", MediaKind.OTHER);
        all.put("urls", MediaKind.OTHER);
        return all;
    }
}
