/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MimeTypes;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.MediaUrls;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Finds the media of a finished task (docs/contracts/wiro.md section 5): its outputs, without those that are text. */
final class MediaReader {
    private MediaReader() {}

    static List<Media> read(WiroTask task) {
        return task.outputs().flatMap(o -> medium(o).stream()).toList();
    }

    /** Whether there is text where an address should be. */
    static boolean hasUnusableAddress(WiroTask task) {
        return task.outputs().anyMatch(o -> MediaUrls.isUnusable(o.get("url")));
    }

    private static Optional<Media> medium(JsonNode output) {
        URI url = MediaUrls.read(output.get("url"));
        if (url == null) {
            return Optional.empty();
        }
        String type = Json.text(output.get("contenttype"));
        if (MediaKind.ofMimeType(type) == MediaKind.OTHER && url.getPath() != null) {
            String named = MimeTypes.ofName(url.getPath());
            type = named == null ? type : named;
        }
        return Optional.of(new Media(
                url, MediaKind.ofMimeType(type), type, null, null, null, null, Json.whole(output.get("size"))));
    }
}
