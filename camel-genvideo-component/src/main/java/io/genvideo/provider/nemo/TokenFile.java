/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.provider.support.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The file with the client id and token of an anonymous user (docs/contracts/nemo.md section 3). Readable by its owner only,
 * replaced as a whole, and shared: whoever changes it holds the lock of the file beside it, so that several processes, contexts
 * and accounts do not request two tokens at once. The lock of a process that dies is released by the operating system.
 */
final class TokenFile {
    /** The setting with its path. */
    static final String SETTING = "tokenFile";

    /** Files of this JVM that somebody works with: the lock of the operating system is one per process. */
    private static final ConcurrentMap<Path, CompletableFuture<?>> BUSY = new ConcurrentHashMap<>();

    private static final int MAX_BYTES = 64 << 10;
    private static final int LOCK_ATTEMPTS = 600;
    private static final Executor SOON = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path path;

    TokenFile(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    /**
     * What the file holds.
     *
     * @param clientId names the anonymous user to the service, for good
     * @param issuedAt when the token was issued; {@code null} without a token
     * @param refusedUntil before then no token is requested, because the service has refused one; {@code null} for none
     */
    record Content(
            String clientId,
            @Nullable AccessToken token,
            @Nullable Instant issuedAt,
            @Nullable Instant refusedUntil) {}

    /**
     * Does work while nobody else works with the file.
     *
     * @return the result of the work; fails if the lock is not free within a minute or the file cannot be written
     */
    <T> CompletableFuture<T> exclusively(Supplier<CompletableFuture<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        CompletableFuture<?> before = BUSY.put(path, result);
        CompletableFuture<?> turn = before == null ? CompletableFuture.completedFuture(null) : before;
        turn.handle((done, failure) -> "")
                .thenComposeAsync(ready -> lock(LOCK_ATTEMPTS))
                .thenCompose(lock -> attempt(work).whenComplete((value, failure) -> release(lock)))
                .whenComplete((value, failure) -> {
                    BUSY.remove(path, result);
                    if (failure == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(failure);
                    }
                });
        return result;
    }

    private static <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<FileLock> lock(int attempts) {
        FileLock lock;
        try {
            lock = tryLock();
        } catch (IOException e) {
            throw unusable("cannot be locked", e);
        }
        if (lock != null) {
            return CompletableFuture.completedFuture(lock);
        }
        if (attempts == 0) {
            throw unusable("is in use by another process", null);
        }
        return CompletableFuture.supplyAsync(() -> lock(attempts - 1), SOON).thenCompose(l -> l);
    }

    /** {@code null} if somebody else has the lock. */
    private @Nullable FileLock tryLock() throws IOException {
        FileChannel channel = FileChannel.open(
                path.resolveSibling(path.getFileName() + ".lock"),
                Set.<OpenOption>of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                permissions());
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // this class was loaded twice, and the other one has it
            lock = null;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock;
    }

    private static void release(FileLock lock) {
        try {
            lock.acquiredBy().close();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** What the file holds; {@code null} if it does not exist. */
    @Nullable
    Content read() {
        try {
            checkPermissions();
            if (Files.size(path) > MAX_BYTES) {
                throw unusable("is no token file", null);
            }
            JsonNode json = Json.read(Files.readAllBytes(path)).orElseThrow(() -> unusable("is no token file", null));
            String clientId = Json.text(json.get("clientId"));
            if (clientId == null || !clientId.matches("[!-~]{1,100}")) {
                throw unusable("is no token file", null);
            }
            String token = Json.text(json.get("token"));
            return new Content(
                    clientId,
                    token == null
                            ? null
                            : new AccessToken(token, Json.text(json.get("userId")), instant(json.get("expiresAt"))),
                    instant(json.get("issuedAt")),
                    instant(json.get("refusedUntil")));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw unusable("cannot be read", e);
        }
    }

    static @Nullable Instant instant(@Nullable JsonNode node) {
        String text = Json.text(node);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            // a time that cannot be read is none: the token is used until the service rejects it
            return null;
        }
    }

    private void checkPermissions() throws IOException {
        if (isPosix() && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path))) {
            throw unusable("can be read or changed by other users; allow that to its owner only (chmod 600)", null);
        }
    }

    /** Replaces the file as a whole: whoever reads it, or dies meanwhile, finds the old or the new content. */
    void write(Content content) {
        ObjectNode json = Json.NODES.objectNode().put("clientId", content.clientId());
        AccessToken token = content.token();
        if (token != null) {
            json.put("token", token.value());
            json.put("userId", token.userId());
            json.put("expiresAt", Objects.toString(token.expiresAt(), null));
        }
        json.put("issuedAt", Objects.toString(content.issuedAt(), null));
        json.put("refusedUntil", Objects.toString(content.refusedUntil(), null));
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try {
            // what a process that died has left; nobody else writes it, because of the lock
            Files.deleteIfExists(fresh);
            try (FileChannel channel = FileChannel.open(
                    fresh,
                    Set.<OpenOption>of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    permissions())) {
                ByteBuffer bytes = ByteBuffer.wrap(Json.write(json).getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileAlreadyExistsException e) {
            throw unusable("is written by somebody who does not hold its lock", e);
        } catch (IOException e) {
            throw unusable("cannot be written", e);
        }
    }

    private FileAttribute<?>[] permissions() {
        return isPosix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private boolean isPosix() {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private RuntimeException unusable(String why, @Nullable Exception cause) {
        return NemoErrors.ERRORS.invalid("settings[" + SETTING + "]: the file " + path + " " + why, cause);
    }
}
