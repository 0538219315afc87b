/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.media;

import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads and results on disk, and the paths under {@code /media} at which they are served. Bounded: beyond the limit
 * the oldest files are deleted, and their URLs answer 404 as expired ones do.
 */
public final class MediaStore implements AutoCloseable {
    /** Largest upload in bytes. */
    public static final int MAX_UPLOAD = 100 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(MediaStore.class);
    private static final Pattern OURS = Pattern.compile("[0-9a-f-]{36}\\.(mp4|jpg|png|upload)");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * A file at a path.
     *
     * @param service whose it is
     * @param tail bytes behind those of the file, which players skip: they tell equal renderings apart
     * @param hash of its contents, 16 digits
     */
    public record Media(String service, Path file, byte[] tail, String contentType, String hash) {
        /** Bytes that are served. */
        public long size() throws IOException {
            return Files.size(file) + tail.length;
        }
    }

    /** The body is larger than {@link #MAX_UPLOAD}. */
    public static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("more than " + MAX_UPLOAD + " bytes");
        }
    }

    /** The body is no picture, video or audio by its content, or not of the declared kind. */
    public static final class NotMediaException extends IOException {
        private static final long serialVersionUID = 1L;

        NotMediaException(String message) {
            super(message);
        }
    }

    private final Path dir;
    private final boolean temporary;
    private final long maxBytes;
    private final Map<String, Media> media = new ConcurrentHashMap<>();
    private final Deque<Path> kept = new ArrayDeque<>();
    private long keptBytes;

    /**
     * @param dir folder for the files; null: a temporary one
     * @param maxBytes bound of all files together
     */
    public MediaStore(@Nullable Path dir, long maxBytes) throws IOException {
        this.temporary = dir == null;
        this.dir = dir == null ? Files.createTempDirectory("genvideo-sandbox") : Files.createDirectories(dir);
        this.maxBytes = maxBytes;
        if (dir != null) {
            countWhatIsThere();
        }
    }

    /** Files of an earlier run count too, and are the first to be deleted; nothing else in the folder is touched. */
    private void countWhatIsThere() throws IOException {
        List<Path> earlier;
        try (Stream<Path> files = Files.list(dir)) {
            earlier = files.filter(f -> OURS.matcher(f.getFileName().toString()).matches())
                    .sorted(Comparator.comparing(f -> f.toFile().lastModified()))
                    .toList();
        }
        for (Path file : earlier) {
            keep(file);
        }
    }

    Path newFile(String suffix) {
        return dir.resolve(UUID.randomUUID() + suffix);
    }

    /** Counts a finished file, and deletes the oldest ones while there is too much. */
    synchronized void keep(Path file) throws IOException {
        kept.add(file);
        keptBytes += Files.size(file);
        while (keptBytes > maxBytes && kept.size() > 2) {
            Path oldest = kept.remove();
            keptBytes -= Files.exists(oldest) ? Files.size(oldest) : 0;
            Files.deleteIfExists(oldest);
        }
    }

    /**
     * Streams a body to disk and serves it at a path.
     *
     * @param contentType as the client declared it
     * @throws TooLargeException beyond {@link #MAX_UPLOAD}; nothing is kept
     * @throws NotMediaException if the first bytes are not those of a medium of the declared kind; nothing is kept
     */
    public Media upload(String service, String path, String contentType, InputStream body) throws IOException {
        byte[] head = body.readNBytes(MediaFormat.HEAD_BYTES);
        checkContent(head, contentType);
        return store(service, path, contentType, head, body);
    }

    /**
     * The same for a file of any content, as object stores and services that take documents keep them.
     *
     * @throws TooLargeException beyond {@link #MAX_UPLOAD}; nothing is kept
     */
    public Media uploadAny(String service, String path, String contentType, InputStream body) throws IOException {
        return store(service, path, contentType, body.readNBytes(MediaFormat.HEAD_BYTES), body);
    }

    private Media store(String service, String path, String contentType, byte[] head, InputStream body)
            throws IOException {
        Path file = newFile(".upload");
        MessageDigest digest = Ledger.sha256();
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] buffer = Arrays.copyOf(head, 16_384);
            long total = 0;
            for (int n = head.length; n >= 0; n = body.read(buffer)) {
                total += n;
                if (total > MAX_UPLOAD) {
                    throw new TooLargeException();
                }
                digest.update(buffer, 0, n);
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        keep(file);
        Media stored = new Media(service, file, new byte[0], contentType, hex(digest.digest()));
        media.put(path, stored);
        return stored;
    }

    private static void checkContent(byte[] head, String declared) throws NotMediaException {
        if (head.length == 0) {
            throw new NotMediaException("the upload is empty");
        }
        String content = MediaFormat.contentType(head)
                .orElseThrow(() -> new NotMediaException(
                        "the upload is no picture, video or audio by its content, but was declared as " + declared));
        if (!MediaFormat.isDeclarable(content, declared)) {
            throw new NotMediaException(
                    "the upload is " + content + " by its content, but was declared as " + declared);
        }
    }

    /** Serves the video and the cover of a rendering at {@code /media/out/<id>.mp4} and {@code .jpg}. */
    public void publish(String service, String id, Rendered rendered) {
        media.put(
                "/media/out/" + id + ".mp4",
                result(service, rendered.video(), freeBox(id), "video/mp4", rendered.videoHash()));
        media.put(
                "/media/out/" + id + ".jpg",
                result(service, rendered.cover(), bytes(id), "image/jpeg", rendered.coverHash()));
    }

    /** Serves a still picture at {@code /media/out/<id>.png}. */
    public void publish(String service, String id, Still still) {
        media.put("/media/out/" + id + ".png", result(service, still.file(), bytes(id), "image/png", still.hash()));
    }

    /** Every result differs in content, also where one rendering serves many, so that a client that mixes them up is seen. */
    private static Media result(String service, Path file, byte[] tail, String contentType, String hash) {
        return new Media(
                service, file, tail, contentType, Ledger.hash(hash + new String(tail, StandardCharsets.UTF_8)));
    }

    private static byte[] bytes(String id) {
        return ("sandbox result " + id).getBytes(StandardCharsets.UTF_8);
    }

    /** A box that ISO 14496-12 gives no meaning. */
    private static byte[] freeBox(String id) {
        byte[] content = bytes(id);
        return ByteBuffer.allocate(8 + content.length)
                .putInt(8 + content.length)
                .put("free".getBytes(StandardCharsets.US_ASCII))
                .put(content)
                .array();
    }

    /** What is served at a path, if it still exists. */
    public Optional<Media> find(String path) {
        return Optional.ofNullable(media.get(path)).filter(m -> Files.exists(m.file()));
    }

    /**
     * An input of a request.
     *
     * @param path where it is kept here, if it is
     */
    public RenderRequest.Picture picture(String url, Optional<String> path) {
        String name = url.replaceAll("[?#].*", "").replaceAll(".*/", "");
        return path.flatMap(this::find)
                .map(m -> new RenderRequest.Picture(m.file(), name, m.hash()))
                .orElseGet(() -> new RenderRequest.Picture(null, name, Ledger.hash(url)));
    }

    /** The path under {@code /media} that a URL has; empty for a URL that cannot be one of this server. */
    public static Optional<String> pathOf(String url) {
        int at = url.indexOf("/media/");
        return at < 0 ? Optional.empty() : Optional.of(url.substring(at).replaceAll("[?#].*", ""));
    }

    /** The service to which a path belongs; {@code media} for an unknown one. */
    public String owner(String path) {
        Media found = media.get(path);
        return found == null ? "media" : found.service();
    }

    /** Answers GET and HEAD, whole or one range. */
    public Answer serve(Request request) throws IOException {
        return serve(request, request.path());
    }

    /** The same for a medium at another path than that of the request. */
    public Answer serve(Request request, String path) throws IOException {
        Optional<Media> found = find(path);
        if (found.isEmpty()) {
            return Answer.text(404, "text/plain", "no such medium\n");
        }
        Media m = found.get();
        String etag = "\"" + m.hash() + "\"";
        if (etag.equals(request.header("If-None-Match"))) {
            return Answer.of(304, m.contentType(), new byte[0]).with("ETag", etag);
        }
        long size = m.size();
        Answer answer = range(request, m, etag, size);
        return answer.with("ETag", etag).with("Accept-Ranges", "bytes").with("X-Content-Type-Options", "nosniff");
    }

    private static Answer range(Request request, Media m, String etag, long size) {
        String ifRange = request.header("If-Range");
        String range = request.header("Range");
        Matcher asked = RANGE.matcher(range == null ? "" : range);
        boolean whole = !asked.matches()
                || (asked.group(1).isEmpty() && asked.group(2).isEmpty())
                || (ifRange != null && !ifRange.equals(etag));
        if (whole) {
            return Answer.file(200, m.contentType(), m.file(), m.tail(), 0, size);
        }
        long from;
        long to;
        if (asked.group(1).isEmpty()) {
            from = Math.max(0, size - Long.parseLong(asked.group(2)));
            to = size - 1;
        } else {
            from = Long.parseLong(asked.group(1));
            to = asked.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(asked.group(2)));
        }
        if (from > to) {
            return Answer.of(416, "text/plain", new byte[0]).with("Content-Range", "bytes */" + size);
        }
        return Answer.file(206, m.contentType(), m.file(), m.tail(), from, to - from + 1)
                .with("Content-Range", "bytes " + from + "-" + to + "/" + size);
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest, 0, 8);
    }

    /** Deletes the folder if it was a temporary one. */
    @Override
    public void close() {
        if (!temporary || !Files.exists(dir)) {
            return;
        }
        try (Stream<Path> files = Files.walk(dir)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path p : deepestFirst) {
                Files.deleteIfExists(p);
            }
        } catch (IOException e) {
            LOG.warn("the temporary folder of the sandbox could not be deleted: {}", e.toString());
        }
    }
}
