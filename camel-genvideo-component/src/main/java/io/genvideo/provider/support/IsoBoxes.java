/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The boxes of an ISO media file (HEIC, MP4, QuickTime): a size, a type of four characters, and content, which may be boxes
 * again.
 */
final class IsoBoxes {
    /** A description of some hours of video is a few MiB large. */
    private static final int MAX_BOX_BYTES = 16 << 20;

    private static final int MAX_BOXES = 4096;

    private IsoBoxes() {}

    /** @param content without the box's own head */
    record Box(String type, ByteBuffer content) {
        /** The boxes in this one. */
        List<Box> children() {
            return in(content.slice());
        }

        Optional<Box> child(String type) {
            return children().stream().filter(b -> b.type.equals(type)).findFirst();
        }

        /** The box at the end of a path of types, each in the one before. */
        Optional<Box> at(String... path) {
            Optional<Box> box = Optional.of(this);
            for (String type : path) {
                box = box.flatMap(b -> b.child(type));
            }
            return box;
        }
    }

    /**
     * The first box of a type at the top level of a file; empty if there is none, or if it is too large to be read.
     *
     * @throws IOException if the file cannot be read, also because it ends within a box
     */
    static Optional<Box> find(InputStream file, String wanted) throws IOException {
        for (int i = 0; i < MAX_BOXES; i++) {
            byte[] head = file.readNBytes(8);
            if (head.length < 8) {
                return Optional.empty();
            }
            ByteBuffer buffer = ByteBuffer.wrap(head);
            long size = Integer.toUnsignedLong(buffer.getInt()) - 8;
            String type = type(buffer);
            if (size == 1 - 8) {
                size = ByteBuffer.wrap(exactly(file, 8)).getLong() - 16;
            }
            if (type.equals(wanted)) {
                return size < 0 || size > MAX_BOX_BYTES
                        ? Optional.empty()
                        : Optional.of(new Box(type, ByteBuffer.wrap(exactly(file, (int) size))));
            }
            if (size < 0) {
                return Optional.empty();
            }
            file.skipNBytes(size);
        }
        return Optional.empty();
    }

    private static byte[] exactly(InputStream file, int size) throws IOException {
        byte[] bytes = file.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException();
        }
        return bytes;
    }

    /** What is cut off or has an impossible size ends the list. */
    private static List<Box> in(ByteBuffer content) {
        List<Box> boxes = new ArrayList<>();
        while (content.remaining() >= 8 && boxes.size() < MAX_BOXES) {
            long size = Integer.toUnsignedLong(content.getInt()) - 8;
            String type = type(content);
            if (size < 0 || size > content.remaining()) {
                break;
            }
            boxes.add(new Box(type, content.slice(content.position(), (int) size)));
            content.position(content.position() + (int) size);
        }
        return boxes;
    }

    private static String type(ByteBuffer buffer) {
        byte[] type = new byte[4];
        buffer.get(type);
        return new String(type, StandardCharsets.ISO_8859_1);
    }

    /** Reads the content of a box that may be shorter than it should be. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ByteBuffer content);
    }

    /** What a reader makes of a box; empty if the box is shorter than it should be. */
    static <T> Optional<T> read(Box box, Reader<T> reader) {
        try {
            return Optional.of(reader.read(box.content().slice()));
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            // cut off or damaged: then nothing is known
            return Optional.empty();
        }
    }
}
