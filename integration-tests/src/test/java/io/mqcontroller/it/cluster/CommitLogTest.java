package io.mqcontroller.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitLogTest {
    private static final int FILE_BYTES = 16;

    @TempDir
    private Path folder;

    /** A log of files that begin at this offset, of which everything from {@code end} on is zeros. */
    private CommitLog log(String name, int start, int end, int seed) throws IOException {
        Path log = Files.createDirectories(folder.resolve(name));
        for (int first = start; first <= end; first += FILE_BYTES) {
            byte[] bytes = new byte[FILE_BYTES];
            for (int i = 0; i < FILE_BYTES && first + i < end; i++) {
                bytes[i] = (byte) (1 + (first + i + seed) % 100);
            }
            Files.write(log.resolve("%020d".formatted(first)), bytes);
        }
        return new CommitLog(log);
    }

    @Test
    void endsBehindTheLastByteWritten() throws IOException {
        assertEquals(40, log("a", 0, 40, 0).end());
        assertEquals(32, log("b", 16, 32, 0).end(), "the next file is made before it is needed");
        assertEquals(16, new CommitLog(folder.resolve("b")).start());
    }

    @Test
    void hasNothingBeforeItsFolderIsThere() {
        CommitLog none = new CommitLog(folder.resolve("none"));
        assertEquals(0, none.start());
        assertEquals(0, none.end());
    }

    @Test
    void isTheSameUpToTheFirstByteThatDiffers() throws IOException {
        CommitLog master = log("master", 0, 40, 0);
        assertEquals(40, log("same", 0, 40, 0).firstDifference(master, 40));
        assertEquals(36, log("shorter", 0, 36, 0).firstDifference(master, 40));
        assertEquals(0, log("other", 0, 40, 1).firstDifference(master, 40));
    }

    @Test
    void comparesFromItsOwnFirstByteOn() throws IOException {
        CommitLog master = log("master", 0, 40, 0);
        assertEquals(40, log("late", 32, 40, 0).firstDifference(master, 40));
    }

    @Test
    void doesNotLookBehindTheGivenEnd() throws IOException {
        CommitLog master = log("master", 0, 36, 0);
        assertEquals(36, log("longer", 0, 40, 0).firstDifference(master, 36));
    }
}
