/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A file system of H2's for one database file, as a disk is when its power may fail: what was written before the last
 * {@code force} is there, of later writes any may be there or not.
 */
public final class LossyDisk extends FilePathWrapper {
    static final String SCHEME = "lossy";

    private static byte[] durable = new byte[0];
    private static final List<Change> unforced = new ArrayList<>();
    private static Runnable beforeEachWrite = () -> {};

    /** A write; or the new end of the file, without bytes. */
    private record Change(long position, byte[] bytes) {}

    static void install(Runnable beforeEach) {
        durable = new byte[0];
        unforced.clear();
        beforeEachWrite = beforeEach;
        FilePath.register(new LossyDisk());
    }

    static void uninstall() {
        FilePath.unregister(new LossyDisk());
    }

    /** Writes what the disk may hold after the power has failed now. */
    static synchronized void failPower(Random random, Path image) throws IOException {
        byte[] disk = durable.clone();
        for (Change change : unforced) {
            if (random.nextBoolean()) {
                disk = applied(change, disk);
            }
        }
        Files.write(image, disk);
    }

    private static byte[] applied(Change change, byte[] disk) {
        if (change.bytes() == null) {
            return Arrays.copyOf(disk, (int) change.position());
        }
        int end = (int) change.position() + change.bytes().length;
        byte[] result = end > disk.length ? Arrays.copyOf(disk, end) : disk;
        System.arraycopy(change.bytes(), 0, result, (int) change.position(), change.bytes().length);
        return result;
    }

    private static void changed(Change change) {
        beforeEachWrite.run();
        synchronized (LossyDisk.class) {
            unforced.add(change);
        }
    }

    private static synchronized void forced() {
        unforced.forEach(change -> durable = applied(change, durable));
        unforced.clear();
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        FileChannel file = super.open(mode);
        return getName().endsWith(".mv.db") ? new Recording(file) : file;
    }

    private static final class Recording extends ForwardingFile {
        private Recording(FileChannel file) {
            super(file);
        }

        @Override
        public int write(ByteBuffer from, long position) throws IOException {
            byte[] bytes = new byte[from.remaining()];
            from.duplicate().get(bytes);
            changed(new Change(position, bytes));
            return file.write(from, position);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            if (size < file.size()) {
                changed(new Change(size, null));
            }
            file.truncate(size);
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            file.force(metaData);
            forced();
        }
    }
}
