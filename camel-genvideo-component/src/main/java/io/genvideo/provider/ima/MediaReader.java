/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MimeTypes;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a finished medium out of a task (contract 7). Documentation and service differ in names, so both are read. */
final class MediaReader {
    private static final Pattern SECONDS = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*s?", Pattern.CASE_INSENSITIVE);

    private MediaReader() {}

    /** Empty as long as it has no URL: {@code url}, else {@code watermark_url}, else {@code preview_url}. */
    static Optional<Media> read(JsonNode medium) {
        return first(medium, "url", "watermark_url", "preview_url").map(url -> {
            String type = mimeType(medium, url);
            MediaKind kind = MediaKind.ofMimeType(type);
            return new Media(
                    url,
                    kind == MediaKind.OTHER ? MediaKind.VIDEO : kind,
                    type,
                    first(medium, "cover_url", "cover").orElse(null),
                    seconds(medium.get("duration_str")),
                    Json.integer(medium.get("width")),
                    Json.integer(medium.get("height")),
                    null);
        });
    }

    private static Optional<URI> first(JsonNode medium, String... fields) {
        return Stream.of(fields)
                .flatMap(f -> Stream.ofNullable(Json.text(medium.get(f))))
                .flatMap(text -> Stream.ofNullable(address(text)))
                .findFirst();
    }

    private static @Nullable URI address(String text) {
        try {
            URI uri = new URI(text.replace(" ", "%20"));
            return Origin.of(uri) == null ? null : uri;
        } catch (URISyntaxException e) {
            // As good as none: nobody could fetch it. The task stays open until the service gives a usable one.
            return null;
        }
    }

    private static @Nullable String mimeType(JsonNode medium, URI url) {
        String format = Json.text(medium.get("format"));
        String byFormat = format == null ? null : MimeTypes.ofName("x." + format);
        return byFormat != null ? byFormat : MimeTypes.ofName(url.getPath());
    }

    private static @Nullable Double seconds(@Nullable JsonNode node) {
        String text = Json.text(node);
        Matcher seconds = SECONDS.matcher(text == null ? "" : text);
        return seconds.matches() ? Double.valueOf(seconds.group(1)) : null;
    }
}
