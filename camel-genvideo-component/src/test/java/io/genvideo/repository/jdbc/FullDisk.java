/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A file system of H2's on a disk that can be full: what a file has already can be written over, and a write that needs more
 * room than is left writes as much as fits and fails.
 */
public final class FullDisk extends FilePathWrapper {
    public static final String SCHEME = "fulldisk";

    private static volatile long room = Long.MAX_VALUE;

    public static void install() {
        room = Long.MAX_VALUE;
        FilePath.register(new FullDisk());
    }

    public static void uninstall() {
        FilePath.unregister(new FullDisk());
    }

    /** @param bytes by how much files may still grow together */
    public static void leave(long bytes) {
        room = bytes;
    }

    /** There is room for everything again. */
    public static void tidy() {
        room = Long.MAX_VALUE;
    }

    /** @return how many of the bytes there is room for */
    private static synchronized long grow(long bytes) {
        long granted = Math.min(bytes, room);
        room -= room == Long.MAX_VALUE ? 0 : granted;
        return granted;
    }

    private static synchronized void shrink(long bytes) {
        room += room == Long.MAX_VALUE ? 0 : bytes;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new Limited(super.open(mode));
    }

    private static final class Limited extends ForwardingFile {
        private Limited(FileChannel file) {
            super(file);
        }

        @Override
        public synchronized int write(ByteBuffer from, long position) throws IOException {
            long missing = Math.max(0, position + from.remaining() - file.size());
            long refused = missing - grow(missing);
            if (refused == 0) {
                return file.write(from, position);
            }
            ByteBuffer fits = from.duplicate();
            fits.limit((int) Math.max(fits.position(), fits.limit() - refused));
            if (fits.hasRemaining()) {
                file.write(fits, position);
            }
            throw new IOException("No space left on device");
        }

        @Override
        public synchronized FileChannel truncate(long size) throws IOException {
            shrink(Math.max(0, file.size() - size));
            file.truncate(size);
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            file.force(metaData);
        }
    }
}
