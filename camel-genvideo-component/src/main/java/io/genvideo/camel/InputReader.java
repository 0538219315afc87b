/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Media;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MediaRole;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;
import org.jspecify.annotations.Nullable;

/** Input media out of whatever a message carries: files, paths, streams, bytes, URLs, lists, maps by role, finished tasks. */
final class InputReader {
    private static final int MAX_INPUTS = 50;

    private final String provider;
    private final Operation operation;
    private final WorkFolder workFolder;

    InputReader(String provider, Operation operation, WorkFolder workFolder) {
        this.provider = provider;
        this.operation = operation;
        this.workFolder = workFolder;
    }

    static boolean isUrl(String text) {
        String start = text.stripLeading();
        return start.regionMatches(true, 0, "http://", 0, 7) || start.regionMatches(true, 0, "https://", 0, 8);
    }

    /**
     * @param where what to call the source in messages: {@code "body"} or a header
     * @throws GenvideoException if there is something that is no medium
     */
    List<MediaInput> read(Exchange exchange, Object source, String where) {
        List<MediaInput> found = new ArrayList<>();
        collect(exchange, source, null, where, found);
        if (found.size() > MAX_INPUTS) {
            throw invalid("the " + where + " has " + found.size() + " media, at most " + MAX_INPUTS + " are allowed");
        }
        return found;
    }

    private void collect(
            Exchange exchange,
            @Nullable Object source,
            @Nullable MediaRole role,
            String where,
            List<MediaInput> found) {
        if (source == null) {
            throw invalid("the " + where + " holds no medium where one is expected");
        } else if (source instanceof MediaInput ready) {
            found.add(ready);
        } else if (source instanceof GenerationTask task) {
            collectTask(task, role, where, found);
        } else if (source instanceof Map<?, ?> byRole) {
            byRole.forEach((name, value) -> collect(exchange, value, role(name, where), where, found));
        } else if (source instanceof Iterable<?> several && !(source instanceof Path)) {
            several.forEach(one -> collect(exchange, one, role, where, found));
        } else if (source instanceof Object[] several) {
            Arrays.stream(several).forEach(one -> collect(exchange, one, role, where, found));
        } else {
            found.add(new MediaInput(role, single(exchange, source, where)));
        }
    }

    private void collectTask(GenerationTask task, @Nullable MediaRole role, String where, List<MediaInput> found) {
        if (task.media().isEmpty()) {
            throw invalid(
                    "the " + where + " is task " + task.handle() + ", which is " + task.status() + " and has no media");
        }
        for (Media medium : task.media()) {
            URI cover = medium.kind() == MediaKind.VIDEO && operation.takesPictures() ? medium.cover() : null;
            found.add(new MediaInput(role, new MediaSource.Url(cover == null ? medium.url() : cover)));
        }
    }

    private MediaRole role(@Nullable Object name, String where) {
        if (name instanceof MediaRole role) {
            return role;
        }
        return MediaRole.fromPath(String.valueOf(name))
                .orElseThrow(() -> invalid("the " + where + " has a medium for the role '" + name + "'; there are "
                        + Arrays.stream(MediaRole.values()).map(MediaRole::path).collect(Collectors.joining(", "))));
    }

    private MediaSource single(Exchange exchange, Object source, String where) {
        if (source instanceof WrappedFile<?> wrapped) {
            return wrapped.getFile() instanceof File file
                    ? local(file.toPath(), where)
                    : copied(exchange, stream(exchange, source, where), where);
        } else if (source instanceof File file) {
            return local(file.toPath(), where);
        } else if (source instanceof Path path) {
            return local(path, where);
        } else if (source instanceof byte[] bytes) {
            return bytes(bytes, where);
        } else if (source instanceof URI uri) {
            return url(uri.toString(), where);
        } else if (source instanceof String text) {
            return url(text, where);
        }
        return copied(exchange, stream(exchange, source, where), where);
    }

    private MediaSource local(Path path, String where) {
        if (!Files.isRegularFile(path)) {
            throw invalid("the " + where + " names the file '" + path.getFileName() + "', which does not exist");
        }
        try {
            return new MediaSource.Local(path, null, ContentId.of(path));
        } catch (IOException e) {
            throw invalid("the " + where + " names the file '" + path.getFileName() + "', which can't be read ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    private MediaSource bytes(byte[] bytes, String where) {
        if (bytes.length == 0) {
            throw invalid("the " + where + " is empty where a medium is expected");
        }
        return new MediaSource.Bytes(bytes, null, null);
    }

    private MediaSource url(String text, String where) {
        String trimmed = text.trim();
        if (!isUrl(trimmed)) {
            throw invalid("the " + where + " is a text of " + trimmed.length()
                    + " characters where a medium is expected: a file, path, stream, byte array or http(s) URL");
        }
        try {
            URI uri = URI.create(trimmed);
            if (uri.getHost() != null) {
                return new MediaSource.Url(uri);
            }
        } catch (IllegalArgumentException e) {
            // The cause would repeat the URL, and with it a signature in its query
            throw invalid("the " + where + " is a URL that can't be read");
        }
        throw invalid("the " + where + " is a URL without a host");
    }

    private InputStream stream(Exchange exchange, Object source, String where) {
        InputStream stream = exchange.getContext().getTypeConverter().tryConvertTo(InputStream.class, exchange, source);
        if (stream == null) {
            throw invalid("the " + where + " is a " + source.getClass().getName()
                    + " where a medium is expected: a file, path, stream, byte array or http(s) URL");
        }
        return stream;
    }

    private MediaSource copied(Exchange exchange, InputStream stream, String where) {
        try {
            return workFolder.newFiles(exchange).copy(stream);
        } catch (ExchangeFiles.TooLargeException | ExchangeFiles.EmptyException e) {
            throw invalid("the " + where + " is " + e.getMessage());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the " + where + " can't be read", e);
        }
    }

    private GenvideoException invalid(String message) {
        return GenerationError.of(ErrorCategory.INVALID_REQUEST, provider, message)
                .toException();
    }
}
