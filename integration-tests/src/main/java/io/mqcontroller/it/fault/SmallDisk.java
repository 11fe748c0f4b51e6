package io.mqcontroller.it.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk of its own for a folder, small enough to be filled in a moment. It outlives the processes that write to it. Only in a
 * JVM that has its own mounts ({@code src/test/network/bin/java}), which go with it.
 */
public final class SmallDisk implements AutoCloseable {
    private static final int PIECE_BYTES = 64 << 10;

    private final Path folder;
    private final Path filler;

    private SmallDisk(Path folder) {
        this.folder = folder;
        this.filler = folder.resolve("filler");
    }

    /** Makes the folder, with a disk of this size in it. */
    public static SmallDisk mountAt(Path folder, int megabytes) {
        Network.requireOwn();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        NetworkCommand.run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "small-disk", folder.toString());
        return new SmallDisk(folder);
    }

    /** Writes until there is no room for one byte more, but what others free meanwhile. */
    public void fill() {
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] piece = new byte[PIECE_BYTES];
            while (true) {
                out.write(piece);
            }
        } catch (IOException full) {
            if (folder.toFile().getUsableSpace() >= PIECE_BYTES) {
                throw new UncheckedIOException("the disk is not full", full);
            }
        }
    }

    /** Takes back what {@link #fill} wrote. */
    public void makeRoom() {
        try {
            Files.deleteIfExists(filler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With all that is on it. Whoever had files open there should have ended. */
    @Override
    public void close() {
        NetworkCommand.run("umount", folder.toString());
    }
}
