/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.media.MediaStore;
import java.io.IOException;
import java.util.Map;

/**
 * A stand-in for an object store, for services without an upload of their own: what is {@code PUT} at a path below
 * {@link #PATH} is served at the same URL, which the services accept as an input.
 */
final class ObjectStore {
    static final String PATH = "/media/objects/";

    private final MediaStore media;

    ObjectStore(MediaStore media) {
        this.media = media;
    }

    Answer put(Request request) throws IOException {
        if (request.path().length() == PATH.length()) {
            return Answer.json(400, Map.of("error", "the URL has no object name"));
        }
        String type = request.header("Content-Type");
        try {
            media.uploadAny(
                    MediaioService.NAME,
                    request.path(),
                    type == null ? "application/octet-stream" : type,
                    request.body());
            return Answer.json(200, Map.of("url", request.origin() + request.path()));
        } catch (MediaStore.TooLargeException e) {
            return Answer.json(413, Map.of("error", "an object has at most " + MediaStore.MAX_UPLOAD + " bytes"));
        }
    }
}
