/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The body of a request. */
public sealed interface HttpBody permits HttpBody.Bytes, HttpBody.FromFile, MultipartBody {

    /** The value of the Content-Type header. */
    String contentType();

    /** Small content in memory. */
    record Bytes(byte[] content, String contentType) implements HttpBody {
        @Override
        public String toString() {
            return content.length + " bytes of " + contentType;
        }
    }

    /** A file, streamed from disk. */
    record FromFile(Path file, String contentType) implements HttpBody {}

    static HttpBody json(String json) {
        return new Bytes(json.getBytes(StandardCharsets.UTF_8), "application/json");
    }
}
