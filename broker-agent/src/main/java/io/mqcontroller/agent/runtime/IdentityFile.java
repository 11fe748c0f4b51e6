package io.mqcontroller.agent.runtime;

import io.mqcontroller.agent.core.Identity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Who the broker is, on disk, in the two files of RocketMQ's own brokers: {@code cluster#brokerName#id}, and while the id is
 * applied for {@code cluster#brokerName#id#checkCode} in a file with the suffix {@code -temp}. So a broker can move to the agent
 * and back. What was stored is synced, the folder too.
 */
final class IdentityFile {
    private final Path file;
    private final Path temporary;

    IdentityFile(Path file) {
        this.file = file.toAbsolutePath();
        temporary = this.file.resolveSibling(file.getFileName() + "-temp");
    }

    /**
     * The final identity, else the one that is applied for, else nothing.
     *
     * @throws IOException if there is a file that can't be read or understood; a broker must not take a second identity then
     */
    Optional<Identity> read() throws IOException {
        if (Files.exists(file)) {
            return Optional.of(parse(file, 3));
        }
        return Files.exists(temporary) ? Optional.of(parse(temporary, 4)) : Optional.empty();
    }

    void store(Identity identity) throws IOException {
        String text = identity.cluster() + "#" + identity.brokerName() + "#" + identity.brokerId();
        if (identity.checkCode().isPresent()) {
            write(temporary, text + "#" + identity.checkCode().get());
        } else {
            write(file, text);
            Files.deleteIfExists(temporary);
        }
    }

    private static Identity parse(Path path, int parts) throws IOException {
        String[] part = Files.readString(path).strip().split("#", parts);
        try {
            if (part.length == parts) {
                Optional<String> checkCode = parts == 4 ? Optional.of(part[3]) : Optional.empty();
                return new Identity(part[0], part[1], Long.parseLong(part[2]), checkCode);
            }
        } catch (IllegalArgumentException notANumber) {
            // Told below, with what would be right.
        }
        throw new IOException(path + " does not hold cluster#brokerName#brokerId" + (parts == 4 ? "#checkCode" : "")
                + "; put it right, or remove it to get a new id");
    }

    private static void write(Path path, String text) throws IOException {
        Files.createDirectories(path.getParent());
        Path half = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                half, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(half, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
