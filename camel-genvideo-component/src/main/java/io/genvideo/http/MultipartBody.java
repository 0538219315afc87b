/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Fields and files as a form ({@code multipart/form-data}, RFC 7578). Files are streamed from disk, and the length is known
 * before the first byte.
 *
 * @param boundary stands between the parts and must be in none of them
 */
public record MultipartBody(String boundary, List<Part> parts) implements HttpBody {

    public MultipartBody {
        parts = List.copyOf(parts);
    }

    /** With a boundary of 128 random bits, which no content has by chance. */
    public static MultipartBody of(List<Part> parts, RandomGenerator random) {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return new MultipartBody("genvideo-" + HexFormat.of().formatHex(bits), parts);
    }

    @Override
    public String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    /** Without the contents: those are the user's. */
    @Override
    public String toString() {
        return "form of " + parts.size() + " parts";
    }

    /**
     * One entry of a form.
     *
     * @param name of the field; several parts may share it
     * @param fileName {@code null} for a field that is no file
     * @param content in one piece: no form in a form
     */
    public record Part(String name, @Nullable String fileName, HttpBody content) {
        public Part {
            if (content instanceof MultipartBody) {
                throw new IllegalArgumentException("a form can't hold a form");
            }
        }

        public static Part text(String name, String value) {
            return new Part(name, null, new Bytes(value.getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8"));
        }

        public static Part file(String name, String fileName, HttpBody content) {
            return new Part(name, fileName, content);
        }

        /** Without the content: that is the user's. */
        @Override
        public String toString() {
            return name + (fileName == null ? "" : " (file)");
        }

        /** What stands before the content; a field that is no file needs no type. */
        public String head() {
            return "Content-Disposition: form-data; name=\"" + quoted(name) + "\""
                    + (fileName == null
                            ? "\r\n"
                            : "; filename=\"" + quoted(fileName) + "\"\r\nContent-Type: "
                                    + content.contentType().replaceAll("[\\r\\n]", "") + "\r\n")
                    + "\r\n";
        }

        /** As browsers do it: a quote or a line end would end the name. */
        private static String quoted(String text) {
            return text.replace("\r", "%0D").replace("\n", "%0A").replace("\"", "%22");
        }
    }
}
