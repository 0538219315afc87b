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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The folders of the file drop: which pictures wait, which videos and reasons were written. */
final class DropFolders {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final List<Path> inboxes;

    DropFolders(Path folder) {
        this(folder, List.of(folder.resolve("inbox")));
    }

    /** @param inboxes of several nodes, which share all other folders */
    DropFolders(Path folder, List<Path> inboxes) {
        this.folder = folder;
        this.inboxes = List.copyOf(inboxes);
    }

    /** The first one. */
    Path inbox() {
        return inboxes.get(0);
    }

    boolean isInInbox(Picture picture) {
        return inboxes.stream().anyMatch(inbox -> Files.exists(inbox.resolve(picture.fileName())));
    }

    /** Whether the outbox has the video and the JSON of its task. */
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

    /** Names of videos that belong to none of the pictures. */
    Set<String> unknownVideos(Iterable<Picture> pictures) {
        Set<String> left = names("outbox", ".mp4");
        pictures.forEach(p -> left.remove(p.name() + ".mp4"));
        return left;
    }

    private Set<String> names(String subfolder, String extension) {
        Path directory = folder.resolve(subfolder);
        if (!Files.isDirectory(directory)) {
            return new TreeSet<>();
        }
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(directory)) {
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
