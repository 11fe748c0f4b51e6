package io.mqcontroller.agent.rocketmq;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.rocketmq.store.RunningFlags;

/**
 * Whether a store would take a master's writes: the disk must take a byte, and RocketMQ must not have stopped taking messages of
 * its own accord, as it does long before the last byte is used. Only elections go by this. A slave with a problem copies on, as
 * far as it can, and stays in the SyncStateSet.
 */
final class StoreHealth {
    private final Path folder;
    private final Supplier<RunningFlags> flags;

    StoreHealth(Path folder, Supplier<RunningFlags> flags) {
        this.folder = folder;
        this.flags = flags;
    }

    /** Blocks as long as the disk does. */
    Optional<String> problem() {
        return failedWrite().or(this::refusal);
    }

    private Optional<String> failedWrite() {
        Path file = folder.resolve("agent-probe");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}));
            channel.force(false);
        } catch (IOException e) {
            return Optional.of("its store can't be written: " + e);
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException leftBehind) {
            // One byte; the next probe uses it again.
        }
        return Optional.empty();
    }

    private Optional<String> refusal() {
        RunningFlags now = flags.get();
        // Until its first role every broker is fenced, however its store is.
        if (now.isWriteable() || now.isFenced()) {
            return Optional.empty();
        }
        return Optional.of("RocketMQ takes no messages: " + cause(now));
    }

    /** Of the last two there is no telling apart; failed flushes are noted by 5.5 only. */
    private static String cause(RunningFlags flags) {
        if (flags.isLogicsQueueError()) {
            return "a consume queue could not be written";
        }
        if (flags.isIndexFileError()) {
            return "the index of messages could not be written";
        }
        return "its disk is fuller than diskSpaceWarningLevelRatio, or could not be flushed";
    }
}
