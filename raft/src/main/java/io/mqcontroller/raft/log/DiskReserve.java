package io.mqcontroller.raft.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * A file that holds room on the store's disk for the moment when there is none: RocksDB needs some to get out of that, and so
 * do votes. For one thread.
 */
public final class DiskReserve {
    private static final int PIECE_BYTES = 1 << 20;
    /** Not zeros: some file systems keep no room for those. */
    private static final byte FILLING = 0x55;

    private final Path file;
    private final long bytes;

    /**
     * @param directory the folder of everything durable; made if it is not there
     * @param bytes how much to keep; 0 keeps none, and then the disk is never called full before it is
     */
    public DiskReserve(Path directory, long bytes) {
        this.file = directory.resolve("reserve");
        this.bytes = bytes;
    }

    /** What can be written now, without the reserve. */
    public long usableBytes() {
        return file.toAbsolutePath().getParent().toFile().getUsableSpace();
    }

    public boolean isKept() {
        return bytes == 0 || file.toFile().length() == bytes;
    }

    /** Whether there is so little room left that nothing new should be begun, the reserve not counted. */
    public boolean isRunningOut() {
        return usableBytes() < bytes / 4;
    }

    /** Whether there is room to keep the reserve, and to work beside it. */
    public boolean hasRoom() {
        return usableBytes() >= bytes / 2 + (isKept() ? 0 : bytes);
    }

    /** Makes the reserve, if it is not there as a whole. Blocks as long as writing it takes. */
    public void keep() throws IOException {
        if (isKept()) {
            return;
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path unfinished = file.resolveSibling("reserve.unfinished");
        byte[] piece = new byte[PIECE_BYTES];
        Arrays.fill(piece, FILLING);
        try (OutputStream out = Files.newOutputStream(unfinished)) {
            for (long left = bytes; left > 0; left -= piece.length) {
                out.write(piece, 0, (int) Math.min(piece.length, left));
            }
        } catch (IOException failed) {
            Files.deleteIfExists(unfinished);
            throw failed;
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Gives its room to whoever writes next. */
    public void free() throws IOException {
        Files.deleteIfExists(file);
    }
}
