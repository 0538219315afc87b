/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What lies in the folders of the file drop. */
final class Arrivals {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    Arrivals(Path folder) {
        this.folder = folder;
    }

    Path inbox() {
        return folder.resolve("inbox");
    }

    boolean waits(Picture picture) {
        return Files.exists(inbox().resolve(picture.fileName()));
    }

    /** The video and the task that made it. */
    boolean hasVideo(Picture picture) {
        return Files.exists(video(picture)) && Files.exists(outbox(picture, ".json"));
    }

    boolean hasReason(Picture picture) {
        return Files.exists(reason(picture));
    }

    Path video(Picture picture) {
        return outbox(picture, ".mp4");
    }

    /** The task id in the JSON beside the video. */
    Optional<String> taskId(Picture picture) {
        if (!hasVideo(picture)) {
            return Optional.empty();
        }
        try {
            JsonNode task = JSON.readTree(outbox(picture, ".json").toFile());
            return Optional.ofNullable(task.path("handle").asText(null));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    int videos() {
        return names("outbox", ".mp4").size();
    }

    /** Videos by names that no picture has. */
    Set<String> strangers(Iterable<Picture> pictures) {
        Set<String> left = names("outbox", ".mp4");
        pictures.forEach(p -> left.remove(p.name() + ".mp4"));
        return left;
    }

    private Set<String> names(String where, String extension) {
        Path place = folder.resolve(where);
        if (!Files.isDirectory(place)) {
            return new TreeSet<>();
        }
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(place)) {
            files.map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith(extension) && !n.startsWith("."))
                    .forEach(names::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    private Path outbox(Picture picture, String extension) {
        return folder.resolve("outbox").resolve(picture.name() + extension);
    }

    private Path reason(Picture picture) {
        return folder.resolve("failed").resolve(picture.name() + ".reason.txt");
    }
}
