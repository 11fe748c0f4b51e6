package io.mqcontroller.agent.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.rocketmq.store.RunningFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With RocketMQ's own flags, by which it refuses to store messages. */
class StoreHealthTest {
    @TempDir
    Path folder;

    private final RunningFlags flags = new RunningFlags();

    private Optional<String> problem() {
        return new StoreHealth(folder, () -> flags).problem();
    }

    /** Whatever makes RocketMQ refuse messages, and a word of what is said of it. */
    private enum Trouble {
        DISK_FULL(RunningFlags::getAndMakeDiskFull, "fuller"),
        DISK_OF_QUEUES_FULL(RunningFlags::getAndMakeLogicDiskFull, "fuller"),
        FLUSH_FAILED(RunningFlags::getAndMakeNotWriteable, "flushed"),
        QUEUE_FAILED(RunningFlags::makeLogicsQueueError, "queue"),
        INDEX_FAILED(RunningFlags::makeIndexFileError, "index");

        private final Consumer<RunningFlags> mark;
        private final String word;

        Trouble(Consumer<RunningFlags> mark, String word) {
            this.mark = mark;
            this.word = word;
        }
    }

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void storeThatRocketMqDoesNotWriteToIsAProblem(Trouble trouble) {
        trouble.mark.accept(flags);
        assertTrue(problem().orElseThrow().contains(trouble.word), problem().toString());
    }

    @Test
    void storeThatIsWrittenIsNone() {
        assertEquals(Optional.empty(), problem());
        assertEquals(0, folder.toFile().list().length, "the probe leaves nothing");
    }

    @Test
    void diskThatHasRoomAgainIsNone() {
        flags.getAndMakeDiskFull();
        flags.getAndMakeDiskOK();
        assertEquals(Optional.empty(), problem());
    }

    /** Otherwise no broker could have its first role. */
    @Test
    void fenceIsNone() {
        flags.makeFenced(true);
        assertEquals(Optional.empty(), problem());
    }

    @Test
    void diskThatTakesNoByteIsAProblem() {
        folder = folder.resolve("missing");
        assertTrue(
                problem().orElseThrow().contains("can't be written"), problem().toString());
    }
}
