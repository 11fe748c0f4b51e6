package io.mqcontroller.controller.cli.ctl.snapshot;

import com.google.protobuf.ByteString;
import io.mqcontroller.proto.snapshot.ClusterSnapshotHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/**
 * Writes a snapshot to a file beside the wanted one, which gets its name when it is whole and on the disk: whatever interrupts
 * it, there is never a file of that name that is not whole.
 */
public final class SnapshotWriter implements AutoCloseable {
    private final Path file;
    private final Path unfinished;
    private final FileChannel channel;
    private final MessageDigest digest = ClusterSnapshot.sha256();
    private final OutputStream out;
    private boolean finished;

    /** @throws FileAlreadyExistsException if there is such a file */
    public SnapshotWriter(Path file, ClusterSnapshotHeader header) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        this.file = file;
        unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        channel = FileChannel.open(
                unfinished, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        out = new DigestOutputStream(Channels.newOutputStream(channel), digest);
        out.write(ClusterSnapshot.magic());
        header.writeDelimitedTo(out);
    }

    /** The next bytes of the content. */
    public synchronized void append(ByteString part) throws IOException {
        part.writeTo(out);
    }

    /** Durable, and under its name, on return. */
    public synchronized void finish() throws IOException {
        Channels.newOutputStream(channel).write(digest.digest());
        channel.force(true);
        channel.close();
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        Folders.sync(file.toAbsolutePath().getParent());
        finished = true;
    }

    /** Whether the file is there. After {@link #close} that does not change any more. */
    public synchronized boolean isFinished() {
        return finished;
    }

    /** Without {@link #finish}: forgets what was written. From any thread. */
    @Override
    public synchronized void close() throws IOException {
        channel.close();
        Files.deleteIfExists(unfinished);
    }
}
