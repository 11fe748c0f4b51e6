package io.mqcontroller.raft.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A file that holds room on the store's disk for the moment when there is none: RocksDB needs some to get out of that, and so
 * do votes. For one thread.
 */
public final class DiskReserve {
    private static final int PIECE_BYTES = 1 << 20;
    private static final int PIECES_AT_ONCE = 4;
    /** Not zeros: some file systems keep no room for those. */
    private static final byte FILLING = 0x55;

    private final Path file;
    private final long bytes;

    /**
     * @param directory the folder of everything durable, which is there
     * @param bytes how much to keep; 0 keeps none, and then the disk is never called full before it is
     */
    public DiskReserve(Path directory, long bytes) {
        this.file = directory.toAbsolutePath().resolve("reserve");
        this.bytes = bytes;
    }

    /** What can be written now, without the reserve. */
    public long usableBytes() {
        return file.getParent().toFile().getUsableSpace();
    }

    public boolean isKept() {
        return missingBytes() == 0;
    }

    private long missingBytes() {
        return Math.max(0, bytes - file.toFile().length());
    }

    /** Whether there is so little room left, the reserve not counted, that nothing new should be begun. */
    public boolean isRunningOut() {
        return usableBytes() < bytes / 4;
    }

    /** Whether there is room for what is missing of the reserve, and to work beside it. */
    public boolean hasRoom() {
        return usableBytes() >= missingBytes() + bytes / 2;
    }

    /** Makes a part of what is missing: little enough that a vote may wait for it. */
    public void grow() throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        Arrays.fill(piece, FILLING);
        long missing = missingBytes();
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int i = 0; i < PIECES_AT_ONCE && missing > 0; i++) {
                out.write(piece, 0, (int) Math.min(piece.length, missing));
                missing -= piece.length;
            }
        }
    }

    /** Gives its room to whoever writes next. */
    public void free() throws IOException {
        Files.deleteIfExists(file);
    }
}
