/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import java.io.IOException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The canonical hash of a request, after precedence and before upload, price and catalogue (docs/design.md section 4.3).
 * Two requests with the same fingerprint are the same order. A file counts by its path, size and time; bytes by their content.
 */
public final class Fingerprint {
    private static final Pattern PLAIN_NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,14})(\\.\\d{1,6})?");
    /** As Java writes numbers; the exponent is bounded because it is spelled out. */
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,40}(\\.\\d{1,40})?(E-?\\d{1,2})?");

    private final MessageDigest digest = sha256();

    private Fingerprint() {}

    /**
     * @param operation of the endpoint
     * @return 64 hex digits
     * @throws IOException if an input file cannot be looked at
     */
    public static String of(Operation operation, GenerationRequest request) throws IOException {
        Fingerprint f = new Fingerprint();
        f.add("operation", operation.path());
        f.add("model", request.model());
        f.add("prompt", request.prompt());
        f.addMap("option", request.options().asMap());
        f.addMap("parameter", request.parameters());
        f.add("user", request.userId());
        for (MediaInput input : request.inputs()) {
            f.add("role", input.role() == null ? null : input.role().path());
            f.add("input", identity(input.source()));
        }
        return f.end();
    }

    /** The hash of some texts, for keys that are made of a source identity. */
    public static String of(String... parts) {
        Fingerprint f = new Fingerprint();
        for (String part : parts) {
            f.add("part", part);
        }
        return f.end();
    }

    private static String identity(MediaSource source) throws IOException {
        if (source instanceof MediaSource.Url url) {
            return "url:" + url.uri();
        }
        if (source instanceof MediaSource.Local local) {
            String content = local.contentId();
            if (content != null) {
                return content;
            }
            Path path = local.path().toAbsolutePath().normalize();
            return "file:" + path + ":" + Files.size(path) + ":"
                    + Files.getLastModifiedTime(path).toMillis();
        }
        return "sha256:" + HexFormat.of().formatHex(sha256().digest(((MediaSource.Bytes) source).content()));
    }

    private void addMap(String kind, Map<String, ?> values) {
        new TreeMap<>(values).forEach((name, value) -> add(kind + " " + name, canonical(value)));
    }

    /** One text per wish. What holds others is written with their lengths, so that no text can look like a structure. */
    private static String canonical(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            TreeMap<String, String> sorted = new TreeMap<>();
            map.forEach((k, v) -> sorted.put(String.valueOf(k), canonical(v)));
            StringBuilder text = new StringBuilder("map");
            sorted.forEach((k, v) -> appendSized(appendSized(text, k), v));
            return text.toString();
        }
        if (value instanceof Iterable<?> values) {
            StringBuilder text = new StringBuilder("list");
            values.forEach(v -> appendSized(text, canonical(v)));
            return text.toString();
        }
        if (value != null && value.getClass().isArray()) {
            StringBuilder text = new StringBuilder("list");
            for (int i = 0; i < Array.getLength(value); i++) {
                appendSized(text, canonical(Array.get(value, i)));
            }
            return text.toString();
        }
        // 5, 5.0 and "5" are the same wish, written in a header, an option or a body; "007" is a name
        String text = String.valueOf(value);
        boolean number = value instanceof Number && NUMBER.matcher(text).matches()
                || PLAIN_NUMBER.matcher(text).matches();
        return number ? new BigDecimal(text).stripTrailingZeros().toPlainString() : text;
    }

    private static StringBuilder appendSized(StringBuilder to, String text) {
        return to.append(' ').append(text.length()).append(':').append(text);
    }

    private void add(String name, @Nullable String value) {
        if (value != null) {
            addSized(name);
            addSized(value);
        }
    }

    private void addSized(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }

    private String end() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
